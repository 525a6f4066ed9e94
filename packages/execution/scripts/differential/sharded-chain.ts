import { ImpossibleStateError, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { createShardRules, type ShardRules } from '@heddle/sharding';
import { createLayer, genesisLayer, type StateChanges, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  type ChunkHeader,
  type Hash,
  hashChunkHeader,
  type RecoveredTransaction,
  type ShardId,
} from '@heddle/types';
import {
  type AncestorBlock,
  assembleChunkHeader,
  type ChunkContext,
  type ChunkOutcome,
  chunkRoots,
  genesisChunkHeader,
  produceChunk,
  type SectionContext,
} from '../../src/index.ts';
import { BASE_FEE, CHAIN_ID } from '../random-block.ts';
import { type FlatAccount, type FlatState, joinStates, residenceBySeed, spreadState } from '../spread-state.ts';
import { PREV_RANDAO } from './one-state.ts';

export const GAS_LIMIT = 60_000_000n;
const GENESIS_TIME = 2_000_000_000n;

/** What chunks and section of one block share. */
export interface BlockPlace {
  readonly number: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
}

/** Seconds: chunks are up to eleven seconds earlier. */
export function timestampAt(number: bigint): bigint {
  return GENESIS_TIME + 12n * number;
}

export function blockHashAt(number: bigint): Hash {
  return keccak256Hex(utf8ToBytes(`block ${number}`));
}

export function beaconRootAt(number: bigint): Hash {
  return keccak256Hex(utf8ToBytes(`root ${number}`));
}

function ancestorAt(number: bigint): AncestorBlock | null {
  if (number < 0n) return null;
  return { hash: blockHashAt(number), timestamp: timestampAt(number), parentBeaconBlockRoot: beaconRootAt(number) };
}

/** The shards of a network: real states, chunks and sections, without consensus. */
export class ShardedChain {
  readonly shardCount: number;
  readonly states: StateSnapshot[];
  readonly chunks: ChunkHeader[];
  readonly #flat: readonly FlatState[];
  readonly #rules: readonly ShardRules[];

  constructor(accounts: ReadonlyMap<Address, FlatAccount>, shardCount: number, seed: number) {
    this.shardCount = shardCount;
    this.#flat = spreadState(accounts, shardCount, residenceOf(shardCount, seed));
    this.states = this.#flat.map((state) => genesisLayer(state));
    this.#rules = this.#flat.map((_, shard) => createShardRules({ shard, shardCount }));
    const common = { shardCount, gasLimit: GAS_LIMIT, baseFeePerGas: BASE_FEE, timestamp: GENESIS_TIME };
    this.chunks = this.states.map(({ root }, shard) => genesisChunkHeader({ ...common, shard, stateRoot: root }));
  }

  /** Makes a shard's next chunk of what is local among the candidates. */
  addChunk(
    shard: ShardId,
    { number, timestamp }: BlockPlace,
    coinbase: Address,
    candidates: Iterable<RecoveredTransaction>,
  ): ChunkOutcome {
    const parentChunk = at(this.chunks, shard);
    const context: ChunkContext = {
      chainId: CHAIN_ID,
      shard,
      shardCount: this.shardCount,
      height: number,
      timestamp,
      coinbase,
      prevRandao: PREV_RANDAO,
      parentBlockHash: blockHashAt(number - 1n),
      parentBeaconBlockRoot: beaconRootAt(number),
      parentChunk,
      parentChunkHash: hashChunkHeader(parentChunk),
      gasLimit: GAS_LIMIT,
      baseFees: this.chunks.map(() => BASE_FEE),
      allowances: this.chunks.map(() => 0n),
      ancestor: ancestorAt,
      dispatch: false,
      queue: [],
    };
    const outcome = produceChunk(context, at(this.states, shard), at(this.#rules, shard), candidates, GAS_LIMIT);
    this.apply(shard, outcome.changes);
    const roots = chunkRoots(outcome, this.shardCount);
    this.chunks[shard] = assembleChunkHeader(context, outcome, roots, at(this.states, shard).root, 0);
    return outcome;
  }

  sectionContext({ number, timestamp }: BlockPlace, coinbase: Address): SectionContext {
    return {
      chainId: CHAIN_ID,
      height: number,
      timestamp,
      coinbase,
      prevRandao: PREV_RANDAO,
      parentBeaconBlockRoot: beaconRootAt(number),
      gasLimit: GAS_LIMIT,
      baseFeePerGas: BASE_FEE,
      ancestor: ancestorAt,
      chunks: [...this.chunks],
    };
  }

  apply(shard: ShardId, changes: StateChanges): void {
    at(this.#flat, shard).apply(changes);
    this.states[shard] = createLayer(at(this.states, shard), changes);
  }

  /** All shards as one Ethereum state. */
  union(historyShard: ShardId): FlatState {
    return joinStates(this.#flat, historyShard);
  }

  /** Whether it is on no other shard. */
  isAtMost(shard: ShardId, address: Address): boolean {
    return this.#flat.every(({ accounts }, other) => other === shard || !accounts.has(address));
  }

  nonce(address: Address): bigint {
    return this.#flat.reduce((nonce, { accounts }) => nonce + (accounts.get(address)?.nonce ?? 0n), 0n);
  }
}

/** In every third world all contracts are on one shard, so that more is local. */
function residenceOf(shardCount: number, seed: number): (address: Address) => ShardId {
  return seed % 3 === 0 ? () => (seed / 3) % shardCount : residenceBySeed(shardCount, seed);
}

function at<T>(items: readonly T[], shard: ShardId): T {
  const item = items[shard];
  if (item === undefined) throw new ImpossibleStateError(`there is no shard ${shard}`);
  return item;
}
