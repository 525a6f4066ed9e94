import type { JsonValue } from '../json.ts';
import type { SubscriptionSink } from '../subscriptions/sink.ts';
import type { Params } from './params.ts';

/** The connection that a request came on, as far as a method may know it. */
export interface Session {
  /** From this machine, and not through a proxy. */
  readonly loopback: boolean;
  /** Where notifications go; null over HTTP. */
  readonly sink: SubscriptionSink | null;
}

/** One request's surroundings. */
export interface RequestContext {
  readonly session: Session;
  /** Runs `task` once the answer has been handed to the socket: what it sends is read after the answer. */
  afterAnswer(task: () => void): void;
  /** Holds the answer back until `done` resolves; the requests of a batch wait together. It must not reject. */
  answerAfter(done: Promise<void>): void;
}

export interface Method {
  /** More parameters than this are refused. */
  readonly maxParams: number;
  /** Throws an RpcError for a user's mistake; anything else that it throws is a bug of this node. */
  readonly run: (params: Params, context: RequestContext) => JsonValue | Promise<JsonValue>;
}

/** Methods by name. */
export type MethodTable = Readonly<Record<string, Method>>;

export function method(maxParams: number, run: Method['run']): Method {
  return { maxParams, run };
}
