import { UNCONNECTED_AUTHOR } from '@heddle/network';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Libp2pTransport } from '../src/index.ts';
import { TestNetwork } from './support/network.ts';
import { until } from './support/until.ts';

const TOPIC = 'news';

let network: TestNetwork;

beforeEach(() => {
  network = new TestNetwork();
});

afterEach(() => network.close());

/** Dials the middle of a line and can be dialed by nobody, so that the ends never meet. */
async function end(name: string, middle: Libp2pTransport): Promise<Libp2pTransport> {
  const transport = await network.create(name, { listen: [], bootnodes: middle.addresses() });
  await transport.start();
  return transport;
}

test('gossip goes on over those in between: its author has a name where it is connected, and one with all others elsewhere', async () => {
  const heard = new Map<string, Set<string>>([
    ['middle', new Set()],
    ['right', new Set()],
  ]);
  const middle = await network.create('middle');
  middle.subscribe(TOPIC, (from) => heard.get('middle')?.add(from));
  await middle.start();
  const right = await end('right', middle);
  right.subscribe(TOPIC, (from) => heard.get('right')?.add(from));
  const left = await end('left', middle);
  left.subscribe(TOPIC, () => {});
  let value = 0;
  // Again and again: nobody is told when the others' subscriptions have arrived.
  const publishing = setInterval(() => left.publish(TOPIC, Uint8Array.of(value++ % 256, 7)), 100);
  try {
    await until(() => heard.get('right')?.size === 1 && heard.get('middle')?.size === 1, 'both have heard');
  } finally {
    clearInterval(publishing);
  }
  expect(left.peers()).toEqual([middle.self]);
  expect([...(heard.get('middle') ?? [])]).toEqual([left.self]);
  expect([...(heard.get('right') ?? [])]).toEqual([UNCONNECTED_AUTHOR]);
});
