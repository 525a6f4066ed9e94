import WebSocket from 'ws';

/** A WebSocket whose messages are taken one by one. */
export class WebSocketClient {
  readonly socket: WebSocket;
  readonly #messages: unknown[] = [];
  readonly #takers: ((message: unknown) => void)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const message: unknown = JSON.parse(data.toString('utf8'));
      const taker = this.#takers.shift();
      if (taker === undefined) this.#messages.push(message);
      else taker(message);
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
    });
    socket.on('error', () => {});
  }

  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebSocketClient> {
    const socket = new WebSocket(url, { headers });
    const client = new WebSocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () => resolve());
      socket.on('error', reject);
    });
    return client;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message that has not been taken. */
  next(): Promise<unknown> {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Sends a request and takes the next message. */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    this.send({ jsonrpc: '2.0', id: method, method, params });
    return this.next();
  }

  /** Messages that wait to be taken. */
  get waiting(): number {
    return this.#messages.length;
  }
}
