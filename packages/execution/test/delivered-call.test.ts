import { createShardRules } from '@heddle/sharding';
import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { localGuard } from '../src/chunk/local-guard.ts';
import { executeDelivered, type World } from '../src/index.ts';
import { addressOf } from './support/chunk-people.ts';
import { CONTRACT, environment, type TestState, testWorld } from './support/evm-world.ts';
import { unsigned } from './support/unsigned.ts';

const STRANGER: Address = '0x4e00000000000000000000000000000000000002';
const AWAY = addressOf(1, 2, 0);

const delivered = (value: bigint, gasLimit = 200_000n) => ({
  transaction: unsigned({ sender: STRANGER, nonce: 9n, to: CONTRACT, value, gasLimit }),
  effectiveGasPrice: 10n,
  sourceGasUsed: 21_000,
  floorGas: 21_000,
});

/** The world of shard 0 of 2. */
function guardedWorld(state: TestState): World {
  const world = testWorld(state);
  world.guardBy(localGuard(createShardRules({ shard: 0, shardCount: 2 }), world.unrecorded));
  return world;
}

describe('a delivered call', () => {
  test('runs as the sender without touching its account; gas counts from the source’s', () => {
    // SSTORE(0, CALLER), SSTORE(1, ORIGIN), SSTORE(2, CALLVALUE), SSTORE(3, BASEFEE)
    const world = testWorld({ [CONTRACT]: { code: '0x335f55326001553460025548600355', nonce: 1n } });
    const outcome = executeDelivered(world, { ...environment, baseFeePerGas: 9n }, delivered(50n));
    expect(outcome.status).toBe(1);
    expect([0n, 1n, 2n, 3n].map((slot) => world.storage(CONTRACT, slot))).toEqual([
      BigInt(STRANGER),
      BigInt(STRANGER),
      50n,
      9n,
    ]);
    expect(world.balance(CONTRACT)).toBe(50n);
    expect(world.accessList().some((account) => account.address === STRANGER)).toBe(false);
    const execution = 4 * 22_100 + 2 * 4 + 4 * 3 - 1;
    expect(outcome.gasUsed).toBe(21_000 + execution);
  });

  test('that reverts leaves neither value nor writes', () => {
    const world = testWorld({ [CONTRACT]: { code: '0x60015f555f5ffd', nonce: 1n } });
    const outcome = executeDelivered(world, environment, delivered(50n));
    expect(outcome).toMatchObject({ status: 0, logs: [], failure: 'execution reverted' });
    expect(world.changes().accounts.size).toBe(0);
  });

  test('that touches another shard ends there, with the gas that all its frames have left, and leaves nothing', () => {
    // SSTORE(0, 1), clears slot 1, LOG0, BALANCE(AWAY): its frame gets 62 of 64 parts at a limit of 200,000.
    const code = `0x60015f555f6001555f5fa073${AWAY.slice(2)}3150`;
    const inner: Address = '0xc0de000000000000000000000000000000000001';
    const world = guardedWorld({
      [CONTRACT]: { code: `0x5f5f5f5f5f73${inner.slice(2)}5af1`, nonce: 1n, balance: 3n },
      [inner]: { code, nonce: 1n, storage: { 1: 5n } },
    });
    const outcome = executeDelivered(world, environment, delivered(50n));
    const outer = 5 * 2 + 3 + 2 + 2_600;
    const inside = 3 + 2 + 22_100 + 2 + 3 + 5_000 + 2 * 2 + 375 + 3 + 2_600;
    expect(outcome).toMatchObject({ status: 0, logs: [], gasSpent: 21_000 + outer + inside, createdAddress: null });
    // Nor is there a refund for the slot.
    expect(outcome.gasUsed).toBe(outcome.gasSpent);
    expect(outcome.failure).toMatch(/another shard/);
    expect(world.changes().accounts.size).toBe(0);
    expect(world.changes().storage.size).toBe(0);
    expect(world.accessList().map(({ address }) => address)).toEqual([CONTRACT, inner].sort());
  });
});
