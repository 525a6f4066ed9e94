import type { StateReader } from '@heddle/state';
import type { Address, Hash, Message, Placement, ShardId, UnsequencedMessage } from '@heddle/types';

/** Where an account lives, as one shard sees it. The same shape as execution's port: the node passes one for the other. */
export type Residence =
  /** Its state is here: resident, or a replicated contract or precompile. */
  | { readonly kind: 'local' }
  /** Of another shard and not a listed contract. */
  | { readonly kind: 'remoteAccount'; readonly shard: ShardId }
  /** A contract listed on another shard. */
  | { readonly kind: 'remoteContract'; readonly shard: ShardId };

/** One storage word that a rule writes outside the EVM. */
export interface StorageWrite {
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
}

/** What the EVM asks of the sharding rules. */
export interface ShardRules {
  readonly shard: ShardId;
  readonly shardCount: number;
  residence(state: StateReader, address: Address): Residence;
  /** Extra gas of a creation: 5,000 · (S − 1). */
  readonly creationGas: number;
  /** Empty when S = 1 or when the address is already listed: the first writer wins. */
  placementWrites(state: StateReader, placement: Placement): readonly StorageWrite[];
  /** ABI-encoded error RemoteContract(address, uint256), 68 bytes. */
  remoteContractError(address: Address, shard: ShardId): Uint8Array;
}

/** What chunk execution asks of the message rules. */
export interface MessageRules {
  /** Next sequence expected from each source, shardCount entries. */
  inboundCursors(state: StateReader): readonly bigint[];
  weight(message: Message | UnsequencedMessage): bigint;
  deliveredWeight(message: Message, gasUsed: bigint): bigint;
  cursorWrite(message: Message): StorageWrite;
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
