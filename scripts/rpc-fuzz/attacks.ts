import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededNumbers } from '../../apps/validator/test/support/seeded-numbers.ts';
import { faultOf } from './judge.ts';
import type { Requests } from './requests.ts';

/** What is told of attacks that were answered wrongly. */
export type Report = (fault: string) => void;

const ANSWER_MS = 30_000;
const LONG_LIST = Array.from({ length: 100 }, (_, index) => index);

/** One client that sends what it should not, over HTTP and WebSocket. Each attack counts as one request, or more. */
export class Attacker {
  readonly #url: URL;
  readonly #numbers: SeededNumbers;
  readonly #requests: Requests;
  readonly #report: Report;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, numbers: SeededNumbers, requests: Requests, report: Report) {
    this.#url = new URL(url);
    this.#numbers = numbers;
    this.#requests = requests;
    this.#report = report;
  }

  /** Resolves with the number of requests that it was. */
  async next(): Promise<number> {
    const kind = this.#numbers.below(100);
    if (kind < 60) return this.#one();
    if (kind < 75) return this.#batch(1 + this.#numbers.below(20));
    if (kind < 88) return this.#broken();
    if (kind < 92) return this.#garbage();
    if (kind < 97) return this.#webSocket();
    return this.#vanish();
  }

  close(): void {
    this.#agent.destroy();
  }

  async #one(): Promise<number> {
    const isNotified = this.#numbers.below(20) === 0;
    await this.#post(JSON.stringify(this.#envelope(isNotified)), isNotified);
    return 1;
  }

  async #batch(length: number): Promise<number> {
    await this.#post(JSON.stringify(Array.from({ length }, () => this.#envelope(false))), false);
    return length;
  }

  /** Texts that are almost a request, or deeply nested, or long. */
  async #broken(): Promise<number> {
    const { below, pick } = this.#numbers;
    const good = JSON.stringify(this.#envelope(false));
    const at = below(good.length);
    const texts = [
      good.slice(0, at),
      `${good.slice(0, at)}${String.fromCharCode(below(65_536))}${good.slice(at + 1)}`,
      `${good},`,
      `[${good},[${good}],7,null,"x"]`,
      '['.repeat(below(50_000)),
      `{"a":`.repeat(below(20_000)),
      `[${Array.from({ length: 1_001 }, () => '0').join()}]`,
      `{"jsonrpc":"2.0","id":"${'i'.repeat(below(100_000))}","method":"eth_chainId"}`,
    ];
    // What lost its id may be taken for a notification.
    await this.#post(pick(texts), true);
    return 1;
  }

  /** Bytes that are no HTTP, or the beginning of a request, on a connection that ends at once. */
  async #garbage(): Promise<number> {
    const { pick, below } = this.#numbers;
    const head = `POST / HTTP/1.1\r\nHost: ${this.#url.host}\r\nContent-Type: application/json\r\n`;
    const texts = [
      String.fromCharCode(...Array.from({ length: 100 }, () => below(256))),
      head,
      `${head}Content-Length: 1000\r\n\r\n{"json`,
      `${head}Content-Length: 99999999999\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n`,
      'GET / HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    ];
    await this.#throwAt(Buffer.from(pick(texts), 'latin1'));
    return 1;
  }

  #throwAt(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(Number(this.#url.port), this.#url.hostname, () => {
        socket.write(bytes);
        setTimeout(() => socket.destroy(), this.#numbers.below(20));
      });
      socket.resume();
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }

  /** Some requests, then a subscription, and then it is gone, now and then without a goodbye. */
  async #webSocket(): Promise<number> {
    const socket = new WebSocket(this.#url.href.replace('http', 'ws'));
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true));
      socket.addEventListener('error', () => resolve(false));
    });
    if (!isOpen) {
      this.#report('a WebSocket was refused');
      return 1;
    }
    socket.addEventListener('message', ({ data }) => {
      const fault = faultOf(String(data), false);
      if (fault !== null) this.#report(`WebSocket: ${fault}`);
    });
    const count = 1 + this.#numbers.below(30);
    for (let i = 0; i < count; i++) socket.send(JSON.stringify(this.#envelope(false)));
    socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
    socket.send(new Uint8Array([0xff, 0xfe, 0x7b]));
    if (this.#numbers.below(2) === 0) await sleep(20);
    socket.close();
    return count + 2;
  }

  /** Asks for a lot, and is gone before the answer. */
  async #vanish(): Promise<number> {
    const params = ['0x400', 'latest', LONG_LIST];
    const item = { jsonrpc: '2.0', id: 1, method: 'eth_feeHistory', params };
    const body = JSON.stringify(Array.from({ length: 1 + this.#numbers.below(300) }, () => item));
    await new Promise<void>((resolve) => {
      const asking = request(this.#url, { method: 'POST', headers: { 'content-type': 'application/json' } });
      asking.on('error', () => {});
      asking.on('close', () => resolve());
      asking.end(body);
      setTimeout(() => asking.destroy(), this.#numbers.below(60));
    });
    return 1;
  }

  #envelope(isNotified: boolean): object {
    const { below, pick } = this.#numbers;
    const id = isNotified ? {} : { id: pick([1, 'text', 0, -7, 1.5, below(1_000)]) };
    return { jsonrpc: '2.0', ...id, ...this.#requests.next() };
  }

  async #post(body: string, mayBeSilent: boolean): Promise<void> {
    const text = await this.#answerTo(body);
    const fault = text === null ? 'the connection ended without an answer' : faultOf(text, mayBeSilent);
    if (fault !== null) this.#report(`${fault}\n  to ${body.slice(0, 300)}`);
  }

  #answerTo(body: string): Promise<string | null> {
    return new Promise((resolve) => {
      const headers = { 'content-type': 'application/json' };
      const options = { method: 'POST', agent: this.#agent, headers, timeout: ANSWER_MS };
      const asking = request(this.#url, options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
        answer.on('error', () => resolve(null));
      });
      asking.on('timeout', () => asking.destroy());
      asking.on('error', () => resolve(null));
      asking.end(body);
    });
  }
}
