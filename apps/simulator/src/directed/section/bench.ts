import {
  type ChunkContext,
  executeChunk,
  executeSection,
  InvalidChunkError,
  InvalidSectionError,
  type SectionContext,
  type SectionOutcome,
} from '@heddle/execution';
import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { createShardRules, home } from '@heddle/sharding';
import { createLayer, createMemoryBackend, openState, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  type ChunkHeader,
  hashChunkHeader,
  type RecoveredTransaction,
  type ShardId,
  signTransaction,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { type SimulatedGenesis, simulatedGenesis, type UserAccount } from '../../world/genesis.ts';

export const SHARDS = 2;
const HEIGHT = 1n;
/** Seconds. */
const TIME = 1_700_000_100n;
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** What a test transaction says; the rest is usual. */
export interface Wanted {
  readonly to: Address | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  readonly nonce: bigint;
}

export const PLAIN: Wanted = { to: ZERO_ADDRESS, value: 0n, data: EMPTY_BYTES, gasLimit: 100_000n, nonce: 0n };

/** Two shards as a simulated genesis has them, for a first block that execution alone makes. */
export class SectionBench {
  readonly genesis: SimulatedGenesis = simulatedGenesis({
    validators: 4,
    shards: SHARDS,
    dispatch: false,
    devnet: true,
    blockTimeMs: 0,
    maxIdleMs: null,
    chunkDeadlineMs: null,
    epochLength: 7_200n,
    spares: 0,
  });
  readonly states: readonly StateSnapshot[];
  /** One a shard, new at the height. */
  readonly chunks: readonly ChunkHeader[];

  constructor() {
    const { block, shards } = this.genesis.built.write;
    this.states = shards.map((update, shard) => {
      const backend = createMemoryBackend();
      backend.apply(update);
      return openState(backend, defined(block.chunks[shard]).header.stateRoot);
    });
    this.chunks = block.chunks.map(({ header }) => ({
      ...header,
      height: HEIGHT,
      coveredHeight: HEIGHT,
      timestamp: TIME,
    }));
  }

  get context(): SectionContext {
    const { genesis } = this.genesis;
    return {
      chainId: genesis.chainId,
      height: HEIGHT,
      timestamp: TIME,
      coinbase: defined(this.genesis.feeRecipients[0]?.[0]),
      prevRandao: ZERO_HASH,
      parentBeaconBlockRoot: `0x${'be'.repeat(32)}`,
      gasLimit: genesis.globalGasLimit,
      baseFeePerGas: genesis.baseFeePerGas,
      ancestor: (height) => this.#ancestor(height),
      chunks: this.chunks,
    };
  }

  user(shard: ShardId): UserAccount {
    return defined(this.genesis.accounts.find((account) => account.shard === shard));
  }

  sign(from: UserAccount, wanted: Partial<Wanted>): RecoveredTransaction {
    const { chainId } = this.genesis.genesis;
    return signTransaction({ type: 2, chainId, accessList: [], ...FEES, ...PLAIN, ...wanted }, from.privateKey);
  }

  execute(
    transactions: readonly RecoveredTransaction[],
    changed: Partial<SectionContext> = {},
    states: readonly StateSnapshot[] = this.states,
  ): SectionOutcome {
    return executeSection({ ...this.context, ...changed }, states, transactions);
  }

  /** The states after a section. */
  after({ changes }: SectionOutcome): readonly StateSnapshot[] {
    return this.states.map((state, shard) => createLayer(state, defined(changes[shard])));
  }

  /** Why a section with these is invalid; null if it is not. */
  refusal(transactions: readonly RecoveredTransaction[], changed: Partial<SectionContext> = {}): string | null {
    try {
      this.execute(transactions, changed);
      return null;
    } catch (error) {
      if (error instanceof InvalidSectionError) return error.facts.reason;
      throw error;
    }
  }

  /** Why a chunk of the shard with this transaction is invalid; null if it is not. */
  chunkRefusal(shard: ShardId, transaction: RecoveredTransaction): string | null {
    const rules = createShardRules({ shard, shardCount: SHARDS });
    try {
      executeChunk(this.#chunkContext(shard), defined(this.states[shard]), rules, [transaction]);
      return null;
    } catch (error) {
      if (error instanceof InvalidChunkError) return error.facts.reason;
      throw error;
    }
  }

  /** A shard that is not the address's home. */
  foreign(address: Address): ShardId {
    return (home(address, SHARDS) + 1) % SHARDS;
  }

  #chunkContext(shard: ShardId): ChunkContext {
    const { genesis, built } = this.genesis;
    const parentChunk = defined(built.write.block.chunks[shard]).header;
    const { chainId, height, timestamp, prevRandao, parentBeaconBlockRoot, ancestor } = this.context;
    return {
      ...{ chainId, height, timestamp, prevRandao, parentBeaconBlockRoot, ancestor, shard, shardCount: SHARDS },
      coinbase: defined(this.genesis.feeRecipients[0]?.[shard]),
      parentBlockHash: built.write.blockHash,
      parentChunk,
      parentChunkHash: hashChunkHeader(parentChunk),
      gasLimit: genesis.chunkGasLimit,
      baseFees: [genesis.baseFeePerGas, genesis.baseFeePerGas],
      allowances: [0n, 0n],
      dispatch: false,
      queue: [],
    };
  }

  #ancestor(height: bigint): ReturnType<SectionContext['ancestor']> {
    if (height !== 0n) return null;
    const { block, blockHash } = this.genesis.built.write;
    const { timestamp, parentBeaconBlockRoot } = block.header;
    return { hash: blockHash, timestamp, parentBeaconBlockRoot };
  }
}

export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new ImpossibleStateError('the bench has everything that it asks for');
  return value;
}
