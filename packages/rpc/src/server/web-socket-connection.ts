import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CapacityError, ClientGoneError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import { JsonText } from '../json-text.ts';
import {
  CLOSE_GRACE_MS,
  MAX_HELD_PER_CONNECTION,
  MAX_IN_FLIGHT_PER_CONNECTION,
  MAX_OUTGOING_BYTES,
  OUTGOING_PAUSE_BYTES,
} from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { Hold } from '../protocol/byte-budget.ts';
import type { Dispatcher, Reply } from '../protocol/dispatcher.ts';
import type { Client } from '../protocol/running-request.ts';
import type { SubscriptionSink } from '../subscriptions/sink.ts';
import type { Connection } from './connection.ts';
import { OutgoingTexts } from './outgoing-texts.ts';

/** RFC 6455: the server ends the connection because of a rule of its own. */
const CLOSE_POLICY = 1008;
/** RFC 6455: going away. */
const CLOSE_GOING_AWAY = 1001;
/** IANA's registry of close codes: the server is overloaded, try again later. */
const CLOSE_TRY_AGAIN = 1013;

/** RFC 6455: what a client's ping or pong takes beside its data. They may come between the parts of a message. */
const CONTROL_FRAME_BYTES = 6;

/** A message that has come in whole. */
interface Message {
  readonly text: string;
  readonly hold: Hold;
}

/**
 * One WebSocket. Its requests are answered side by side, MAX_IN_FLIGHT_PER_CONNECTION at once; while so many are under
 * way, too many answers are held back or too much is unread by the client, the socket is not read from. A client that
 * does not read is cut off.
 */
export class WebSocketConnection implements SubscriptionSink {
  readonly #socket: WebSocket;
  readonly #outgoing: OutgoingTexts;
  readonly #dispatcher: Dispatcher;
  readonly #observer: RpcObserver;
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #gone = new AbortController();
  /** Messages that came before reading stopped: what one read of the socket held, at most. */
  readonly #waiting: Message[] = [];
  /** What has come in of a message that is not whole yet. */
  readonly #partial: Hold;
  #inFlight = 0;
  /** Answers that are ready and wait to be sendable. */
  #held = 0;
  #closing = false;
  #answeredPing = true;

  constructor(
    socket: WebSocket,
    stream: Duplex,
    controlRefusal: string | null,
    connection: Connection,
    dispatcher: Dispatcher,
    observer: RpcObserver,
  ) {
    this.#socket = socket;
    this.#outgoing = new OutgoingTexts(stream, () => this.isOpen);
    this.#dispatcher = dispatcher;
    this.#observer = observer;
    this.#connection = connection;
    this.#partial = connection.bodies.open();
    const session = { controlRefusal, sink: this };
    this.#client = { session, signal: this.#gone.signal, answers: connection.answers };
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('ping', (data: Buffer) => this.#partial.giveBack(CONTROL_FRAME_BYTES + data.length));
    socket.on('pong', (data: Buffer) => {
      this.#partial.giveBack(CONTROL_FRAME_BYTES + data.length);
      this.#answeredPing = true;
    });
    socket.once('close', () => this.#end());
    // A broken frame or connection: 'close' follows.
    socket.on('error', () => {});
  }

  get isOpen(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN;
  }

  notify(text: string): void {
    const hold = this.#connection.answers.open();
    if (this.#fits(hold, text.length)) this.#send(JsonText.of(text), hold);
    else this.#cut(CLOSE_TRY_AGAIN, 'no room', 'the node has too many unread answers; read faster and connect again');
  }

  /** Call it with what is read from the network: a message is held from its first byte on. */
  countIncoming(bytes: number): void {
    if (!this.#closing && !this.#fits(this.#partial, bytes)) this.#refuseIncoming();
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

  #receive(data: Buffer): void {
    this.#partial.release();
    if (this.#closing) return;
    const hold = this.#connection.bodies.open();
    if (!this.#fits(hold, data.length)) return this.#refuseIncoming();
    this.#waiting.push({ text: data.toString('utf8'), hold });
    this.#pump();
  }

  #refuseIncoming(): void {
    this.#cut(CLOSE_TRY_AGAIN, 'no room', 'the node has too many large requests at once; connect again in a moment');
  }

  #fits(hold: Hold, bytes: number): boolean {
    try {
      hold.take(bytes);
      return true;
    } catch (error) {
      if (error instanceof CapacityError) return false;
      throw error;
    }
  }

  #pump(): void {
    while (!this.#closing && !this.#isBusy()) {
      const message = this.#waiting.shift();
      if (message === undefined) break;
      this.#answer(message);
    }
    if (this.#isBusy()) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }

  #isBusy(): boolean {
    return this.#isFull() || this.#unreadBytes > OUTGOING_PAUSE_BYTES;
  }

  get #unreadBytes(): number {
    return this.#socket.bufferedAmount + this.#outgoing.waitingBytes;
  }

  #isFull(): boolean {
    return this.#inFlight >= MAX_IN_FLIGHT_PER_CONNECTION || this.#held >= MAX_HELD_PER_CONNECTION;
  }

  #answer({ text, hold }: Message): void {
    this.#inFlight += 1;
    const reply = this.#dispatcher.answer(text, this.#client);
    if (reply instanceof Promise || reply.sendable !== null) {
      void this.#later(reply, hold);
      return;
    }
    hold.release();
    this.#inFlight -= 1;
    this.#finish(reply);
  }

  async #later(pending: Eventual<Reply>, hold: Hold): Promise<void> {
    const reply = await pending;
    hold.release();
    this.#inFlight -= 1;
    if (reply.sendable !== null) {
      this.#held += 1;
      this.#pump();
      await reply.sendable;
      this.#held -= 1;
    }
    this.#finish(reply);
    this.#pump();
  }

  #finish(reply: Reply): void {
    if (reply.text === null) reply.hold.release();
    else this.#send(reply.text, reply.hold);
    for (const task of reply.afterSent) task();
  }

  #send(text: JsonText, hold: Hold): void {
    if (!this.isOpen) return hold.release();
    if (this.#unreadBytes + text.length > MAX_OUTGOING_BYTES) {
      hold.release();
      this.#cut(CLOSE_POLICY, 'slow reader', 'reads too slowly: more than 32 MiB are waiting');
      return;
    }
    this.#outgoing.send(text, () => {
      hold.release();
      if (this.#waiting.length > 0 || this.#socket.isPaused) this.#pump();
    });
  }

  #cut(code: number, what: string, reason: string): void {
    if (this.#closing) return;
    this.#observer.connectionCut(what);
    this.#close(code, reason);
  }

  #close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#forget();
    // A paused socket would never see the other side's close frame.
    this.#socket.resume();
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #end(): void {
    this.#closing = true;
    this.#forget();
    this.#gone.abort(new ClientGoneError());
  }

  #forget(): void {
    for (const { hold } of this.#waiting) hold.release();
    this.#waiting.length = 0;
    this.#partial.release();
  }
}
