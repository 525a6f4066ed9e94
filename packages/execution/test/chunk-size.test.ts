import { bigintToBytes, bytesToHex, concatBytes, hexToBytes } from '@heddle/primitives';
import {
  type AccessList,
  type Address,
  CHUNK_BYTES_PER_GAS_DENOMINATOR,
  CHUNK_BYTES_PER_GAS_NUMERATOR,
  encodeAccessList,
  MAX_CHUNK_BYTES,
  MAX_CHUNK_GAS_LIMIT,
  MAX_UNPAID_CHUNK_BYTES,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ChunkOutcome } from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, personOf } from './support/chunk-people.ts';

/*
 * How many bytes of a chunk gas can buy. Producers do not count them: the gas limit of the genesis bounds them, since
 * nothing is cheaper than what is tried here.
 */

const GAS_LIMIT = 8_000_000n;
/** With words a, b, c, d, e as call data: sets slots a … b − 1 to c, then reads slots d … e − 1. */
const WORKER: Uint8Array = hexToBytes(
  '0x5f355b80602035146016576040358155600101600256 5b6060355b8060803514602c57 805450600101601a56 5b00'.replaceAll(
    ' ',
    '',
  ),
);
const worker = addressOf(0, 1, 0);
const alice = personOf(0, 1, 0);

let network: ChunkNetwork;
let nonce: bigint;

beforeEach(() => {
  nonce = 0n;
  network = new ChunkNetwork({
    shardCount: 1,
    balances: new Map([[alice.address, 10n ** 24n]]),
    contracts: [{ address: worker, shard: 0, code: WORKER }],
    gasLimit: GAS_LIMIT,
    baseFeePerGas: 1_000_000_000n,
    dispatch: false,
  });
});

interface Sent {
  readonly to: Address;
  readonly data: Uint8Array;
  readonly accessList: AccessList;
  readonly gasLimit: bigint;
}

function sign({ to, data, accessList, gasLimit }: Sent): RecoveredTransaction {
  const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 0n };
  const fields = { type: 2, chainId: 31_337n, nonce, to, value: 0n, data, accessList, gasLimit, ...fees } as const;
  nonce += 1n;
  return signTransaction(fields, alice.privateKey);
}

function chunkOf(transactions: readonly RecoveredTransaction[]): ChunkOutcome {
  const [outcome] = network.addBlock({ candidates: [transactions], missing: new Set(), coinbases: [] });
  if (!outcome) throw new Error('there is one shard');
  expect(outcome.rejected).toEqual([]);
  expect(outcome.executed.every(({ receipt }) => receipt.status === 1)).toBe(true);
  return outcome;
}

/** Thousandths of a byte a gas: the body's transactions and the access list, without what system work lists. */
function milliBytesPerGas({ included, accessList, gasUsed }: ChunkOutcome): bigint {
  const bytes = included.reduce((sum, { raw }) => sum + raw.length, encodeAccessList(accessList).length - 600);
  return (1_000n * BigInt(bytes)) / gasUsed;
}

const LIMIT = (1_000n * CHUNK_BYTES_PER_GAS_NUMERATOR) / CHUNK_BYTES_PER_GAS_DENOMINATOR;

const words = (...values: readonly number[]): Uint8Array =>
  concatBytes(...values.map((value) => bigintToBytes(BigInt(value), 32)));

/** Slots far apart, with 32 bytes each, can't be counted through: these differ in their highest byte and their lowest. */
const BASE = 2n ** 255n;
const slotsFrom = (first: number, count: number): AccessList => [
  {
    address: worker,
    storageKeys: Array.from({ length: count }, (_, i) => bytesToHex(bigintToBytes(BASE + BigInt(first + i), 32))),
  },
];

function work(sets: readonly [number, number, number], reads: readonly [number, number], zeros: number): Uint8Array {
  const place = (index: number): Uint8Array => bigintToBytes(BASE + BigInt(index), 32);
  const [from, to, value] = sets;
  const arguments_ = [place(from), place(to), words(value), place(reads[0]), place(reads[1])];
  return concatBytes(...arguments_, new Uint8Array(zeros));
}

describe('gas pays for every byte of a chunk', () => {
  test('call data of zeros, at the floor of EIP-7623', () => {
    const outcome = chunkOf(
      [0, 1].map(() =>
        sign({ to: alice.address, data: new Uint8Array(120_000), accessList: [], gasLimit: 1_300_000n }),
      ),
    );
    expect(milliBytesPerGas(outcome)).toBeGreaterThan(97n);
    expect(milliBytesPerGas(outcome)).toBeLessThan(LIMIT);
  });

  test('slots in a transaction’s access list, each read once', () => {
    const count = 1_200;
    const data = work([0, 0, 0], [0, count], 0);
    const outcome = chunkOf([sign({ to: worker, data, accessList: slotsFrom(0, count), gasLimit: 4_000_000n })]);
    expect(milliBytesPerGas(outcome)).toBeGreaterThan(30n);
    expect(milliBytesPerGas(outcome)).toBeLessThan(40n);
  });

  test('both at once, with the largest refund: zeros up to the floor, slots cleared and read', () => {
    const [cleared, read] = [300, 600];
    const setting = work([0, cleared, 1], [0, 0], 0);
    chunkOf([sign({ to: worker, data: setting, accessList: [], gasLimit: GAS_LIMIT })]);
    const accessList = slotsFrom(0, cleared + read);
    const zeros = 320_000;
    const data = work([0, cleared, 0], [cleared, cleared + read], zeros);
    const outcome = chunkOf([sign({ to: worker, data, accessList, gasLimit: GAS_LIMIT })]);
    const floor = BigInt(21_000 + 10 * zeros);
    // Just about at the floor: with less call data execution decides, with more the floor.
    expect(Math.abs(Number(outcome.gasUsed) / Number(floor) - 1)).toBeLessThan(0.05);
    expect(milliBytesPerGas(outcome)).toBeGreaterThan(110n);
    expect(milliBytesPerGas(outcome)).toBeLessThan(LIMIT);
  });

  test('so that the largest chunk of any genesis can be sent', () => {
    const paid = (MAX_CHUNK_GAS_LIMIT * CHUNK_BYTES_PER_GAS_NUMERATOR) / CHUNK_BYTES_PER_GAS_DENOMINATOR;
    expect(Number(paid) + MAX_UNPAID_CHUNK_BYTES).toBeLessThan(MAX_CHUNK_BYTES);
  });
});
