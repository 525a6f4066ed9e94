import type { Eventual } from '../eventual.ts';
import type { JsonValue } from '../json.ts';
import type { JsonText } from '../json-text.ts';
import type { SubscriptionSink } from '../subscriptions/sink.ts';
import type { Params } from './params.ts';

/** The connection that a request came on, as far as a method may know it. */
export interface Session {
  /** Why control methods are refused to it, to go after the method's name; null when they are not. */
  readonly controlRefusal: string | null;
  /** Where notifications go; null over HTTP. */
  readonly sink: SubscriptionSink | null;
}

/** One request's surroundings. */
export interface RequestContext {
  readonly session: Session;
  /**
   * Aborted when nobody is there any more to read the answer, or when the time of its batch is used up; the reason is
   * the RpcError that the request is answered with. Long work stops then: it throws the reason.
   */
  readonly signal: AbortSignal;
  /**
   * Call it before an answer takes shape that may get large: with about what it will take as JSON, at once or part by
   * part. Throws CapacityError when the answers of all clients together would hold too much memory.
   */
  takeRoom(bytes: number): void;
  /** Runs `task` once the answer has been handed to the socket: what it sends is read after the answer. */
  afterAnswer(task: () => void): void;
  /** Holds the answer back until `done` resolves; the requests of a batch wait together. It must not reject. */
  answerAfter(done: Promise<void>): void;
}

/** What long work on an answer keeps an eye on: whether anybody waits for it, and the room that it takes. */
export type AnswerWork = Pick<RequestContext, 'signal' | 'takeRoom'>;

/**
 * Who may call a method. `public`: everybody who may talk to the server. `control`: it changes the network or signs with
 * a key of the node, so not a web page of any origin, nor other machines unless the operator allows it.
 */
export type MethodAccess = 'public' | 'control';

export interface Method {
  readonly access: MethodAccess;
  /** More parameters than this are refused. */
  readonly maxParams: number;
  /**
   * Throws an RpcError for a user's mistake; anything else that it throws is a bug of this node. A result that needs no
   * waiting is returned as it is: then nothing of the request waits for a promise.
   */
  readonly run: (params: Params, context: RequestContext) => Eventual<JsonValue | JsonText>;
}

/** Methods by name. */
export type MethodTable = Readonly<Record<string, Method>>;

/** A method that reads, or sends what its user has signed. */
export function method(maxParams: number, run: Method['run']): Method {
  return { access: 'public', maxParams, run };
}

/**
 * A method that changes anything else: the devnet's state, its time, its validators, or what its unlocked keys sign. The
 * families that exist for that (`anvil_`, `evm_`, `hardhat_`, `heddle_`, `personal_`) are so as a whole.
 */
export function controlMethod(maxParams: number, run: Method['run']): Method {
  return { access: 'control', maxParams, run };
}
