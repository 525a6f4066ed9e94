import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Libp2pTransport } from '../src/index.ts';
import { TestNetwork } from './support/network.ts';
import { until } from './support/until.ts';

const TOPIC = 'news';

/** A wire that can be cut without either end noticing, as by a loss of power. */
class Wire {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      this.#sockets.push(near, far);
      near.on('error', () => undefined).pipe(far, { end: false });
      far.on('error', () => undefined).pipe(near, { end: false });
    });
  }

  static async to(target: number): Promise<Wire> {
    const wire = new Wire(target);
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the wire listens on a port');
    return address.port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

let network: TestNetwork;
let wires: Wire[];

beforeEach(() => {
  network = new TestNetwork();
  wires = [];
});

afterEach(async () => {
  for (const wire of wires) wire.close();
  await network.close();
});

async function listener(name: string): Promise<{ readonly transport: Libp2pTransport; readonly heard: number[] }> {
  const transport = await network.create(name);
  const heard: number[] = [];
  transport.subscribe(TOPIC, (_, payload) => heard.push(payload[0] ?? -1));
  await transport.start();
  return { transport, heard };
}

function addressOf(transport: Libp2pTransport, port: (own: number) => number): string {
  const [address = ''] = transport.addresses();
  return address.replace(/\/tcp\/(\d+)/, (_, own: string) => `/tcp/${port(Number(own))}`);
}

function portOf(transport: Libp2pTransport): number {
  return Number(/\/tcp\/(\d+)/.exec(transport.addresses()[0] ?? '')?.[1]);
}

/** Until gossip of both arrives at the other; each publishes again and again, since nobody is told when others subscribe. */
async function untilBothHear(a: Awaited<ReturnType<typeof listener>>, b: typeof a): Promise<void> {
  const [heardByA, heardByB] = [a.heard.length, b.heard.length];
  let value = 0;
  const publishing = setInterval(() => {
    value += 1;
    a.transport.publish(TOPIC, Uint8Array.of(value % 256));
    b.transport.publish(TOPIC, Uint8Array.of(value % 256, 1));
  }, 50);
  try {
    await until(() => a.heard.length > heardByA && b.heard.length > heardByB, 'both hear the other');
  } finally {
    clearInterval(publishing);
  }
}

test('gossip reaches a peer that was started anew while its old connection seems to live', async () => {
  const a = await listener('a');
  const first = await listener('b');
  const wire = await Wire.to(portOf(a.transport));
  wires.push(wire);
  first.transport.addBootnode(addressOf(a.transport, () => wire.port));
  await until(() => a.transport.peers().length === 1, 'they connect');
  await untilBothHear(a, first);
  wire.cut();
  await first.transport.stop();
  expect(a.transport.peers()).toHaveLength(1);
  const second = await listener('b');
  second.transport.addBootnode(addressOf(a.transport, (own) => own));
  await until(() => second.transport.peers().length === 1, 'it connects again');
  await untilBothHear(a, second);
});
