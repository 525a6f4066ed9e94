import { bigintToBytes, concatBytes, hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { type Address, MAX_SHARDS, type ShardId } from '@heddle/types';
import { DIRECTORY_ADDRESS, REPLICATED_ADDRESSES } from './addresses.ts';
import { decodeDirectoryWord, directoryWrite, listedShard } from './directory.ts';
import { InvalidShardError } from './errors.ts';
import { home } from './home.ts';
import { CREATION_GAS_PER_SHARD, MAX_REMEMBERED_ADDRESSES } from './limits.ts';
import type { Residence, ShardRules } from './ports.ts';
import { directorySlot } from './slots.ts';

/** Which shard of how many the rules speak for. */
export interface ShardRulesOptions {
  readonly shard: ShardId;
  /** 1 … 64. */
  readonly shardCount: number;
}

const REMOTE_CONTRACT_SELECTOR = keccak256(utf8ToBytes('RemoteContract(address,uint256)')).subarray(0, 4);
const LOCAL: Residence = { kind: 'local' };

/** Throws `InvalidShardError` for a shard that the network does not have. */
export function checkShard(shard: ShardId, shardCount: number): void {
  const countIsGood = Number.isInteger(shardCount) && shardCount >= 1 && shardCount <= MAX_SHARDS;
  if (!countIsGood || !Number.isInteger(shard) || shard < 0 || shard >= shardCount) {
    throw new InvalidShardError(shard, shardCount, MAX_SHARDS);
  }
}

/** The sharding rules as one shard sees them. With one shard everything is local and nothing is written. */
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
    remoteContractError,
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

/** Everything about an address that only hashing tells. */
interface Place {
  readonly home: ShardId;
  readonly slot: bigint;
}

function residence(
  state: StateReader,
  address: Address,
  shard: ShardId,
  shardCount: number,
  placeOf: (address: Address) => Place,
): Residence {
  if (shardCount === 1 || REPLICATED_ADDRESSES.has(address)) return LOCAL;
  const place = placeOf(address);
  const listed = decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, place.slot), shardCount);
  if (listed !== null) return listed === shard ? LOCAL : { kind: 'remoteContract', shard: listed };
  return place.home === shard ? LOCAL : { kind: 'remoteAccount', shard: place.home };
}

/** Two keccaks an address, remembered: what they yield never changes. */
function rememberPlaces(shardCount: number): (address: Address) => Place {
  const remembered = new Map<Address, Place>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const place = { home: home(address, shardCount), slot: directorySlot(address) };
    if (remembered.size >= MAX_REMEMBERED_ADDRESSES) remembered.clear();
    remembered.set(address, place);
    return place;
  };
}
