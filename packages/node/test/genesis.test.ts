import { DETERMINISTIC_DEPLOYER_ADDRESS, REGISTRY_ADDRESS } from '@heddle/contracts';
import { blsPublicKey, blsVerifyPossession } from '@heddle/primitives';
import { directorySlot, encodeDirectoryWord, home } from '@heddle/sharding';
import {
  type Address,
  DIRECTORY_ADDRESS,
  type Genesis,
  type GenesisAccount,
  genesisToJson,
  MESSENGER_ADDRESS,
  parseGenesis,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDevnetGenesis, devnetFeeRecipients, devnetValidatorKeys } from '../src/genesis/devnet-genesis.ts';
import { genesisShardAllocs } from '../src/genesis/shard-allocs.ts';

const ALICE: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';

function devnet(shardCount: number, validatorCount = 2): Genesis {
  return createDevnetGenesis({
    chainId: 31337n,
    shardCount,
    validatorCount,
    accounts: [ALICE],
    balanceWei: 5n,
    blockTimeMs: 0,
    timestamp: 1_700_000_000n,
  }).genesis;
}

function withAccount(genesis: Genesis, address: Address, account: Partial<GenesisAccount>): Genesis {
  const empty = { balance: 0n, nonce: 0n, code: new Uint8Array(), storage: new Map(), shard: null };
  return { ...genesis, alloc: new Map([...genesis.alloc, [address, { ...empty, ...account }]]) };
}

describe('the devnet genesis', () => {
  test('is the same for the same options and survives its file', () => {
    const json = genesisToJson(devnet(2));
    expect(genesisToJson(devnet(2))).toBe(json);
    expect(genesisToJson(parseGenesis(JSON.parse(json)))).toBe(json);
  });

  test('gives a chunk the time that its validators need for all of them, and views more', () => {
    expect(devnet(2, 4)).toMatchObject({ chunkDeadlineMs: 100, deltaMs: 500 });
    const { chunkDeadlineMs, deltaMs } = devnet(64, 4);
    expect(chunkDeadlineMs).toBeGreaterThan(1_000);
    expect(deltaMs).toBeGreaterThanOrEqual(chunkDeadlineMs);
  });

  test('validators have their keys and possess them', () => {
    const keys = devnetValidatorKeys(3);
    for (const [index, { publicKey, proofOfPossession }] of devnet(1, 3).validators.entries()) {
      expect(blsPublicKey(keys[index] ?? new Uint8Array())).toEqual(publicKey);
      expect(blsVerifyPossession(publicKey, proofOfPossession)).toBe(true);
    }
    expect(devnetValidatorKeys(1)).toEqual(keys.slice(0, 1));
  });

  test('with one shard there is no sharding contract', () => {
    const { alloc } = devnet(1);
    const empty = { balance: 0n, nonce: 0n, code: new Uint8Array(), storage: new Map(), shard: null };
    expect(alloc.has(DIRECTORY_ADDRESS)).toBe(false);
    expect(alloc.has(MESSENGER_ADDRESS)).toBe(false);
    expect(alloc.has(DETERMINISTIC_DEPLOYER_ADDRESS)).toBe(true);
    const [shard] = genesisShardAllocs(devnet(1));
    expect(new Map(shard).set(REGISTRY_ADDRESS, empty)).toEqual(new Map(alloc).set(REGISTRY_ADDRESS, empty));
  });
});

describe('the allocation over shards', () => {
  test('every account once at its residence, replicated ones everywhere, supply kept', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.uniqueArray(fc.tuple(fc.bigInt(2n ** 32n, 2n ** 160n - 1n), fc.bigInt(0n, 1_000n)), {
          selector: ([key]) => key,
          maxLength: 20,
        }),
        (shardCount, accounts) => {
          let genesis = withAccount(devnet(shardCount, 1), '0x0000000000000000000000000000000000000001', {
            balance: 7n,
          });
          for (const [key, balance] of accounts) {
            genesis = withAccount(genesis, `0x${key.toString(16).padStart(40, '0')}`, { balance });
          }
          const shards = genesisShardAllocs(genesis);
          const total = (alloc: Iterable<GenesisAccount>): bigint =>
            [...alloc].reduce((sum, { balance }) => sum + balance, 0n);
          expect(shards.reduce((sum, alloc) => sum + total(alloc.values()), 0n)).toBe(total(genesis.alloc.values()));
          for (const [key] of accounts) {
            const address: Address = `0x${key.toString(16).padStart(40, '0')}`;
            const found = shards.flatMap((alloc, shard) => (alloc.has(address) ? [shard] : []));
            expect(found).toEqual([home(address, shardCount)]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a contract away from home is listed in two words, at its home and where it resides; others nowhere', () => {
    const preset: Address = `0x${'77'.repeat(20)}`;
    const shardCount = 4;
    const atHome = home(preset, shardCount);
    const shard = (atHome + 1) % shardCount;
    const shards = genesisShardAllocs(withAccount(devnet(shardCount), preset, { code: Uint8Array.of(0), shard }));
    const wordsOf = (address: Address): readonly (bigint | undefined)[] =>
      shards.map((alloc) => alloc.get(DIRECTORY_ADDRESS)?.storage.get(directorySlot(address)));
    const word = encodeDirectoryWord(shard, shardCount);
    expect(wordsOf(preset)).toEqual(shards.map((_, at) => (at === atHome || at === shard ? word : undefined)));
    for (const address of [DETERMINISTIC_DEPLOYER_ADDRESS, DIRECTORY_ADDRESS, ALICE]) {
      expect(wordsOf(address)).toEqual(shards.map(() => undefined));
    }
    expect(shards.map((alloc) => alloc.has(preset))).toEqual(shards.map((_, at) => at === shard));
  });

  test.each([
    ['an account without code away from home', ALICE, { shard: (home(ALICE, 4) + 1) % 4 }, 'only a contract'],
    [
      'a delegating account away from home',
      ALICE,
      { shard: (home(ALICE, 4) + 1) % 4, code: delegation() },
      'only a contract',
    ],
    ['a shard that does not exist', ALICE, { shard: 4, code: Uint8Array.of(0) }, 'shard 4 does not exist'],
    ['a shard for a replicated contract', DIRECTORY_ADDRESS, { shard: 0 }, 'replicated on every shard'],
    ['a directory without code', DIRECTORY_ADDRESS, {}, 'needs this system contract'],
  ])('%s is refused', (_name, address, account, message) => {
    expect(() => genesisShardAllocs(withAccount(devnet(4), address, account))).toThrow(
      expect.objectContaining({
        code: 'GENESIS_ALLOCATION',
        message: expect.stringContaining(message),
        facts: expect.objectContaining({ address }),
      }),
    );
  });
});

describe('fee recipients', () => {
  test('are at home on their shard, and all different', () => {
    const recipients = devnetFeeRecipients(5, 7);
    for (const row of recipients) expect(row.map((address) => home(address, 7))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(new Set(recipients.flat()).size).toBe(35);
    expect(devnetFeeRecipients(5, 7)).toEqual(recipients);
  });
});

function delegation(): Uint8Array {
  return Uint8Array.from([0xef, 0x01, 0x00, ...new Uint8Array(20)]);
}
