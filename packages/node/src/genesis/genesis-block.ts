import { commitRoots, genesisChunkHeader, genesisSectionHeader } from '@heddle/execution';
import { BLS_SIGNATURE_BYTES, keccak256Hex } from '@heddle/primitives';
import { genesisLayer, type StateChanges } from '@heddle/state';
import type { GenesisWrite } from '@heddle/storage';
import {
  type Block,
  type BlockHeader,
  type ChunkHeader,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Genesis,
  type GenesisAccount,
  genesisToJson,
  type Hash,
  hashBlockHeader,
  hashValidators,
  type Section,
  type ValidatorSet,
  ZERO_HASH,
} from '@heddle/types';
import { genesisShardAllocs, type ShardAlloc } from './shard-allocs.ts';

/** Epoch of the genesis validator set. */
const FIRST_EPOCH = 0n;

/** What a network starts from. */
export interface BuiltGenesis {
  readonly genesis: Genesis;
  readonly write: GenesisWrite;
  /** The set of epoch 0. */
  readonly validatorSet: ValidatorSet;
}

/** The genesis block with every shard's state. The same file gives the same hash on every machine. */
export function buildGenesis(genesis: Genesis): BuiltGenesis {
  const { validators, shardCount } = genesis;
  const validatorSet: ValidatorSet = { epoch: FIRST_EPOCH, validators, hash: hashValidators(validators) };
  const layers = genesisShardAllocs(genesis).map((alloc) => genesisLayer(changesOf(alloc)));
  const chunkHeaders = layers.map(({ root }, shard) =>
    genesisChunkHeader({
      shard,
      shardCount,
      stateRoot: root,
      gasLimit: genesis.chunkGasLimit,
      baseFeePerGas: genesis.baseFeePerGas,
      timestamp: genesis.timestamp,
    }),
  );
  const block = genesisBlock(genesis, validatorSet, chunkHeaders);
  return {
    genesis,
    validatorSet,
    write: {
      block,
      blockHash: hashBlockHeader(block.header),
      genesisJson: genesisToJson(genesis),
      shards: layers.map(({ changes, storageRoots, nodes, tries }) => ({ changes, storageRoots, nodes, tries })),
    },
  };
}

function genesisBlock(genesis: Genesis, { hash }: ValidatorSet, chunkHeaders: readonly ChunkHeader[]): Block {
  const stateRoots = chunkHeaders.map(({ stateRoot }) => stateRoot);
  const section = genesisSection(genesis, stateRoots);
  const emptyRoots = [...stateRoots, ...(section === null ? [] : [section])].map(() => EMPTY_TRIE_ROOT);
  const header: BlockHeader = {
    parentHash: ZERO_HASH,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: genesis.coinbase,
    stateRoot: commitRoots(stateRoots),
    transactionsRoot: commitRoots(emptyRoots),
    receiptsRoot: commitRoots(emptyRoots),
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number: 0n,
    gasLimit: genesis.chunkGasLimit * BigInt(genesis.shardCount) + (section?.header.gasLimit ?? 0n),
    gasUsed: 0n,
    timestamp: genesis.timestamp,
    extraData: genesis.extraData,
    mixHash: genesis.mixHash,
    nonce: new Uint8Array(8),
    baseFeePerGas: genesis.baseFeePerGas,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: hash,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
  const chunks = chunkHeaders.map((chunk) => ({ header: chunk, certificate: null }));
  return { header, view: 0n, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES), chunks, section };
}

/** Nothing has happened, but what comes next stands on its state roots and base fee. Null with one shard. */
function genesisSection(
  { shardCount, globalGasLimit, baseFeePerGas }: Genesis,
  stateRoots: readonly Hash[],
): Section | null {
  if (shardCount === 1) return null;
  return { header: genesisSectionHeader(stateRoots, globalGasLimit, baseFeePerGas), control: null, transactions: [] };
}

function changesOf(alloc: ShardAlloc): StateChanges {
  const codes = new Map<Hash, Uint8Array>();
  const accounts = new Map([...alloc].map(([address, account]) => [address, accountFields(account, codes)]));
  const storage = new Map(
    [...alloc].filter(([, account]) => account.storage.size > 0).map(([a, { storage: s }]) => [a, s]),
  );
  return { accounts, storage, codes };
}

function accountFields(
  { nonce, balance, code }: GenesisAccount,
  codes: Map<Hash, Uint8Array>,
): { readonly nonce: bigint; readonly balance: bigint; readonly codeHash: Hash } {
  if (code.length === 0) return { nonce, balance, codeHash: EMPTY_CODE_HASH };
  const codeHash = keccak256Hex(code);
  codes.set(codeHash, code);
  return { nonce, balance, codeHash };
}
