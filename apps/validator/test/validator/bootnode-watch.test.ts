import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, expect, test } from '@jest/globals';
import { BOOTNODE_PATIENCE_MS, BOOTNODE_REMINDER_MS } from '../../src/limits.ts';
import { BootnodeWatch } from '../../src/validator/bootnode-watch.ts';

const [A, B] = ['/ip4/203.0.113.7/tcp/1/p2p/first', '/ip4/203.0.113.8/tcp/1/p2p/second'];

let time: VirtualTime;
let lines: string[];
let watch: BootnodeWatch;

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  lines = [];
  const log = { error: (_message: string, facts?: object) => lines.push(JSON.stringify(facts)) };
  watch = new BootnodeWatch({ bootnodes: [A, B], clock: time.clock, log });
});

test('nobody within reach: one line with the reason of each, and again after a while', () => {
  watch.failed(A, 'refused');
  expect(lines).toEqual([]);
  time.advance(BOOTNODE_PATIENCE_MS);
  // Who answers, and is of another network, is known by its peer id.
  watch.failed('second', 'another genesis');
  watch.failed(A, 'refused');
  expect(lines).toEqual([JSON.stringify({ bootnodes: `${A}: refused; ${B}: another genesis` })]);
  time.advance(BOOTNODE_REMINDER_MS);
  watch.failed(A, 'no answer');
  expect(lines[1]).toContain(`${A}: no answer`);
});

test('whoever is connected to somebody is not told of a bootnode that is away, until that one is gone too', () => {
  time.advance(BOOTNODE_PATIENCE_MS);
  watch.connected();
  watch.failed(A, 'refused');
  watch.disconnected();
  watch.failed(A, 'refused');
  expect(lines).toEqual([]);
  time.advance(BOOTNODE_PATIENCE_MS);
  watch.failed('/ip4/203.0.113.9/tcp/1/p2p/third', 'refused: it is no bootnode');
  expect(lines).toEqual([JSON.stringify({ bootnodes: `${A}: refused` })]);
});
