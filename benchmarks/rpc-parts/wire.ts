import { connect, type Socket } from 'node:net';
import type { Transport } from './plan.ts';

const HEADER_END = '\r\n\r\n';
const NOTHING: Buffer = Buffer.alloc(0);
/** RFC 6455. */
const OPCODE_TEXT = 0x81;
const OPCODE_CONTINUATION = 0;
const OPCODE_PING = 9;
const FIN = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** A key of its own for each connection guards against proxies; between two processes of one machine none stands. */
const WEB_SOCKET_KEY = 'aGVkZGxlIGJlbmNobWFyaw==';

/** One connection over which whole messages go out and whole answers come in. */
export interface Wire {
  /** A message as it goes over the wire, to be made once and sent many times. */
  prepare(text: string): Buffer;
  send(prepared: Buffer): void;
  close(): void;
}

/** Hears of each answer: where its text begins, and how many bytes it has. */
export interface Listener {
  answered(head: Buffer, length: number): void;
  failed(reason: string): void;
}

/** Resolves when the connection can be used. */
export function openWire(transport: Transport, host: string, port: number, listener: Listener): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.on('error', (error) => listener.failed(error.message));
      if (transport === 'http') resolve(openHttp(socket, host, port, listener));
      else openWebSocket(socket, host, port, listener).then(resolve, reject);
    });
  });
}

function openHttp(socket: Socket, host: string, port: number, listener: Listener): Wire {
  const answers = new HttpAnswers(listener);
  socket.on('data', (data) => answers.take(data));
  const head = `POST / HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\nContent-Length: `;
  return {
    prepare: (text) => Buffer.from(`${head}${Buffer.byteLength(text)}${HEADER_END}${text}`),
    send: (prepared) => socket.write(prepared),
    close: () => socket.destroy(),
  };
}

/** Cuts a connection's bytes into answers without looking at more of a body than its beginning. */
export class HttpAnswers {
  readonly #listener: Listener;
  /** A head that is not whole yet. */
  #partial: Buffer = NOTHING;
  #start: Buffer = NOTHING;
  #length = 0;
  /** Bytes of the body that have not come yet. */
  #missing = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  take(data: Buffer): void {
    if (this.#missing > 0) {
      this.#body(data);
      return;
    }
    const bytes = this.#partial.length === 0 ? data : Buffer.concat([this.#partial, data]);
    const end = bytes.indexOf(HEADER_END);
    if (end === -1) {
      this.#partial = bytes;
      return;
    }
    this.#partial = NOTHING;
    const head = bytes.toString('latin1', 0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? Number.NaN);
    if (!head.startsWith('HTTP/1.1 200') || !(length > 0)) {
      this.#listener.failed(`not an answer with a length: ${head.slice(0, 200)}`);
      return;
    }
    this.#length = length;
    this.#missing = length;
    this.#start = NOTHING;
    const body = bytes.subarray(end + HEADER_END.length);
    if (body.length > 0) this.#body(body);
  }

  /** With one request under way nothing follows an answer. */
  #body(data: Buffer): void {
    if (this.#start.length === 0) this.#start = data;
    this.#missing -= data.length;
    if (this.#missing < 0) this.#listener.failed('more came than the answer is long');
    else if (this.#missing === 0) this.#listener.answered(this.#start, this.#length);
  }
}

function openWebSocket(socket: Socket, host: string, port: number, listener: Listener): Promise<Wire> {
  const { promise, resolve, reject } = Promise.withResolvers<Wire>();
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${WEB_SOCKET_KEY}${HEADER_END}`,
  );
  socket.once('data', (data) => {
    if (!data.toString('latin1').startsWith('HTTP/1.1 101')) {
      reject(new Error(`no WebSocket: ${data.toString('latin1', 0, 200)}`));
      return;
    }
    const frames = new Frames(listener);
    socket.on('data', (more) => frames.take(more));
    resolve({ prepare: frame, send: (prepared) => socket.write(prepared), close: () => socket.destroy() });
  });
  return promise;
}

/** A text frame as clients have to send it. Masked with zeros: the text stays as it is. */
export function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = Buffer.alloc(length < LENGTH_16 ? 6 : length < 65_536 ? 8 : 14);
  head[0] = OPCODE_TEXT;
  if (length < LENGTH_16) {
    head[1] = MASKED | length;
  } else if (length < 65_536) {
    head[1] = MASKED | LENGTH_16;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = MASKED | LENGTH_64;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** Cuts a connection's bytes into messages; a message may come in several frames, a frame in several reads. */
export class Frames {
  readonly #listener: Listener;
  #partial: Buffer = NOTHING;
  #start: Buffer = NOTHING;
  #length = 0;
  #missing = 0;
  #isLast = false;
  #isMessage = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  take(data: Buffer): void {
    let rest: Buffer = data;
    while (rest.length > 0) rest = this.#missing > 0 ? this.#payload(rest) : this.#head(rest);
  }

  #head(data: Buffer): Buffer {
    const bytes = this.#partial.length === 0 ? data : Buffer.concat([this.#partial, data]);
    const [first = 0, second = 0] = bytes;
    const headLength = second === LENGTH_16 ? 4 : second === LENGTH_64 ? 10 : 2;
    if (bytes.length < headLength) {
      this.#partial = bytes;
      return NOTHING;
    }
    this.#partial = NOTHING;
    this.#missing =
      headLength === 2 ? second : headLength === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    this.#isLast = (first & FIN) !== 0;
    const opcode = first & 15;
    this.#isMessage = opcode === OPCODE_CONTINUATION || first === OPCODE_TEXT || opcode === 1;
    if (!this.#isMessage && opcode !== OPCODE_PING) this.#listener.failed(`a frame of kind ${opcode} came`);
    return bytes.subarray(headLength);
  }

  #payload(data: Buffer): Buffer {
    const part = data.subarray(0, this.#missing);
    this.#missing -= part.length;
    if (this.#isMessage) {
      if (this.#length === 0) this.#start = part;
      this.#length += part.length;
      if (this.#missing === 0 && this.#isLast) {
        const length = this.#length;
        this.#length = 0;
        this.#listener.answered(this.#start, length);
      }
    }
    return data.subarray(part.length);
  }
}
