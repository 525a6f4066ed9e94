import { InvalidRequestError, ParseError } from '../errors.ts';
import { after, type Eventual } from '../eventual.ts';
import { JsonText } from '../json-text.ts';
import { LONG_MESSAGE_LENGTH } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import { enterTurn } from '../slices.ts';
import { ClientStop, type Stop } from './abort.ts';
import { type AnswerText, encodeError } from './answer.ts';
import { answerBatch } from './batch.ts';
import type { Hold } from './byte-budget.ts';
import type { MethodTable } from './method.ts';
import type { RpcRequest } from './request.ts';
import { parseRequest, readId } from './request.ts';
import { type Client, RunningRequest, type Shared, toRpcError, type Work } from './running-request.ts';
import { checkTextShape } from './text-shape.ts';

/** What to send back for one message, and what to do once it is sent. */
export interface Reply {
  /** null: the message held notifications only. */
  readonly text: JsonText | null;
  readonly afterSent: readonly (() => void)[];
  /**
   * Resolves when the text may be sent: the work is done, but its author wants to wait for something. Never rejects. Null
   * when it may be sent at once.
   */
  readonly sendable: Promise<unknown> | null;
  /** Counts the text's memory until it is released: do it when the text is written, or nobody is there to read it. */
  readonly hold: Hold;
}

/**
 * Turns the text of one message (a request or a batch) into the text of its answer. Neither throws nor rejects. The reply is
 * there at once when all of its methods answer at once and it is the message's turn.
 */
export interface Dispatcher {
  answer(text: string, client: Client): Eventual<Reply>;
}

export function createDispatcher(table: MethodTable, observer: RpcObserver): Dispatcher {
  const shared: Shared = { methods: new Map(Object.entries(table)), observer, requests: 0 };
  return {
    answer(text, client) {
      const work: Work = { shared, client, hold: client.answers.open(), afterSent: [], heldBy: [] };
      const turn = enterTurn(text.length > LONG_MESSAGE_LENGTH);
      const answer = turn === null ? answerText(text, work) : turn.then(() => answerText(text, work));
      return after(answer, (answered) => replyOf(answered, work));
    },
  };
}

function replyOf(answer: AnswerText | null, { afterSent, heldBy, hold }: Work): Reply {
  const text = typeof answer === 'string' ? JsonText.of(answer) : answer;
  return { text, afterSent, sendable: heldBy.length === 0 ? null : Promise.all(heldBy), hold };
}

function answerText(text: string, work: Work): Eventual<AnswerText | null> {
  const { signal } = work.client;
  if (signal.aborted) return null;
  let message: unknown;
  try {
    checkTextShape(text);
    message = JSON.parse(text);
  } catch (error) {
    if (error instanceof InvalidRequestError) return encodeError(null, error);
    return encodeError(null, new ParseError(error instanceof Error ? error.message : 'not JSON'));
  }
  return Array.isArray(message)
    ? answerBatch(message, signal, (item, stop) => answerOne(item, work, stop))
    : answerOne(message, work, new ClientStop(signal));
}

function answerOne(message: unknown, work: Work, stop: Stop): Eventual<AnswerText | null> {
  let request: RpcRequest;
  try {
    request = parseRequest(message);
  } catch (error) {
    // Not a request at all: answered even without an id, so that the client learns what is wrong (JSON-RPC 2.0, 5).
    return encodeError(readId(message) ?? null, toRpcError(error, 'unknown', work.shared.observer));
  }
  return new RunningRequest(request, work, stop).answer();
}
