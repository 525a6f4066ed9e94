import { type Address, DIRECTORY_ADDRESS, MESSENGER_ADDRESS, PRECOMPILE_ADDRESSES } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CODE_REPLICAS,
  createShardRules,
  decodeDirectoryWord,
  encodeDirectoryWord,
  genesisDirectoryWrites,
  home,
  InvalidShardError,
  listingWrites,
  rememberPlaces,
  residenceAmong,
  WHOLE_REPLICAS,
} from '../src/index.ts';
import { address } from './support/arbitraries.ts';
import { MapState } from './support/map-state.ts';

const CONTRACT: Address = '0x00000000000000000000000000000000000000cc';

function statesOf(shardCount: number): readonly MapState[] {
  return Array.from({ length: shardCount }, () => new MapState());
}

/** Where each shard has the account. */
function seenBy(states: readonly MapState[], account: Address): readonly number[] {
  return states.map((state, shard) => createShardRules({ shard, shardCount: states.length }).residence(state, account));
}

/** A contract comes to life on `residence`, as the section writes it. */
function create(states: readonly MapState[], account: Address, residence: number): void {
  const place = rememberPlaces(states.length)(account);
  for (const write of listingWrites(residence, states.length, place)) states[write.shard]?.apply([write]);
  states[residence]?.put(account);
}

describe('directory', () => {
  test('a word names its shard, and names the lower half of it after a split without being rewritten', () => {
    for (let shards = 1; shards <= 32; shards += 1) {
      for (let shard = 0; shard < shards; shard += 1) {
        const word = encodeDirectoryWord(shard, shards);
        expect(word).not.toBe(0n);
        expect(decodeDirectoryWord(word, shards)).toBe(shard);
        expect(decodeDirectoryWord(word, 2 * shards)).toBe(2 * shard);
      }
    }
  });

  test('an unset word lists nothing', () => expect(decodeDirectoryWord(0n, 4)).toBeNull());

  test('genesis writes the shard count, and lists a contract away from home where it lives and where it is at home', () => {
    const away = (home(CONTRACT, 4) + 1) % 4;
    const words = (shard: number) => genesisDirectoryWrites([{ address: CONTRACT, shard: away }], shard, 4);
    for (let shard = 0; shard < 4; shard += 1) {
      const state = new MapState();
      state.apply(words(shard));
      const knows = shard === away || shard === home(CONTRACT, 4);
      expect(state.size).toBe(knows ? 2 : 1);
      expect(
        seenBy(
          statesOf(4).map((other, i) => (i === shard ? state : other)),
          CONTRACT,
        )[shard],
      ).toBe(knows ? away : home(CONTRACT, 4));
    }
    expect(genesisDirectoryWrites([{ address: CONTRACT, shard: home(CONTRACT, 4) }], 0, 4)).toHaveLength(1);
    expect(genesisDirectoryWrites([{ address: CONTRACT, shard: 0 }], 0, 1)).toEqual([]);
  });
});

describe('residence', () => {
  test('refuses shards that do not exist', () => {
    for (const [shard, shardCount] of [
      [0, 0],
      [0, 65],
      [2, 2],
      [-1, 2],
      [0.5, 2],
      [0, 1.5],
    ] as const) {
      expect(() => createShardRules({ shard, shardCount })).toThrow(InvalidShardError);
    }
  });

  test('is at home until a creation lists it elsewhere: home and residence know, the others have it at home', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 2, max: 8 }), fc.nat(), (account, shardCount, pick) => {
        const states = statesOf(shardCount);
        const atHome = home(account, shardCount);
        expect(seenBy(states, account)).toEqual(states.map(() => atHome));
        const residence = pick % shardCount;
        create(states, account, residence);
        const knowing = new Set([atHome, residence]);
        expect(seenBy(states, account)).toEqual(states.map((_, shard) => (knowing.has(shard) ? residence : atHome)));
        expect(residenceAmong(states, account, rememberPlaces(shardCount))).toBe(residence);
        // Exactly one shard takes it for its own.
        expect(seenBy(states, account).filter((seen, shard) => seen === shard)).toEqual([residence]);
      }),
    );
  });

  test('a contract that comes to life at home writes no word, any other one two', () => {
    const place = rememberPlaces(4)(CONTRACT);
    expect(listingWrites(place.home, 4, place)).toEqual([]);
    const away = (place.home + 1) % 4;
    expect(listingWrites(away, 4, place).map(({ shard, address: at, slot }) => [shard, at, slot])).toEqual([
      [place.home, DIRECTORY_ADDRESS, place.slot],
      [away, DIRECTORY_ADDRESS, place.slot],
    ]);
  });

  test('an account that is not empty is where it is, whatever the directory says', () => {
    const states = statesOf(2);
    create(states, CONTRACT, 1 - home(CONTRACT, 2));
    states[home(CONTRACT, 2)]?.put(CONTRACT);
    expect(seenBy(states, CONTRACT)).toEqual([0, 1]);
  });

  test('directory and messenger are every shard’s own; of what is replicated by code, balance and nonce are at home', () => {
    expect([...WHOLE_REPLICAS].sort()).toEqual([DIRECTORY_ADDRESS, MESSENGER_ADDRESS].sort());
    expect(CODE_REPLICAS.size).toBe(Object.keys(PRECOMPILE_ADDRESSES).length + 2);
    const states = statesOf(4);
    for (const account of WHOLE_REPLICAS) expect(seenBy(states, account)).toEqual([0, 1, 2, 3]);
    for (const account of CODE_REPLICAS) {
      // Every shard has the code of EIP-2935's and EIP-4788's contracts, and yet.
      for (const state of states) state.put(account);
      expect(seenBy(states, account)).toEqual(states.map(() => home(account, 4)));
      expect(residenceAmong(states, account, rememberPlaces(4))).toBe(home(account, 4));
    }
  });

  test('one shard is Ethereum: all local, and nothing is read', () => {
    const rules = createShardRules({ shard: 0, shardCount: 1 });
    const fail = (): never => {
      throw new Error('it was read');
    };
    const unreadable = { account: fail, storage: fail, code: fail };
    expect(rules.residence(unreadable, CONTRACT)).toBe(0);
    expect(rules.inboundCursors(unreadable)).toEqual([0n]);
  });
});
