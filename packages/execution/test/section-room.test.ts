import { MAX_SECTION_BYTES, type RecoveredTransaction } from '@heddle/types';
import { expect, test } from '@jest/globals';
import { executeSection, SectionBuilder } from '../src/index.ts';
import { ALICE, BOB, sectionContext, statesWith, transact } from './support/section-case.ts';
import { unsignedBlob } from './support/unsigned.ts';

const transfer = (nonce: bigint, gasLimit: bigint): RecoveredTransaction =>
  transact({ from: ALICE, to: BOB, value: 1n, nonce, gasLimit });

test('gas used so far and gas declared must fit in the limit', () => {
  const context = sectionContext({ gasLimit: 63_000n });
  const states = statesWith([]);
  expect(executeSection(context, states, [transfer(0n, 63_000n), transfer(1n, 42_000n)]).gasUsed).toBe(42_000n);
  expect(() => executeSection(context, states, [transfer(0n, 63_000n), transfer(1n, 42_001n)])).toThrow(
    /at height 5, transaction 1 is invalid: gas limit reached: tx gas 42001, left 42000/,
  );
  const builder = new SectionBuilder(context, states);
  for (const nonce of [0n, 1n, 2n]) {
    expect(builder.isFull()).toBe(false);
    expect(builder.offer(transfer(nonce, 21_000n))).toBeNull();
  }
  expect(builder.gasUsed).toBe(63_000n);
  expect(builder.isFull()).toBe(true);
  expect(builder.offer(transfer(3n, 21_000n))).toMatchObject({ permanent: false, isRemote: false });
});

test('the transactions of a section have 1 MiB at most', () => {
  const context = sectionContext();
  const big = (nonce: bigint, length: number): RecoveredTransaction =>
    transact({ from: ALICE, to: BOB, nonce, data: new Uint8Array(length), gasLimit: 6_000_000n });
  const half = big(0n, MAX_SECTION_BYTES / 2);
  const overhead = half.raw.length - MAX_SECTION_BYTES / 2;
  const rest = MAX_SECTION_BYTES - half.raw.length - overhead;
  expect(executeSection(context, statesWith([]), [half, big(1n, rest)]).executed).toHaveLength(2);
  expect(() => executeSection(context, statesWith([]), [half, big(1n, rest + 1)])).toThrow(/the section is full/);
});

test('no blobs', () => {
  const blob = unsignedBlob({
    sender: ALICE,
    to: BOB,
    maxFeePerBlobGas: 1n,
    blobVersionedHashes: [`0x01${'0'.repeat(62)}`],
  });
  expect(() => executeSection(sectionContext(), statesWith([]), [blob])).toThrow(/no blobs/);
  expect(new SectionBuilder(sectionContext(), statesWith([])).offer(blob)).toMatchObject({ permanent: true });
});

test('a transaction that is invalid where it stands makes the section invalid; a builder leaves it out', () => {
  const wrong = transfer(1n, 21_000n);
  expect(() => executeSection(sectionContext(), statesWith([]), [wrong])).toThrow(
    /transaction 0 is invalid: nonce too high/,
  );
  const builder = new SectionBuilder(sectionContext(), statesWith([]));
  expect(builder.offer(wrong)).toMatchObject({ permanent: false });
  expect(builder.offer(transfer(0n, 21_000n))).toBeNull();
  expect(builder.offer(wrong)).toBeNull();
  const outcome = builder.finish();
  expect(outcome.executed).toHaveLength(2);
  expect(outcome.rejected.map(({ transaction }) => transaction)).toEqual([wrong]);
});
