import {
  InternalError,
  InvalidParamsError,
  InvalidRequestError,
  MethodNotFoundError,
  ParseError,
  ResponseTooLargeError,
  RpcError,
} from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { MAX_BATCH_ITEMS, MAX_RESPONSE_LENGTH } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import { createSlicer } from '../slices.ts';
import { encodeError, encodeResult } from './answer.ts';
import type { Method, MethodTable, Session } from './method.ts';
import { Params } from './params.ts';
import type { RpcRequest } from './request.ts';
import { parseRequest, readId } from './request.ts';

/** What to send back for one message, and what to do once it is sent. */
interface Reply {
  /** null: the message held notifications only. */
  readonly text: string | null;
  readonly afterSent: readonly (() => void)[];
  /** Resolves when the text may be sent: the work is done, but its author wants to wait for something. Never rejects. */
  readonly sendable: Promise<unknown>;
}

/** Turns the text of one message (a request or a batch) into the text of its answer. Never throws. */
export interface Dispatcher {
  answer(text: string, session: Session): Promise<Reply>;
}

export function createDispatcher(table: MethodTable, observer: RpcObserver): Dispatcher {
  const methods = new Map(Object.entries(table));
  return {
    async answer(text, session) {
      const work: Work = { methods, observer, session, afterSent: [], heldBy: [] };
      const answer = await answerText(text, work);
      return { text: answer, afterSent: work.afterSent, sendable: Promise.all(work.heldBy) };
    },
  };
}

interface Work {
  readonly methods: ReadonlyMap<string, Method>;
  readonly observer: RpcObserver;
  readonly session: Session;
  readonly afterSent: (() => void)[];
  readonly heldBy: Promise<void>[];
}

async function answerText(text: string, work: Work): Promise<string | null> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return encodeError(null, new ParseError(error instanceof Error ? error.message : 'not JSON'));
  }
  return Array.isArray(message) ? answerBatch(message, work) : answerOne(message, work);
}

/** In the order of the batch, one after the other: what a request wrote, the next one can read. */
async function answerBatch(items: readonly unknown[], work: Work): Promise<string | null> {
  if (items.length === 0) return encodeError(null, new InvalidRequestError('empty batch'));
  if (items.length > MAX_BATCH_ITEMS) {
    const reason = `batch too large: ${items.length} requests, at most ${MAX_BATCH_ITEMS} are taken at once`;
    return encodeError(null, new InvalidRequestError(reason));
  }
  const answers: string[] = [];
  let length = 0;
  const slice = createSlicer();
  for (const item of items) {
    // Past the limit nothing more is executed: work whose result can't be sent would be done for nothing.
    const answer = length > MAX_RESPONSE_LENGTH ? refuseLength(item) : await answerOne(item, work);
    await slice();
    if (answer === null) continue;
    length += answer.length + 1;
    answers.push(length > MAX_RESPONSE_LENGTH ? (refuseLength(item) ?? answer) : answer);
  }
  return answers.length === 0 ? null : `[${answers.join(',')}]`;
}

function refuseLength(item: unknown): string | null {
  const id = readId(item);
  return id === undefined ? null : encodeError(id, new ResponseTooLargeError(MAX_RESPONSE_LENGTH));
}

async function answerOne(message: unknown, work: Work): Promise<string | null> {
  let request: RpcRequest;
  try {
    request = parseRequest(message);
  } catch (error) {
    // Not a request at all: answered even without an id, so that the client learns what is wrong (JSON-RPC 2.0, 5).
    return encodeError(readId(message) ?? null, toRpcError(error, 'unknown', work.observer));
  }
  const { id } = request;
  const started = performance.now();
  const found = work.methods.get(request.method);
  const label = found === undefined ? 'unknown' : request.method;
  try {
    const result = await run(found, request, work);
    // JSON.stringify is part of the time: for large answers it is most of it.
    const text = id === undefined ? null : await encodeResult(id, result);
    work.observer.requestDone(label, null, performance.now() - started);
    return text;
  } catch (error) {
    const rpcError = toRpcError(error, label, work.observer);
    work.observer.requestDone(label, rpcError.rpcCode, performance.now() - started);
    return id === undefined ? null : encodeError(id, rpcError);
  }
}

async function run(found: Method | undefined, request: RpcRequest, work: Work): Promise<JsonValue> {
  if (found === undefined) throw new MethodNotFoundError(request.method);
  if (request.params.length > found.maxParams) {
    throw new InvalidParamsError(`too many arguments, want at most ${found.maxParams}`);
  }
  return found.run(new Params(request.params), {
    session: work.session,
    afterAnswer: (task) => {
      work.afterSent.push(task);
    },
    answerAfter: (done) => {
      work.heldBy.push(done);
    },
  });
}

function toRpcError(error: unknown, label: string, observer: RpcObserver): RpcError {
  if (error instanceof RpcError) return error;
  observer.internalError(label, error);
  return new InternalError();
}
