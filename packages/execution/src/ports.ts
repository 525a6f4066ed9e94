import type { StateReader } from '@heddle/state';
import type { Address, Hash, Message, Placement, ShardId, UnsequencedMessage } from '@heddle/types';

/** Where an account lives, as one shard sees it. */
export type Residence =
  /** Its state is here: resident, or a replicated contract or precompile. */
  | { readonly kind: 'local' }
  /** Not a listed contract: looks empty here, value it receives is swept into a Transfer. */
  | { readonly kind: 'remoteAccount'; readonly shard: ShardId }
  /** A contract listed on another shard: calls to it fail with `RemoteContract(address, shard)`. */
  | { readonly kind: 'remoteContract'; readonly shard: ShardId };

/** One storage word that a rule writes outside the EVM. */
export interface StorageWrite {
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
}

/** What the EVM asks of the sharding rules. Implemented by cross-shard, pure. With S = 1 everything is local. */
export interface ShardRules {
  readonly shard: ShardId;
  readonly shardCount: number;
  /** Directory reads by the protocol are not charged and not in the access list: `state` is the unrecorded view. */
  residence(state: StateReader, address: Address): Residence;
  /** Extra gas of a creation: 5,000 · (S − 1). */
  readonly creationGas: number;
  /** The directory words that list `placement`; empty when S = 1 or when it is already listed (first writer wins). */
  placementWrites(state: StateReader, placement: Placement): readonly StorageWrite[];
  /** ABI-encoded error RemoteContract(address, uint256). */
  remoteContractError(address: Address, shard: ShardId): Uint8Array;
}

/** What chunk execution asks of the message rules. Implemented by cross-shard, pure. */
export interface MessageRules {
  /** Next sequence that `state` expects from each source, shardCount entries. */
  inboundCursors(state: StateReader): readonly bigint[];
  /** What a message may take of the delivery budget at most: by the gas that it declares. */
  weight(message: Message | UnsequencedMessage): bigint;
  /** What it has taken once delivered, `gasUsed` being what its execution really used; at most `weight`. */
  deliveredWeight(message: Message, gasUsed: bigint): bigint;
  /** The word that moves the inbound cursor past `message`. */
  cursorWrite(message: Message): StorageWrite;
  /** Settlement: assigns sequences in order of emission and returns the words that change. */
  sequence(
    state: StateReader,
    emitted: readonly UnsequencedMessage[],
    sourceHeight: bigint,
  ): { readonly outbox: readonly Message[]; readonly writes: readonly StorageWrite[] };
  outboxRoot(outbox: readonly Message[]): Hash;
  placementsRoot(placements: readonly Placement[]): Hash;
  /** keccak256(rlp([cause, ordinal])). */
  messageId(cause: Hash, ordinal: number): Hash;
}

/** Sees every keccak256 of exactly two words that code computes: the names of mapping slots, mostly. */
export interface HashObserver {
  hashed(first: bigint, second: bigint, digest: bigint): void;
}
