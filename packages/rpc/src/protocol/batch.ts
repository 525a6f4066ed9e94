import { InvalidRequestError, ResponseTooLargeError, type RpcError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import { jsonList } from '../json-text.ts';
import { MAX_BATCH_ITEMS, MAX_RESPONSE_LENGTH, WRITTEN_AT_ONCE } from '../limits.ts';
import { pauseLongWork } from '../slices.ts';
import type { Stop } from './abort.ts';
import { type AnswerText, encodeError } from './answer.ts';
import { BatchTime } from './batch-time.ts';
import { readId } from './request.ts';

/** Answers one item of a batch; null when it is a notification. Never throws. */
export type AnswerItem = (item: unknown, stop: Stop) => Eventual<AnswerText | null>;

/**
 * The answer to a batch; null when nothing of it is answered. Its requests run in order, one after the other: what one
 * wrote, the next one can read. Past a limit nothing more is executed, and what is left is refused item by item: work
 * whose result can't be sent would be done for nothing. `client` is aborted when the client is gone; then nobody reads
 * what is returned.
 */
export function answerBatch(
  items: readonly unknown[],
  client: AbortSignal,
  answerItem: AnswerItem,
): Eventual<AnswerText | null> {
  if (items.length === 0) return encodeError(null, new InvalidRequestError('empty batch'));
  if (items.length > MAX_BATCH_ITEMS) {
    const reason = `batch too large: ${items.length} requests, at most ${MAX_BATCH_ITEMS} are taken at once`;
    return encodeError(null, new InvalidRequestError(reason));
  }
  return new Batch(items, new BatchTime(client), answerItem).answer();
}

class Batch {
  readonly #items: readonly unknown[];
  readonly #time: BatchTime;
  readonly #answerItem: AnswerItem;
  readonly #answers: AnswerText[] = [];
  /** The item that is next. */
  #at = 0;
  #length = 0;
  /** Why the rest is refused, as far as it is known: it changes only while something is waited for. */
  #refusal: RpcError | null;

  constructor(items: readonly unknown[], time: BatchTime, answerItem: AnswerItem) {
    this.#items = items;
    this.#time = time;
    this.#answerItem = answerItem;
    this.#refusal = time.reason();
  }

  answer(): Eventual<AnswerText | null> {
    const pending = this.#advance();
    return pending === null ? this.#end() : this.#later(pending);
  }

  async #later(first: Promise<void>): Promise<AnswerText | null> {
    for (let pending: Promise<void> | null = first; pending !== null; pending = this.#advance()) {
      await pending;
      await (pauseLongWork() ?? undefined);
      this.#refusal ??= this.#time.reason();
    }
    return this.#end();
  }

  /** Answers item after item, until something has to be waited for; null at the end. */
  #advance(): Promise<void> | null {
    while (this.#at < this.#items.length) {
      const item = this.#items[this.#at];
      this.#at += 1;
      const refusal = this.#refusal;
      const answer = refusal === null ? this.#answerItem(item, this.#time) : refuse(item, refusal);
      if (answer instanceof Promise) return answer.then((text) => this.#add(item, text));
      this.#add(item, answer);
      const pause = pauseLongWork();
      if (pause !== null) return pause;
    }
    return null;
  }

  #add(item: unknown, answer: AnswerText | null): void {
    if (answer === null) return;
    this.#length += answer.length + 1;
    if (this.#length <= MAX_RESPONSE_LENGTH) {
      this.#answers.push(answer);
      return;
    }
    const tooLarge = new ResponseTooLargeError(MAX_RESPONSE_LENGTH);
    this.#refusal = tooLarge;
    this.#answers.push(refuse(item, tooLarge) ?? answer);
  }

  #end(): AnswerText | null {
    this.#time.end();
    if (this.#answers.length === 0) return null;
    const isShort = this.#length <= WRITTEN_AT_ONCE && this.#answers.every((answer) => typeof answer === 'string');
    return isShort ? `[${this.#answers.join(',')}]` : jsonList(this.#answers);
  }
}

function refuse(item: unknown, error: RpcError): string | null {
  const id = readId(item);
  return id === undefined ? null : encodeError(id, error);
}
