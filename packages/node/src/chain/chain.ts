import { mixRandao } from '@heddle/execution';
import { assert, rememberedBy } from '@heddle/primitives';
import { createShardRules, type ShardRules } from '@heddle/sharding';
import { openState } from '@heddle/state';
import type { ChainStore } from '@heddle/storage';
import {
  type Block,
  type Genesis,
  type Hash,
  hashChunkHeader,
  type RecoveredTransaction,
  type ShardId,
  stateRootsOf,
} from '@heddle/types';
import { EpochSchedule } from '../epochs/schedule.ts';
import { ValidatorSets } from '../epochs/validator-sets.ts';
import type { BuiltGenesis } from '../genesis/genesis-block.ts';
import { BlockTree } from './block-tree.ts';
import type { ExecutedBlock, ShardTip } from './executed-block.ts';
import { missedAtHead } from './missed-heights.ts';

/** Finds a transaction whose sender is known already, so that it need not be recovered again. */
export type TransactionLookup = (hash: Hash) => RecoveredTransaction | null;

/** One validator's chain: the final part in the store, the rest in the tree, and what is the same for all blocks. */
export class Chain {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly epochs: EpochSchedule;
  readonly validatorSets: ValidatorSets;
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly knownTransaction: TransactionLookup;
  readonly #rules: readonly ShardRules[];

  constructor({ genesis, write, validatorSet }: BuiltGenesis, store: ChainStore, knownTransaction: TransactionLookup) {
    this.genesis = genesis;
    this.genesisHash = write.blockHash;
    this.store = store;
    this.knownTransaction = knownTransaction;
    this.tree = new BlockTree(finalTip(store));
    this.epochs = new EpochSchedule(genesis.epochLength, store.rewindRecord().branches);
    this.validatorSets = new ValidatorSets(validatorSet, this.epochs, store, this.tree);
    this.#rules = Array.from({ length: genesis.shardCount }, (_, shard) =>
      createShardRules({ shard, shardCount: genesis.shardCount }),
    );
  }

  rules(shard: ShardId): ShardRules {
    const rules = this.#rules[shard];
    assert(rules !== undefined, `there is no shard ${shard}`);
    return rules;
  }

  shardTip(block: ExecutedBlock, shard: ShardId): ShardTip {
    const tip = block.shards[shard];
    assert(tip !== undefined, `there is no shard ${shard}`);
    return tip;
  }

  /** Durable when it resolves, unless it is final already. */
  async keep({ hash, block }: ExecutedBlock): Promise<void> {
    if (this.store.unfinalBlock(hash) === null && this.store.blockByHash(hash) === null) {
      await this.store.putBlock(hash, block);
    }
  }

  /** PREVRANDAO of the blocks on `parent`. */
  mixAfter(parent: ExecutedBlock): Hash {
    return parent.control.nextPrevRandao ?? mixOf(parent.block);
  }

  /** Of a chunk on `parent`. */
  chunkGasLimit({ control }: ExecutedBlock): bigint {
    return control.gasLimit ?? this.genesis.chunkGasLimit;
  }

  /** L, of a section on `parent`. */
  globalGasLimit({ control }: ExecutedBlock): bigint {
    return control.gasLimit ?? this.genesis.globalGasLimit;
  }
}

/** Every chunk and the block on a parent ask for it. */
const mixOf: (parent: Block) => Hash = rememberedBy(({ header, randaoReveal }) =>
  mixRandao(header.mixHash, randaoReveal),
);

/** The store's head as the root of a tree. */
function finalTip(store: ChainStore): ExecutedBlock {
  const { block, hash } = store.head();
  const roots = stateRootsOf(block);
  const shards = block.chunks.map(({ header }, shard): ShardTip => {
    const root = roots[shard];
    assert(root !== undefined, 'a block has a state root for each of its shards');
    const state = openState(store.state(shard), root);
    const queue = store.pendingMessages(shard);
    const missed = missedAtHead(store, block, shard);
    return { header, headerHash: hashChunkHeader(header), state, executed: null, queue, missed };
  });
  const control = store.control();
  return { block, hash, height: block.header.number, shards, section: null, control, derived: null };
}
