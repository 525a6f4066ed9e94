import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createShardRules,
  decodeDirectoryWord,
  encodeDirectoryWord,
  genesisDirectoryWrites,
  home,
  InvalidShardError,
  listedShard,
  REPLICATED_ADDRESSES,
  remoteContractError,
} from '../src/index.ts';
import { address } from './support/arbitraries.ts';
import { MapState } from './support/map-state.ts';

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

  test('genesis lists the shard count and every contract; with one shard nothing is written', () => {
    const contract = { address: '0x00000000000000000000000000000000000000cc', shard: 3 } as const;
    const state = new MapState();
    state.apply(genesisDirectoryWrites([contract], 4));
    expect(listedShard(state, contract.address, 4)).toBe(3);
    expect(state.size).toBe(2);
    expect(genesisDirectoryWrites([{ ...contract, shard: 0 }], 1)).toEqual([]);
  });
});

describe('shard rules', () => {
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

  test('every account resides on exactly one shard, before and after it is listed', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 2, max: 8 }), fc.nat(), (account, shardCount, pick) => {
        const state = new MapState();
        const all = Array.from({ length: shardCount }, (_, shard) => createShardRules({ shard, shardCount }));
        const locals = (): number[] =>
          all.filter((r) => r.residence(state, account).kind === 'local').map((r) => r.shard);
        expect(locals()).toEqual([home(account, shardCount)]);
        const placement = { address: account, shard: pick % shardCount };
        state.apply(all[0]?.placementWrites(state, placement) ?? []);
        expect(locals()).toEqual([placement.shard]);
        for (const rules of all.filter((r) => r.shard !== placement.shard)) {
          expect(rules.residence(state, account)).toEqual({ kind: 'remoteContract', shard: placement.shard });
        }
      }),
    );
  });

  test('an account of another shard that is not listed is a remote account', () => {
    const account = '0x0000000000000000000000000000000000000000';
    const rules = createShardRules({ shard: 0, shardCount: 4 });
    expect(rules.residence(new MapState(), account)).toEqual({ kind: 'remoteAccount', shard: 1 });
  });

  test('the first writer wins', () => {
    const state = new MapState();
    const rules = createShardRules({ shard: 0, shardCount: 3 });
    const account = '0x00000000000000000000000000000000000000cc';
    state.apply(rules.placementWrites(state, { address: account, shard: 2 }));
    expect(rules.placementWrites(state, { address: account, shard: 1 })).toEqual([]);
    expect(listedShard(state, account, 3)).toBe(2);
  });

  test('precompiles and system contracts are local everywhere', () => {
    expect(REPLICATED_ADDRESSES.size).toBe(22);
    for (const shard of [0, 1, 2, 3]) {
      const rules = createShardRules({ shard, shardCount: 4 });
      for (const account of REPLICATED_ADDRESSES) {
        expect(rules.residence(new MapState(), account).kind).toBe('local');
      }
    }
  });

  test('one shard is Ethereum: all local, nothing charged, nothing written', () => {
    const rules = createShardRules({ shard: 0, shardCount: 1 });
    const account = '0x00000000000000000000000000000000000000cc';
    expect(rules.residence(new MapState(), account)).toEqual({ kind: 'local' });
    expect(rules.creationGas).toBe(0);
    expect(rules.placementWrites(new MapState(), { address: account, shard: 0 })).toEqual([]);
  });

  test('a creation costs 5,000 gas more for each other shard', () => {
    expect(createShardRules({ shard: 0, shardCount: 4 }).creationGas).toBe(15_000);
  });

  test('RemoteContract is ABI-encoded', () => {
    const data = remoteContractError('0x00000000000000000000000000000000000000cc', 3);
    expect(data).toHaveLength(68);
    expect(data[4 + 31]).toBe(0xcc);
    expect(data[67]).toBe(3);
  });
});
