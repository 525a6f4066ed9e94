import { concatBytes, hexToBytes } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { genesisLayer } from '@heddle/state';
import { type Address, BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { brokenLaws } from '../scripts/section-laws.ts';
import { executeSection, InvalidSectionError, SectionBuilder } from '../src/index.ts';
import { addressOf } from './support/chunk-people.ts';
import {
  ALICE,
  accessOf,
  BOB,
  chunksWith,
  ETHER,
  flatStates,
  HEIGHT,
  SHARDS,
  sectionContext,
  statesWith,
  TIME,
  transact,
  wordOn,
} from './support/section-case.ts';

const RING = 8_191n;
const READER = addressOf(0, SHARDS, 0);
const HOME_OF_ROOTS = home(BEACON_ROOTS_ADDRESS, SHARDS);

/** Calls `history` with a word that `push` leaves, and stores the answer in slot 0 and the success in slot 1. */
function readerOf(push: string, history: Address): Uint8Array {
  const call = hexToBytes(`0x${push}5f5260205f60205f5f73${history.slice(2)}5af1`);
  return concatBytes(call, hexToBytes('0x6001555f515f5500'));
}

describe('tips of a chunk whose coinbase lives elsewhere', () => {
  test('are credited at index 0, without any transaction', () => {
    const states = statesWith([]);
    const chunks = chunksWith({ coinbase: BOB, tips: 5n }, { coinbase: ALICE, tips: 3n });
    const outcome = executeSection(sectionContext({ chunks }), states, []);
    expect(outcome.changes[1]?.accounts.get(BOB)?.balance).toBe(ETHER + 5n);
    expect(outcome.changes[0]?.accounts.get(ALICE)?.balance).toBe(ETHER + 3n);
    expect(accessOf(outcome, 1, BOB)?.balanceChanges).toEqual([{ index: 0, balance: ETHER + 5n }]);
    expect(outcome.tips).toBe(8n);
    expect(brokenLaws(outcome, states)).toEqual([]);
  });

  test('not those of a header that repeats; those of a chunk that has not caught up', () => {
    const chunks = chunksWith(
      { coinbase: BOB, tips: 5n, height: HEIGHT - 1n },
      { coinbase: ALICE, tips: 3n, coveredHeight: HEIGHT - 1n },
    );
    const outcome = executeSection(sectionContext({ chunks }), statesWith([]), []);
    expect(outcome.changes.map(({ accounts }) => [...accounts.keys()])).toEqual([[ALICE], []]);
    expect(outcome.tips).toBe(3n);
  });
});

describe('EIP-4788 in the section', () => {
  const contract = { address: READER, shard: 0, code: readerOf('42', BEACON_ROOTS_ADDRESS) };
  const call = transact({ from: ALICE, to: READER });

  test.each([0, 1])(
    'is repeated where the chunk of shard %i is earlier, and can be asked for the block’s time',
    (late) => {
      const chunks = chunksWith(...[0, 1].map((shard) => (shard === late ? { timestamp: TIME - 3n } : {})));
      const context = sectionContext({ chunks });
      const flat = flatStates([contract]);
      // The other shard's chunk has stored it already.
      flat[1 - late]?.storage.set(
        BEACON_ROOTS_ADDRESS,
        new Map([
          [TIME, TIME],
          [TIME + RING, BigInt(context.parentBeaconBlockRoot)],
        ]),
      );
      const states = flat.map((state) => genesisLayer(state));
      const outcome = executeSection(context, states, [call]);
      expect(wordOn(outcome, late, BEACON_ROOTS_ADDRESS, TIME)).toBe(TIME);
      expect(wordOn(outcome, 1 - late, BEACON_ROOTS_ADDRESS, TIME)).toBeUndefined();
      expect(wordOn(outcome, 0, READER, 0n)).toBe(BigInt(context.parentBeaconBlockRoot));
      expect(wordOn(outcome, 0, READER, 1n)).toBe(1n);
      expect(brokenLaws(outcome, states)).toEqual([]);
    },
  );

  test('is not repeated on a shard without a new chunk, nor on one that has not caught up', () => {
    const chunks = chunksWith(
      { timestamp: TIME - 3n, height: HEIGHT - 1n },
      { timestamp: TIME - 3n, coveredHeight: HEIGHT - 1n },
    );
    const outcome = executeSection(sectionContext({ chunks }), statesWith([]), []);
    expect(outcome.accessLists).toEqual([[], []]);
  });

  test('value sent there does not disturb the ring of its home', () => {
    const chunks = chunksWith({ timestamp: TIME - 3n }, { timestamp: TIME - 3n });
    const states = statesWith([]);
    const outcome = executeSection(sectionContext({ chunks }), states, [
      transact({
        from: ALICE,
        to: BEACON_ROOTS_ADDRESS,
        value: 9n,
        data: hexToBytes(`0x${TIME.toString(16).padStart(64, '0')}`),
      }),
    ]);
    expect(outcome.executed[0]?.receipt.status).toBe(1);
    expect(outcome.changes[HOME_OF_ROOTS]?.accounts.get(BEACON_ROOTS_ADDRESS)?.balance).toBe(9n);
    for (const shard of [0, 1]) expect(wordOn(outcome, shard, BEACON_ROOTS_ADDRESS, TIME)).toBe(TIME);
    expect(brokenLaws(outcome, states)).toEqual([]);
  });
});

describe('history in the section', () => {
  const contract = {
    address: READER,
    shard: 0,
    code: readerOf('6001 43 03'.replaceAll(' ', ''), HISTORY_STORAGE_ADDRESS),
  };
  const call = transact({ from: ALICE, to: READER });

  /** Each shard's ring holds its number + 1. */
  function statesWithRings(): ReturnType<typeof statesWith> {
    const flat = flatStates([contract]);
    for (const [shard, state] of flat.entries()) {
      state.storage.set(HISTORY_STORAGE_ADDRESS, new Map([[(HEIGHT - 1n) % RING, BigInt(shard + 1)]]));
    }
    return flat.map((state) => genesisLayer(state));
  }

  test.each([
    ['the lowest shard', {}, 1n],
    ['the next one when that has no new chunk', { height: HEIGHT - 1n, coveredHeight: HEIGHT - 1n }, 2n],
    ['the next one when that has not caught up', { coveredHeight: HEIGHT - 1n }, 2n],
  ])('is that of %s', (_name, first, expected) => {
    const outcome = executeSection(sectionContext({ chunks: chunksWith(first) }), statesWithRings(), [call]);
    expect(wordOn(outcome, 0, READER, 0n)).toBe(expected);
    const listedOn = Number(expected - 1n);
    expect(accessOf(outcome, listedOn, HISTORY_STORAGE_ADDRESS)?.storageReads).toEqual([(HEIGHT - 1n) % RING]);
  });

  test('without a new chunk that covers the height there are no transactions', () => {
    const chunks = chunksWith({ height: HEIGHT - 1n }, { coveredHeight: HEIGHT - 1n });
    const context = sectionContext({ chunks });
    const states = statesWithRings();
    expect(() => executeSection(context, states, [call])).toThrow(InvalidSectionError);
    expect(executeSection(context, states, []).executed).toEqual([]);
    const builder = new SectionBuilder(context, states);
    expect(builder.isFull()).toBe(true);
    expect(builder.offer(call)).toMatchObject({ permanent: false });
    expect(builder.finish().gasUsed).toBe(0n);
  });
});

test('a section without anything to do changes nothing', () => {
  const outcome = executeSection(sectionContext(), statesWith([]), []);
  expect(outcome).toMatchObject({ executed: [], accessLists: [[], []], gasUsed: 0n, tips: 0n, burned: 0n });
  expect(outcome.changes.every(({ accounts, storage }) => accounts.size + storage.size === 0)).toBe(true);
});
