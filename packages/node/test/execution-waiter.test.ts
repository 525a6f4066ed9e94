import type { Hash } from '@heddle/types';
import { ZERO_HASH } from '@heddle/types';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EXECUTION_WAIT_MS } from '../src/limits.ts';
import { ExecutionWaiter } from '../src/rpc-backend/execution-waiter.ts';
import { NodeGroup } from '../src/rpc-backend/node-group.ts';
import { PLAIN_NETWORK, TestNetwork } from './support/network.ts';

/** Longer than a sender is kept waiting. */
const BLOCK_TIME_MS = 2 * EXECUTION_WAIT_MS;

let network: TestNetwork;
let group: NodeGroup;
let waiter: ExecutionWaiter;
/** Hashes whose waiting is over, in that order. */
let over: Hash[];

beforeEach(async () => {
  network = await TestNetwork.create({
    ...PLAIN_NETWORK,
    validatorCount: 1,
    shardCount: 1,
    blockTimeMs: BLOCK_TIME_MS,
  });
  await network.startAll();
  group = new NodeGroup(0n);
  group.add(0, network.node(0));
  waiter = new ExecutionWaiter(group, network.time.scheduler, 1);
  over = [];
});

afterEach(() => network.close());

function wait(hash: Hash, by: ExecutionWaiter = waiter): void {
  void by.executed(hash).then(() => over.push(hash));
}

function send(position = 0): Hash {
  return network.transfer(0, network.account(0, position), network.account(0, 3).address, 1n);
}

test('a sender waits until its transaction is final, and all that wait for it are told', async () => {
  const hash = send();
  wait(hash);
  wait(hash);
  expect(over).toEqual([]);
  await network.executed(hash);
  await network.time.advanceAsync(0);
  expect(over).toEqual([hash, hash]);
  expect(network.node(0).chain.store.transactionLocation(hash)?.kind).toBe('executed');
  await network.idle();
});

test('and no longer than its bound, whatever others wait for', async () => {
  await network.executed(send());
  const slow = send();
  wait(slow);
  await network.time.advanceAsync(EXECUTION_WAIT_MS - 1);
  wait(slow);
  expect(over).toEqual([]);
  await network.time.advanceAsync(1);
  expect(over).toEqual([slow, slow]);
  expect(network.node(0).chain.store.transactionLocation(slow)).toBeNull();
  await network.executed(slow);
});

test('waiting is no use for what is unknown, behind a gap, executed, or without a quorum', async () => {
  const executed = send();
  await network.executed(executed);
  const from = network.account(0, 1);
  const terms = { to: from.address, value: 0n, data: new Uint8Array(), gasLimit: 21_000n };
  network.took(network.sign({ from, ...terms }));
  const behindGap = network.submit(0, { from, ...terms });
  const pending = send();
  wait(ZERO_HASH);
  wait(behindGap);
  wait(executed);
  wait(pending, new ExecutionWaiter(group, network.time.scheduler, 4));
  await network.time.advanceAsync(0);
  expect(over).toEqual([ZERO_HASH, behindGap, executed, pending]);
});
