import { BatchTimeoutError, InvalidRequestError, ResponseTooLargeError, type RpcError } from '../errors.ts';
import { MAX_BATCH_ITEMS, MAX_BATCH_MS, MAX_RESPONSE_LENGTH } from '../limits.ts';
import { createSlicer } from '../slices.ts';
import { abortReason } from './abort.ts';
import { encodeError } from './answer.ts';
import { readId } from './request.ts';

/** Answers one item of a batch; null when it is a notification. Never rejects. */
export type AnswerItem = (item: unknown, signal: AbortSignal) => Promise<string | null>;

/**
 * The answer to a batch; null when nothing of it is answered. Its requests run in order, one after the other: what one
 * wrote, the next one can read. Past a limit nothing more is executed, and what is left is refused item by item: work
 * whose result can't be sent would be done for nothing. `client` is aborted when the client is gone; then nobody reads
 * what is returned.
 */
export async function answerBatch(
  items: readonly unknown[],
  client: AbortSignal,
  answerItem: AnswerItem,
): Promise<string | null> {
  if (items.length === 0) return encodeError(null, new InvalidRequestError('empty batch'));
  if (items.length > MAX_BATCH_ITEMS) {
    const reason = `batch too large: ${items.length} requests, at most ${MAX_BATCH_ITEMS} are taken at once`;
    return encodeError(null, new InvalidRequestError(reason));
  }
  const time = new BatchTime(client);
  try {
    return await answerItems(items, time.signal, answerItem);
  } finally {
    time.end();
  }
}

async function answerItems(
  items: readonly unknown[],
  signal: AbortSignal,
  answerItem: AnswerItem,
): Promise<string | null> {
  const answers: string[] = [];
  let length = 0;
  const slice = createSlicer();
  const tooLarge = new ResponseTooLargeError(MAX_RESPONSE_LENGTH);
  for (const item of items) {
    const refusal = length > MAX_RESPONSE_LENGTH ? tooLarge : abortReason(signal);
    const answer = refusal === null ? await answerItem(item, signal) : refuse(item, refusal);
    await slice();
    if (answer === null) continue;
    length += answer.length + 1;
    answers.push(length > MAX_RESPONSE_LENGTH ? (refuse(item, tooLarge) ?? answer) : answer);
  }
  return answers.length === 0 ? null : `[${answers.join(',')}]`;
}

function refuse(item: unknown, error: RpcError): string | null {
  const id = readId(item);
  return id === undefined ? null : encodeError(id, error);
}

/** Aborts its signal with an RpcError when the time of a batch is over or its client is gone. */
class BatchTime {
  readonly #controller = new AbortController();
  readonly #client: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #onGone = (): void => this.#controller.abort(this.#client.reason);

  constructor(client: AbortSignal) {
    this.#client = client;
    this.#timer = setTimeout(() => this.#controller.abort(new BatchTimeoutError(MAX_BATCH_MS)), MAX_BATCH_MS);
    this.#timer.unref();
    if (client.aborted) this.#onGone();
    else client.addEventListener('abort', this.#onGone, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#client.removeEventListener('abort', this.#onGone);
  }
}
