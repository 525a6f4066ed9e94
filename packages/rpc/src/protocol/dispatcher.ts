import { HeddleError } from '@heddle/primitives';
import {
  CapacityError,
  ForbiddenError,
  InternalError,
  InvalidParamsError,
  InvalidRequestError,
  MethodNotFoundError,
  ParseError,
  RpcError,
} from '../errors.ts';
import type { JsonValue, RawJson } from '../json.ts';
import { ITEM_BYTES, LONG_MESSAGE_LENGTH, MAX_REQUESTS_AT_ONCE } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import { enterTurn } from '../slices.ts';
import { abortReason } from './abort.ts';
import { encodeError, encodeResult } from './answer.ts';
import { answerBatch } from './batch.ts';
import type { ByteHolder, Hold } from './byte-budget.ts';
import type { Method, MethodTable, Session } from './method.ts';
import { Params } from './params.ts';
import type { RpcRequest } from './request.ts';
import { parseRequest, readId } from './request.ts';
import { checkTextShape } from './text-shape.ts';

/** What to send back for one message, and what to do once it is sent. */
export interface Reply {
  /** null: the message held notifications only. */
  readonly text: string | null;
  readonly afterSent: readonly (() => void)[];
  /** Resolves when the text may be sent: the work is done, but its author wants to wait for something. Never rejects. */
  readonly sendable: Promise<unknown>;
  /** Counts the text's memory until it is released: do it when the text is written, or nobody is there to read it. */
  readonly hold: Hold;
}

/** Who sent a message. */
export interface Client {
  readonly session: Session;
  /** Aborted with a ClientGoneError when nobody reads the answer any more. */
  readonly signal: AbortSignal;
  /** What is held for it in memory. */
  readonly answers: ByteHolder;
}

/** Turns the text of one message (a request or a batch) into the text of its answer. Never throws. */
export interface Dispatcher {
  answer(text: string, client: Client): Promise<Reply>;
}

export function createDispatcher(table: MethodTable, observer: RpcObserver): Dispatcher {
  const shared: Shared = { methods: new Map(Object.entries(table)), observer, requests: 0 };
  return {
    async answer(text, client) {
      const work: Work = { shared, client, hold: client.answers.open(), afterSent: [], heldBy: [] };
      await enterTurn(text.length > LONG_MESSAGE_LENGTH);
      const answer = client.signal.aborted ? null : await answerText(text, work);
      return { text: answer, afterSent: work.afterSent, sendable: Promise.all(work.heldBy), hold: work.hold };
    },
  };
}

interface Shared {
  readonly methods: ReadonlyMap<string, Method>;
  readonly observer: RpcObserver;
  /** Under way now, of all clients. */
  requests: number;
}

/** One message's. */
interface Work {
  readonly shared: Shared;
  readonly client: Client;
  readonly hold: Hold;
  readonly afterSent: (() => void)[];
  readonly heldBy: Promise<void>[];
}

async function answerText(text: string, work: Work): Promise<string | null> {
  let message: unknown;
  try {
    checkTextShape(text);
    message = JSON.parse(text);
  } catch (error) {
    if (error instanceof InvalidRequestError) return encodeError(null, error);
    return encodeError(null, new ParseError(error instanceof Error ? error.message : 'not JSON'));
  }
  const { signal } = work.client;
  return Array.isArray(message)
    ? answerBatch(message, signal, (item, batchSignal) => answerOne(item, work, batchSignal))
    : answerOne(message, work, signal);
}

async function answerOne(message: unknown, work: Work, signal: AbortSignal): Promise<string | null> {
  const { observer, methods } = work.shared;
  let request: RpcRequest;
  try {
    request = parseRequest(message);
  } catch (error) {
    // Not a request at all: answered even without an id, so that the client learns what is wrong (JSON-RPC 2.0, 5).
    return encodeError(readId(message) ?? null, toRpcError(error, 'unknown', observer));
  }
  const { id } = request;
  const started = performance.now();
  const found = methods.get(request.method);
  const label = found === undefined ? 'unknown' : request.method;
  try {
    const text = await answerRequest(found, request, work, signal);
    observer.requestDone(label, null, performance.now() - started);
    return text;
  } catch (error) {
    const rpcError = stopped(error, signal) ?? toRpcError(error, label, observer);
    observer.requestDone(label, rpcError.rpcCode, performance.now() - started);
    return id === undefined ? null : encodeError(id, rpcError);
  }
}

async function answerRequest(
  found: Method | undefined,
  request: RpcRequest,
  work: Work,
  signal: AbortSignal,
): Promise<string | null> {
  const { shared } = work;
  if (shared.requests >= MAX_REQUESTS_AT_ONCE) {
    throw new CapacityError(
      `too many requests at once: this node works on ${MAX_REQUESTS_AT_ONCE}; ask again in a moment`,
    );
  }
  const room = work.client.answers.open();
  shared.requests += 1;
  try {
    // When there is no room for an answer, nothing is worked out for it.
    room.take(ITEM_BYTES);
    const result = await run(found, request, work, room, signal);
    // JSON.stringify is part of the time: for large answers it is most of it.
    const text = request.id === undefined ? null : await encodeResult(request.id, result, signal);
    room.release();
    if (text !== null) work.hold.take(text.length);
    return text;
  } finally {
    shared.requests -= 1;
    room.release();
  }
}

async function run(
  found: Method | undefined,
  request: RpcRequest,
  work: Work,
  room: Hold,
  signal: AbortSignal,
): Promise<JsonValue | RawJson> {
  if (found === undefined) throw new MethodNotFoundError(request.method);
  const { session } = work.client;
  if (found.access === 'control' && session.controlRefusal !== null) {
    throw new ForbiddenError(`${request.method} ${session.controlRefusal}`);
  }
  if (request.params.length > found.maxParams) {
    throw new InvalidParamsError(`too many arguments, want at most ${found.maxParams}`);
  }
  return found.run(new Params(request.params), {
    session,
    signal,
    takeRoom: (bytes) => room.take(bytes),
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
