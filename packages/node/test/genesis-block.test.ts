import { openValidatorStorage } from '@heddle/storage';
import {
  type Address,
  EMPTY_TRIE_ROOT,
  type Genesis,
  genesisToJson,
  hashBlockHeader,
  hashValidators,
  parseGenesis,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { createDevnetGenesis } from '../src/genesis/devnet-genesis.ts';
import { buildGenesis } from '../src/genesis/genesis-block.ts';

const ALICE: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';

/** Another than that of a devnet. */
const GLOBAL_GAS_LIMIT = 17_000_000n;

function devnet(shardCount: number, balanceWei = 5n): Genesis {
  return createDevnetGenesis({
    chainId: 31_337n,
    shardCount,
    validatorCount: 4,
    accounts: [ALICE],
    balanceWei,
    blockTimeMs: 0,
    timestamp: 1_700_000_000n,
  }).genesis;
}

describe('the genesis block', () => {
  test.each([1, 2, 5])('the same genesis gives the same hash, %s shards', (shardCount) => {
    const built = buildGenesis(devnet(shardCount));
    expect(buildGenesis(devnet(shardCount))).toEqual(built);
    expect(built.write.blockHash).toBe(hashBlockHeader(built.write.block.header));
    const reread = parseGenesis(JSON.parse(genesisToJson(devnet(shardCount))));
    expect(buildGenesis(reread).write.blockHash).toBe(built.write.blockHash);
  });

  test('anything else gives another', () => {
    const genesis = devnet(2);
    const others: readonly Genesis[] = [
      genesis,
      devnet(3),
      devnet(2, 6n),
      { ...genesis, timestamp: genesis.timestamp + 1n },
      { ...genesis, baseFeePerGas: 2n },
      { ...genesis, validators: genesis.validators.slice(1) },
      { ...genesis, extraData: Uint8Array.of(1) },
      { ...genesis, globalGasLimit: GLOBAL_GAS_LIMIT },
    ];
    const hashes = others.map((other) => buildGenesis(other).write.blockHash);
    expect(new Set(hashes).size).toBe(others.length);
  });

  test('the order of the allocation does not matter', () => {
    const genesis = devnet(2);
    const reversed = { ...genesis, alloc: new Map([...genesis.alloc].reverse()) };
    expect(buildGenesis(reversed).write.blockHash).toBe(buildGenesis(genesis).write.blockHash);
  });

  test('with one shard the header repeats the chunk’s roots', () => {
    const { header, chunks, section } = buildGenesis(devnet(1)).write.block;
    expect(chunks).toHaveLength(1);
    expect(section).toBeNull();
    expect(header.stateRoot).toBe(chunks[0]?.header.stateRoot);
    expect(header.stateRoot).not.toBe(EMPTY_TRIE_ROOT);
    expect([header.transactionsRoot, header.receiptsRoot]).toEqual([EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT]);
    expect(header.gasLimit).toBe(chunks[0]?.header.gasLimit);
  });

  test('with several it commits to all of them, and sums the gas limits, the section’s included', () => {
    const { header, chunks, section } = buildGenesis({ ...devnet(3), globalGasLimit: GLOBAL_GAS_LIMIT }).write.block;
    expect(section?.header.gasLimit).toBe(GLOBAL_GAS_LIMIT);
    expect(section?.header.stateRoots).toEqual(chunks.map((chunk) => chunk.header.stateRoot));
    expect(section?.transactions).toEqual([]);
    expect(chunks.map(({ header: { shard, height } }) => [shard, height])).toEqual([
      [0, 0n],
      [1, 0n],
      [2, 0n],
    ]);
    expect(chunks.map(({ header: { stateRoot } }) => stateRoot)).not.toContain(header.stateRoot);
    expect(header.gasLimit).toBe(120_000_000n + GLOBAL_GAS_LIMIT);
  });

  test('names the validators that certify its children', () => {
    const genesis = devnet(1);
    const { validatorSet, write } = buildGenesis(genesis);
    expect(validatorSet).toEqual({
      epoch: 0n,
      validators: genesis.validators,
      hash: hashValidators(genesis.validators),
    });
    expect(write.block.header.parentBeaconBlockRoot).toBe(validatorSet.hash);
  });

  test('is what an empty store starts from, with every account', async () => {
    const { write } = buildGenesis(devnet(2));
    const storage = await openValidatorStorage({ directory: null, genesis: write });
    expect(storage.chain.head().hash).toBe(write.blockHash);
    expect([0, 1].map((shard) => storage.chain.state(shard).flatAccount(ALICE)?.balance ?? 0n).sort()).toEqual([
      0n,
      5n,
    ]);
    await storage.close();
  });
});
