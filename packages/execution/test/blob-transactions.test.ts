import type { Hash, RecoveredTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import {
  type BlockEnvironment,
  executeChunk,
  executeTransaction,
  type InvalidTransactionError,
  produceChunk,
} from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, personOf } from './support/chunk-people.ts';
import { COINBASE, CONTRACT, environment, SENDER, type TestState, testWorld } from './support/evm-world.ts';
import { unsignedBlob } from './support/unsigned.ts';

const GAS_PER_BLOB = 131_072n;
const BLOBS: BlockEnvironment = { ...environment, blobBaseFee: 5n };
/** Stores BLOBHASH(0), BLOBHASH(1) and BLOBBASEFEE. */
const READER = '0x5f495f556001496001554a60025500';
const FUNDS = 10n ** 18n;
const STATE: TestState = { [SENDER]: { balance: FUNDS }, [CONTRACT]: { code: READER, nonce: 1n } };

function hash(byte: string): Hash {
  return `0x01${byte.repeat(31)}`;
}

function blob(changes: { readonly hashes?: readonly Hash[]; readonly blobCap?: bigint; readonly value?: bigint }) {
  const { hashes = [hash('aa')], blobCap = 9n, value = 0n } = changes;
  return unsignedBlob({ to: CONTRACT, maxFeePerBlobGas: blobCap, blobVersionedHashes: hashes, value });
}

describe('a transaction with blobs (EIP-4844)', () => {
  test('BLOBHASH and BLOBBASEFEE; the fee of the blobs is burned at the block’s price', () => {
    const world = testWorld(STATE);
    const { outcome, burned } = executeTransaction(world, BLOBS, blob({}));
    expect(outcome.status).toBe(1);
    const words = [0n, 1n, 2n].map((slot) => world.storage(CONTRACT, slot));
    expect(words).toEqual([BigInt(hash('aa')), 0n, 5n]);
    const gasUsed = BigInt(outcome.gasUsed);
    expect(burned).toBe(gasUsed * 7n + GAS_PER_BLOB * 5n);
    // Base fee 7, tip 1.
    expect(world.balance(SENDER)).toBe(FUNDS - gasUsed * 8n - GAS_PER_BLOB * 5n);
    expect(world.balance(COINBASE)).toBe(gasUsed);
  });

  test('is burned too when the transaction fails', () => {
    const world = testWorld({ ...STATE, [CONTRACT]: { code: '0xfe', nonce: 1n } });
    const { outcome, burned } = executeTransaction(world, BLOBS, blob({}));
    expect([outcome.status, burned]).toEqual([0, BigInt(outcome.gasUsed) * 7n + GAS_PER_BLOB * 5n]);
  });

  test('six blobs at most (EIP-7594), all of them paid for', () => {
    const world = testWorld(STATE);
    const six = ['01', '02', '03', '04', '05', '06'].map(hash);
    const { burned, outcome } = executeTransaction(world, BLOBS, blob({ hashes: six }));
    expect(burned).toBe(BigInt(outcome.gasUsed) * 7n + 6n * GAS_PER_BLOB * 5n);
    expect(refusal(blob({ hashes: [...six, hash('07')] }))).toEqual([
      'blob transaction has too many blobs: have 7 want at most 6',
      true,
    ]);
  });

  test('is refused in the words of geth', () => {
    expect(refusal(blob({ hashes: [] }))).toEqual(['blob transaction missing blob hashes', true]);
    const other: Hash = `0x02${'aa'.repeat(31)}`;
    expect(refusal(blob({ hashes: [hash('aa'), other] }))).toEqual(['blob 1 has invalid hash version', true]);
    expect(refusal(blob({ blobCap: 4n }))).toEqual([
      `max fee per blob gas less than block blob gas fee: address ${SENDER} blobGasFeeCap: 4, blobBaseFee: 5`,
      false,
    ]);
  });

  test('needs the most that its blobs may cost, not what they do cost', () => {
    const most = 1_000_000n * 10n + GAS_PER_BLOB * 9n;
    expect(refusal(blob({ value: FUNDS - most }))).toBeNull();
    expect(refusal(blob({ value: FUNDS - most + 1n }))?.[0]).toMatch(/^insufficient funds for gas \* price \+ value/);
  });
});

describe('a chunk', () => {
  const alice = personOf(0, 2, 0);
  const network = new ChunkNetwork({
    shardCount: 2,
    balances: new Map([[alice.address, FUNDS]]),
    contracts: [],
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    dispatch: false,
  });
  const [rules] = network.rules;
  if (rules === undefined) throw new Error('the network has a shard 0');
  const context = network.context(0, addressOf(0, 2, 60));
  const fields = { to: alice.address, maxFeePerBlobGas: 9n, blobVersionedHashes: [hash('aa')] };
  const transaction = unsignedBlob({ ...fields, sender: alice.address, maxFeePerGas: 10n });

  test('is made without it', () => {
    const outcome = produceChunk(context, network.state(0), rules, [transaction], 1_000_000n);
    expect(outcome.included).toEqual([]);
    expect(outcome.rejected).toMatchObject([{ permanent: true, reason: expect.stringContaining('type 3, EIP-4844') }]);
  });

  test('is invalid with it', () => {
    expect(() => executeChunk(context, network.state(0), rules, [transaction])).toThrow(
      expect.objectContaining({
        code: 'INVALID_CHUNK',
        facts: expect.objectContaining({ reason: expect.stringContaining('type 3, EIP-4844') }),
      }),
    );
  });
});

/** Reason and whether it is for ever; `null` when it was executed. A refusal leaves nothing. */
function refusal(transaction: RecoveredTransaction): readonly [string, boolean] | null {
  const world = testWorld(STATE);
  try {
    executeTransaction(world, BLOBS, transaction);
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    expect(world.changes().accounts.size).toBe(0);
    return [error.facts.reason, error.facts.permanent];
  }
}

function isRefusal(error: unknown): error is InvalidTransactionError {
  return error instanceof Error && 'code' in error && error.code === 'INVALID_TRANSACTION';
}
