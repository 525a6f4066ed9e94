import { bigintToBytes, concatBytes, hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import {
  type Address,
  DIRECTORY_ADDRESS,
  MAX_SHARDS,
  type Message,
  type Placement,
  type ShardId,
  type UnsequencedMessage,
} from '@heddle/types';
import { decodeDirectoryWord, directoryWrite, listedShard } from './directory.ts';
import { InvalidShardError } from './errors.ts';
import { home } from './home.ts';
import { CREATION_GAS_PER_SHARD, MAX_REMEMBERED_ADDRESSES } from './limits.ts';
import { REPLICATED_ADDRESSES } from './replicated.ts';
import { inboundCursors, sequence } from './sequences.ts';
import { directorySlot, type StorageWrite } from './slots.ts';

/** Where an account lives, as one shard sees it. */
export type Residence =
  /** Its state is here: resident, or a replicated contract or precompile. */
  | { readonly kind: 'local' }
  /** Not a listed contract: looks empty here, value it receives is swept into a Transfer. */
  | { readonly kind: 'remoteAccount'; readonly shard: ShardId }
  /** A contract listed on another shard: calls to it fail with `RemoteContract(address, shard)`. */
  | { readonly kind: 'remoteContract'; readonly shard: ShardId };

/**
 * All rules that depend on the shard they speak for. With one shard everything is local and nothing is written, which is
 * plain Ethereum. What the protocol reads of the state by them is not charged and in no access list.
 */
export interface ShardRules {
  readonly shard: ShardId;
  readonly shardCount: number;
  residence(state: StateReader, address: Address): Residence;
  /** Extra gas of a creation: 5,000 · (S − 1). */
  readonly creationGas: number;
  /** The directory words that list `placement`; empty when S = 1 or when it is already listed (first writer wins). */
  placementWrites(state: StateReader, placement: Placement): readonly StorageWrite[];
  /** Next sequence that `state` expects from each source, shardCount entries. */
  inboundCursors(state: StateReader): readonly bigint[];
  /** Settlement: assigns sequences in order of emission and returns the words that change. */
  sequence(
    state: StateReader,
    emitted: readonly UnsequencedMessage[],
    sourceHeight: bigint,
  ): { readonly outbox: readonly Message[]; readonly writes: readonly StorageWrite[] };
}

/** Which shard of how many the rules speak for. */
export interface ShardRulesOptions {
  readonly shard: ShardId;
  /** 1 … 64. */
  readonly shardCount: number;
}

const REMOTE_CONTRACT_SELECTOR = keccak256(utf8ToBytes('RemoteContract(address,uint256)')).subarray(0, 4);
const LOCAL: Residence = { kind: 'local' };

/** The rules as one shard sees them. */
export function createShardRules(options: ShardRulesOptions): ShardRules {
  const { shard, shardCount } = options;
  checkShard(shard, shardCount);
  const places = rememberPlaces(shardCount);
  return {
    shard,
    shardCount,
    creationGas: CREATION_GAS_PER_SHARD * (shardCount - 1),
    residence: (state, address) => residence(state, address, shard, shardCount, places),
    placementWrites: (state, placement) =>
      shardCount === 1 || listedShard(state, placement.address, shardCount) !== null
        ? []
        : [directoryWrite(placement, shardCount)],
    inboundCursors: (state) => inboundCursors(state, shardCount),
    sequence: (state, emitted, sourceHeight) => sequence(state, emitted, shard, shardCount, sourceHeight),
  };
}

/** ABI encoding of the error RemoteContract(address, uint256): selector and two words, 68 bytes. */
export function remoteContractError(address: Address, shard: ShardId): Uint8Array {
  return concatBytes(
    REMOTE_CONTRACT_SELECTOR,
    new Uint8Array(12),
    hexToBytes(address),
    bigintToBytes(BigInt(shard), 32),
  );
}

/** Throws `InvalidShardError` for a shard that the network does not have. */
function checkShard(shard: ShardId, shardCount: number): void {
  const countIsGood = Number.isInteger(shardCount) && shardCount >= 1 && shardCount <= MAX_SHARDS;
  if (!countIsGood || !Number.isInteger(shard) || shard < 0 || shard >= shardCount) {
    throw new InvalidShardError(shard, shardCount, MAX_SHARDS);
  }
}

/** Everything about an address that only hashing tells. */
interface HashedAddress {
  readonly home: ShardId;
  readonly slot: bigint;
}

function residence(
  state: StateReader,
  address: Address,
  shard: ShardId,
  shardCount: number,
  placeOf: (address: Address) => HashedAddress,
): Residence {
  if (shardCount === 1 || REPLICATED_ADDRESSES.has(address)) return LOCAL;
  const place = placeOf(address);
  const listed = decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, place.slot), shardCount);
  if (listed !== null) return listed === shard ? LOCAL : { kind: 'remoteContract', shard: listed };
  return place.home === shard ? LOCAL : { kind: 'remoteAccount', shard: place.home };
}

/** Two keccaks an address, remembered: what they yield never changes. */
function rememberPlaces(shardCount: number): (address: Address) => HashedAddress {
  const remembered = new Map<Address, HashedAddress>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const place = { home: home(address, shardCount), slot: directorySlot(address) };
    if (remembered.size >= MAX_REMEMBERED_ADDRESSES) remembered.clear();
    remembered.set(address, place);
    return place;
  };
}
