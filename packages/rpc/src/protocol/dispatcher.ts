import { HeddleError } from '@heddle/primitives';
import { InternalError, InvalidParamsError, MethodNotFoundError, ParseError, RpcError } from '../errors.ts';
import type { JsonValue, RawJson } from '../json.ts';
import type { RpcObserver } from '../observer.ts';
import { abortReason } from './abort.ts';
import { encodeError, encodeResult } from './answer.ts';
import { answerBatch } from './batch.ts';
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

/**
 * Turns the text of one message (a request or a batch) into the text of its answer. `client` is aborted with a
 * ClientGoneError when nobody reads the answer any more. Never throws.
 */
export interface Dispatcher {
  answer(text: string, session: Session, client: AbortSignal): Promise<Reply>;
}

export function createDispatcher(table: MethodTable, observer: RpcObserver): Dispatcher {
  const methods = new Map(Object.entries(table));
  return {
    async answer(text, session, client) {
      const work: Work = { methods, observer, session, afterSent: [], heldBy: [] };
      const answer = await answerText(text, work, client);
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

async function answerText(text: string, work: Work, client: AbortSignal): Promise<string | null> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return encodeError(null, new ParseError(error instanceof Error ? error.message : 'not JSON'));
  }
  return Array.isArray(message)
    ? answerBatch(message, client, (item, signal) => answerOne(item, work, signal))
    : answerOne(message, work, client);
}

async function answerOne(message: unknown, work: Work, signal: AbortSignal): Promise<string | null> {
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
    const result = await run(found, request, work, signal);
    // JSON.stringify is part of the time: for large answers it is most of it.
    const text = id === undefined ? null : await encodeResult(id, result);
    work.observer.requestDone(label, null, performance.now() - started);
    return text;
  } catch (error) {
    const rpcError = stopped(error, signal) ?? toRpcError(error, label, work.observer);
    work.observer.requestDone(label, rpcError.rpcCode, performance.now() - started);
    return id === undefined ? null : encodeError(id, rpcError);
  }
}

async function run(
  found: Method | undefined,
  request: RpcRequest,
  work: Work,
  signal: AbortSignal,
): Promise<JsonValue | RawJson> {
  if (found === undefined) throw new MethodNotFoundError(request.method);
  if (request.params.length > found.maxParams) {
    throw new InvalidParamsError(`too many arguments, want at most ${found.maxParams}`);
  }
  return found.run(new Params(request.params), {
    session: work.session,
    signal,
    afterAnswer: (task) => {
      work.afterSent.push(task);
    },
    answerAfter: (done) => {
      work.heldBy.push(done);
    },
  });
}

/** Work that was told to stop may say so in an error of its own layer: the client learns the reason for it. */
function stopped(error: unknown, signal: AbortSignal): RpcError | null {
  return error instanceof HeddleError && !(error instanceof RpcError) ? abortReason(signal) : null;
}

function toRpcError(error: unknown, label: string, observer: RpcObserver): RpcError {
  if (error instanceof RpcError) return error;
  observer.internalError(label, error);
  return new InternalError();
}
