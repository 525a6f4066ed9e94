import type { Address, Hash } from './ids.ts';

/**
 * What the owner of a devnet may do to its chain beside transactions. Valid only where the genesis says `devnet`; ordered by
 * consensus like everything else, so that all validators change together or none does.
 */
export type ControlOperation =
  /** Wei, u256. What it makes or takes, conservation counts. */
  | { readonly kind: 'balance'; readonly address: Address; readonly value: bigint }
  | { readonly kind: 'code'; readonly address: Address; readonly code: Uint8Array }
  /** u64. */
  | { readonly kind: 'nonce'; readonly address: Address; readonly value: bigint }
  /** Both u256. */
  | { readonly kind: 'storage'; readonly address: Address; readonly slot: bigint; readonly value: bigint }
  /** Of the next mined block, all its chunks and its section: wei a gas, u256. */
  | { readonly kind: 'nextBaseFee'; readonly value: bigint }
  /** PREVRANDAO of the next mined block. */
  | { readonly kind: 'nextPrevRandao'; readonly value: Hash }
  /** Of each chunk and section from the next block on, and what block headers say. */
  | { readonly kind: 'gasLimit'; readonly value: bigint }
  | MineOperation;

/**
 * A run of `count` ≥ 1 blocks for the price of one decision: the control block is the last of them, the others are
 * canonical empty ones that everybody derives. Stands last in its control part.
 */
export interface MineOperation {
  readonly kind: 'mine';
  readonly count: bigint;
  /** Seconds: timestamp of the first block, not before the parent's. */
  readonly firstTimestamp: bigint;
  /** Seconds between the blocks' timestamps. */
  readonly interval: bigint;
}

/** A block's control part. Such a block carries nothing else: its chunks are the canonical empty ones. */
export interface ControlPart {
  /** Its place among all control parts of the chain, from 0: so none counts twice. */
  readonly number: bigint;
  /** The block that this one was decided on: a run's header names the last of its derived blocks instead. */
  readonly parentHash: Hash;
  /** At least one. */
  readonly operations: readonly ControlOperation[];
}

/** What control operations have left for blocks to come. Not in any trie: it follows from the control parts of the chain. */
export interface ControlState {
  /** Number of the next control part. */
  readonly nextNumber: bigint;
  /** Null: the genesis's. */
  readonly gasLimit: bigint | null;
  /** For the next mined block; null: by the rules. */
  readonly nextBaseFee: bigint | null;
  readonly nextPrevRandao: Hash | null;
}

/** A chain that was never controlled. */
export const NO_CONTROL: ControlState = { nextNumber: 0n, gasLimit: null, nextBaseFee: null, nextPrevRandao: null };

/** The run that a control part asks for; null if it mines nothing. */
export function runOf({ operations }: Pick<ControlPart, 'operations'>): MineOperation | null {
  const last = operations.at(-1);
  return last?.kind === 'mine' ? last : null;
}
