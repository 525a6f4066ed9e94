import type { Socket } from 'node:net';
import { ClientGoneError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import type { JsonText } from '../json-text.ts';
import { KEEP_ALIVE_MS, WRITTEN_AT_ONCE } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { Dispatcher, Reply } from '../protocol/dispatcher.ts';
import type { Client } from '../protocol/running-request.ts';
import type { Access } from './access.ts';
import { cutSlowReader, cutUnlessRead } from './cut-slow-reader.ts';
import { type PlainRequest, PlainRequestReader } from './plain-request.ts';
import { writeInParts } from './write-in-parts.ts';

/** What plain connections need of the server. */
export interface PlainParts {
  readonly dispatcher: Dispatcher;
  readonly access: Access;
  readonly answers: Client['answers'];
  readonly observer: RpcObserver;
  /** From connecting to the end of the first request, milliseconds. */
  readonly requestTimeoutMs: number;
  /** Goes on with the connection as any HTTP, from `unread` on. */
  readonly handOver: (unread: Buffer) => void;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * One HTTP connection for as long as its requests are plain, answered one after the other; the first that is not takes the
 * connection to Node's HTTP server for good. Node spends 25 µs on each request, several times what most answers take.
 */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #parts: PlainParts;
  readonly #reader = new PlainRequestReader();
  readonly #gone = new AbortController();
  /** Came while a request was under way: no more than one read of the socket. */
  #unread: Buffer = NO_BYTES;
  #isBusy = false;
  #isEnding = false;
  #request: PlainRequest | null = null;
  #client: Client | null = null;

  constructor(socket: Socket, parts: PlainParts) {
    this.#socket = socket;
    this.#parts = parts;
    socket.setNoDelay(true);
    socket.setTimeout(parts.requestTimeoutMs);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** The server stops: what is under way may finish. */
  goAway(): void {
    if (this.#isBusy) this.#isEnding = true;
    else this.#socket.destroy();
  }

  readonly #onData = (bytes: Buffer): void => {
    if (!this.#isBusy) {
      this.#serve(bytes);
      return;
    }
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    this.#socket.pause();
  };

  /** Its side is done sending; it may still read. */
  readonly #onEnd = (): void => {
    this.#isEnding = true;
    if (!this.#isBusy) this.#socket.end();
  };

  readonly #onTimeout = (): void => {
    if (!this.#isBusy) this.#socket.destroy();
  };

  /** 'close' follows. */
  readonly #onError = (): void => {};

  readonly #onClose = (): void => this.#gone.abort(new ClientGoneError());

  /** Answers what the bytes hold, one request after the other, as long as each is answered at once. */
  #serve(bytes: Buffer): void {
    this.#unread = bytes;
    do {
      const request = this.#reader.read(this.#unread);
      const client = request === null ? null : this.#clientOf(request);
      if (request === null || client === null) {
        // A part of a request that will never be whole.
        if (this.#isEnding) this.#socket.end();
        else this.#leave(this.#unread);
        return;
      }
      this.#isBusy = !this.#answer(this.#take(request), client);
    } while (!this.#isBusy && !this.#socket.destroyed && this.#unread.length > 0);
    if (this.#isEnding && !this.#isBusy) this.#socket.end();
  }

  /** The text of the request that the bytes begin with. */
  #take({ headBytes, bodyBytes }: PlainRequest): string {
    const bytes = this.#unread;
    const end = headBytes + bodyBytes;
    this.#unread = end === bytes.length ? NO_BYTES : bytes.subarray(end);
    return bytes.toString('utf8', headBytes, end);
  }

  /** Null when it is refused, which Node's side explains. Worked out once for requests that are alike. */
  #clientOf(request: PlainRequest): Client | null {
    if (request === this.#request) return this.#client;
    // From its first request on it may be idle for longer; what is read and written starts the time anew.
    this.#socket.setTimeout(KEEP_ALIVE_MS);
    const { access, answers } = this.#parts;
    const headers = { host: request.host };
    const controlRefusal = access.controlRefusal({ headers, socket: this.#socket });
    const isRefused = access.refusal({ headers }) !== null;
    this.#request = request;
    this.#client = isRefused ? null : { session: { controlRefusal, sink: null }, signal: this.#gone.signal, answers };
    return this.#client;
  }

  /** False when the answer comes later. */
  #answer(text: string, client: Client): boolean {
    try {
      const reply = this.#parts.dispatcher.answer(text, client);
      if (!(reply instanceof Promise) && reply.sendable === null && !isLong(reply)) {
        this.#finish(reply);
        return true;
      }
      void this.#later(reply);
    } catch (error) {
      this.#failed(error);
    }
    return false;
  }

  async #later(pending: Eventual<Reply>): Promise<void> {
    try {
      const reply = await pending;
      if (reply.sendable !== null) await reply.sendable;
      if (isLong(reply)) await this.#sendLong(reply);
      else this.#finish(reply);
      if (!this.#socket.destroyed) this.#next();
    } catch (error) {
      this.#failed(error);
    }
  }

  #next(): void {
    this.#isBusy = false;
    if (this.#unread.length > 0) this.#serve(this.#unread);
    else if (this.#isEnding) this.#socket.end();
    if (!this.#isBusy && this.#socket.isPaused()) this.#socket.resume();
  }

  #failed(error: unknown): void {
    this.#parts.observer.internalError('http', error);
    this.#socket.destroy();
  }

  #finish(reply: Reply): void {
    if (this.#socket.destroyed) {
      reply.hold.release();
      return;
    }
    this.#send(reply);
    for (const task of reply.afterSent) task();
  }

  #send({ text, hold }: Reply): void {
    if (text === null) {
      this.#socket.write(`HTTP/1.1 204 No Content\r\nDate: ${httpDate()}\r\n\r\n`);
      hold.release();
      return;
    }
    let stopWatching = (): void => {};
    this.#socket.write(headOf(text.length) + text.whole, 'latin1', () => {
      stopWatching();
      hold.release();
    });
    stopWatching = cutSlowReader(this.#socket, text.length);
  }

  /** Part by part. Nobody waits for it but this connection. */
  async #sendLong({ text, hold, afterSent }: LongReply): Promise<void> {
    const stopWatching = cutUnlessRead(this.#socket, text.length);
    const headOfPart = (at: number): string => (at === 0 ? headOf(text.length) : '');
    await writeInParts(this.#socket, text, headOfPart, () => !this.#socket.destroyed);
    stopWatching();
    hold.release();
    for (const task of afterSent) task();
  }

  #leave(unread: Buffer): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('timeout', this.#onTimeout);
    this.#socket.off('error', this.#onError);
    this.#socket.off('close', this.#onClose);
    this.#socket.setTimeout(0);
    this.#parts.handOver(unread);
  }
}

type LongReply = Reply & { readonly text: JsonText };

function isLong(reply: Reply): reply is LongReply {
  return reply.text !== null && reply.text.length > WRITTEN_AT_ONCE;
}

function headOf(bytes: number): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\nDate: ${httpDate()}\r\n\r\n`;
}

let dateText = '';
let dateSecond = -1;

/** RFC 9110: an origin server with a clock sends its date. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1_000).toUTCString();
  }
  return dateText;
}
