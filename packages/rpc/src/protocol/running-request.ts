import { HeddleError } from '@heddle/primitives';
import {
  CapacityError,
  ForbiddenError,
  InternalError,
  InvalidParamsError,
  MethodNotFoundError,
  RpcError,
} from '../errors.ts';
import { after, type Eventual } from '../eventual.ts';
import type { JsonValue } from '../json.ts';
import type { JsonText } from '../json-text.ts';
import { ITEM_BYTES, MAX_REQUESTS_AT_ONCE } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { Stop } from './abort.ts';
import { type AnswerText, encodeError, encodeResult } from './answer.ts';
import type { ByteHolder, Hold } from './byte-budget.ts';
import type { Method, RequestContext, Session } from './method.ts';
import { Params } from './params.ts';
import type { RpcRequest } from './request.ts';
import { roughSize } from './rough-size.ts';

/** Who sent a message. */
export interface Client {
  readonly session: Session;
  /** Aborted with a ClientGoneError when nobody reads the answer any more. */
  readonly signal: AbortSignal;
  /** What is held for it in memory. */
  readonly answers: ByteHolder;
}

/** What all requests of a server share. */
export interface Shared {
  readonly methods: ReadonlyMap<string, Method>;
  readonly observer: RpcObserver;
  /** Under way now, of all clients. */
  requests: number;
}

/** One message's. */
export interface Work {
  readonly shared: Shared;
  readonly client: Client;
  readonly hold: Hold;
  readonly afterSent: (() => void)[];
  readonly heldBy: Promise<void>[];
}

/**
 * One request, from its being read to the text of its answer. What its method asks for of its surroundings is made when
 * it asks: most are answered at once, and ask for nothing.
 */
export class RunningRequest implements RequestContext {
  readonly #request: RpcRequest;
  readonly #work: Work;
  readonly #stop: Stop;
  readonly #room: Hold;
  readonly #method: Method | undefined;
  readonly #startedMs: number;

  constructor(request: RpcRequest, work: Work, stop: Stop) {
    this.#request = request;
    this.#work = work;
    this.#stop = stop;
    this.#room = work.client.answers.open();
    this.#method = work.shared.methods.get(request.method);
    this.#startedMs = work.shared.observer.requestDone === null ? 0 : performance.now();
  }

  get session(): Session {
    return this.#work.client.session;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  // Methods take these out of their context, so they come bound.
  get takeRoom(): RequestContext['takeRoom'] {
    return (bytes) => this.#room.take(bytes);
  }

  get afterAnswer(): RequestContext['afterAnswer'] {
    return (task) => {
      this.#work.afterSent.push(task);
    };
  }

  get answerAfter(): RequestContext['answerAfter'] {
    return (done) => {
      this.#work.heldBy.push(done);
    };
  }

  /** Once. The answer's text; null for a notification. Neither throws nor rejects. */
  answer(): Eventual<AnswerText | null> {
    const { shared } = this.#work;
    if (shared.requests >= MAX_REQUESTS_AT_ONCE) return this.#report(tooMany());
    shared.requests += 1;
    try {
      // When there is no room for an answer, nothing is worked out for it.
      this.#room.take(ITEM_BYTES);
      const text = after(this.#run(), (result) => this.#encode(result));
      return text instanceof Promise ? this.#later(text) : this.#finish(text);
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #later(pending: Promise<AnswerText | null>): Promise<AnswerText | null> {
    try {
      return this.#finish(await pending);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #run(): Eventual<JsonValue | JsonText> {
    const method = this.#method;
    const { method: name, params } = this.#request;
    if (method === undefined) throw new MethodNotFoundError(name);
    const { controlRefusal } = this.session;
    if (method.access === 'control' && controlRefusal !== null) throw new ForbiddenError(`${name} ${controlRefusal}`);
    if (params.length > method.maxParams) {
      throw new InvalidParamsError(`too many arguments, want at most ${method.maxParams}`);
    }
    return method.run(new Params(params), this);
  }

  #encode(result: JsonValue | JsonText): Eventual<AnswerText | null> {
    const isShort = typeof result === 'string' && result.length < ITEM_BYTES;
    if (!isShort) this.#room.take(roughSize(result));
    // JSON.stringify is part of the time: for large answers it is most of it.
    return this.#request.id === undefined ? null : encodeResult(this.#request.id, result, this.#stop);
  }

  /** Throws CapacityError when there is no room for the answer until it is sent. */
  #finish(text: AnswerText | null): AnswerText | null {
    const { hold, shared } = this.#work;
    this.#room.release();
    if (text !== null) hold.take(text.length);
    shared.requests -= 1;
    this.#tell(null);
    return text;
  }

  #fail(error: unknown): string | null {
    const { shared } = this.#work;
    this.#room.release();
    shared.requests -= 1;
    return this.#report(this.#stopped(error) ?? toRpcError(error, this.#label, shared.observer));
  }

  /** Work that was told to stop may say so in an error of its own layer: the client learns the reason for it. */
  #stopped(error: unknown): RpcError | null {
    return error instanceof HeddleError && !(error instanceof RpcError) ? this.#stop.reason() : null;
  }

  #report(error: RpcError): string | null {
    const { id } = this.#request;
    this.#tell(error.rpcCode);
    return id === undefined ? null : encodeError(id, error);
  }

  #tell(rpcCode: number | null): void {
    const { requestDone } = this.#work.shared.observer;
    if (requestDone !== null) requestDone(this.#label, rpcCode, performance.now() - this.#startedMs);
  }

  /** Names that clients make up are none for a metric. */
  get #label(): string {
    return this.#method === undefined ? 'unknown' : this.#request.method;
  }
}

function tooMany(): CapacityError {
  return new CapacityError(
    `too many requests at once: this node works on ${MAX_REQUESTS_AT_ONCE}; ask again in a moment`,
  );
}

export function toRpcError(error: unknown, label: string, observer: RpcObserver): RpcError {
  if (error instanceof RpcError) return error;
  observer.internalError(label, error);
  return new InternalError();
}
