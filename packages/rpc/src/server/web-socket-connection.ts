import type { WebSocket } from 'ws';
import { ClientGoneError } from '../errors.ts';
import {
  CLOSE_GRACE_MS,
  MAX_HELD_PER_CONNECTION,
  MAX_IN_FLIGHT_PER_CONNECTION,
  MAX_OUTGOING_BYTES,
  OUTGOING_PAUSE_BYTES,
} from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { Session } from '../protocol/method.ts';
import type { SubscriptionSink } from '../subscriptions/sink.ts';

/** RFC 6455: the server ends the connection because of a rule of its own. */
const CLOSE_POLICY = 1008;
/** RFC 6455: going away. */
const CLOSE_GOING_AWAY = 1001;

/**
 * One WebSocket. Its requests are answered side by side, MAX_IN_FLIGHT_PER_CONNECTION at once; while so many are under
 * way, too many answers are held back or too much is unread by the client, the socket is not read from. A client that
 * does not read is cut off.
 */
export class WebSocketConnection implements SubscriptionSink {
  readonly #socket: WebSocket;
  readonly #dispatcher: Dispatcher;
  readonly #observer: RpcObserver;
  readonly #session: Session;
  readonly #client = new AbortController();
  /** Messages that came before reading stopped: what one read of the socket held, at most. */
  readonly #waiting: string[] = [];
  #inFlight = 0;
  /** Answers that are ready and wait to be sendable. */
  #held = 0;
  #closing = false;
  #answeredPing = true;

  constructor(socket: WebSocket, loopback: boolean, dispatcher: Dispatcher, observer: RpcObserver) {
    this.#socket = socket;
    this.#dispatcher = dispatcher;
    this.#observer = observer;
    this.#session = { loopback, sink: this };
    socket.on('message', (data: Buffer) => {
      this.#waiting.push(data.toString('utf8'));
      this.#pump();
    });
    socket.on('pong', () => {
      this.#answeredPing = true;
    });
    socket.once('close', () => this.#client.abort(new ClientGoneError()));
    // A broken frame or connection: 'close' follows.
    socket.on('error', () => {});
  }

  get isOpen(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN;
  }

  notify(text: string): void {
    this.#send(text);
  }

  /** Call it now and then: ends a connection whose other side is gone. */
  checkAlive(): void {
    // While it waits for its own requests it is not read from: its pong waits as well.
    if (this.#isFull()) return;
    if (!this.#answeredPing) {
      this.#observer.connectionCut('no pong');
      this.#socket.terminate();
      return;
    }
    this.#answeredPing = false;
    this.#socket.ping();
  }

  /** The server stops. */
  goAway(): void {
    this.#close(CLOSE_GOING_AWAY, 'the node is stopping');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #pump(): void {
    while (!this.#closing && !this.#isBusy()) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#inFlight += 1;
      void this.#answer(text);
    }
    if (this.#isBusy()) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }

  #isBusy(): boolean {
    return this.#isFull() || this.#socket.bufferedAmount > OUTGOING_PAUSE_BYTES;
  }

  #isFull(): boolean {
    return this.#inFlight >= MAX_IN_FLIGHT_PER_CONNECTION || this.#held >= MAX_HELD_PER_CONNECTION;
  }

  async #answer(text: string): Promise<void> {
    const reply = await this.#dispatcher.answer(text, this.#session, this.#client.signal);
    this.#inFlight -= 1;
    this.#held += 1;
    this.#pump();
    await reply.sendable;
    this.#held -= 1;
    if (reply.text !== null) this.#send(reply.text);
    for (const task of reply.afterSent) task();
    this.#pump();
  }

  #send(text: string): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount + text.length > MAX_OUTGOING_BYTES) {
      this.#observer.connectionCut('slow reader');
      this.#close(CLOSE_POLICY, 'reads too slowly: more than 32 MiB are waiting');
      return;
    }
    this.#socket.send(text, () => {
      if (this.#waiting.length > 0 || this.#socket.isPaused) this.#pump();
    });
  }

  #close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#waiting.length = 0;
    // A paused socket would never see the other side's close frame.
    this.#socket.resume();
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }
}
