import { hexToBytes, keccak256Hex } from '@heddle/primitives';
import { home, listingWrites, rememberPlaces } from '@heddle/sharding';
import { genesisLayer, type StateChanges, type StateLayer } from '@heddle/state';
import { type Address, DIRECTORY_ADDRESS, EMPTY_CODE_HASH, type Hash, type ShardId } from '@heddle/types';
import { StateUnavailableError } from '../../src/errors.ts';
import type { StatePoint, StateSource } from '../../src/types.ts';

/** A contract or an account of a test. */
export interface TestAccount {
  readonly address: Address;
  /** Where it is; its home = null. */
  readonly shard: ShardId | null;
  readonly balance: bigint;
  readonly code: string;
  readonly storage: ReadonlyMap<bigint, bigint>;
}

export function account(address: Address, fields: Partial<TestAccount>): TestAccount {
  return { address, shard: null, balance: 0n, code: '0x', storage: new Map(), ...fields };
}

/** States of all shards with real roots, and a source that counts what is read. */
export class TestShards implements StateSource {
  readonly point: StatePoint;
  reads = 0;
  /** Thrown by reads of slots, if it is there. */
  slotTrouble: Error | null = null;
  readonly #layers: ReadonlyMap<Hash, StateLayer>;

  constructor(shardCount: number, accounts: readonly TestAccount[]) {
    const layers = Array.from({ length: shardCount }, (_, shard) =>
      genesisLayer(changesOf(shard, shardCount, accounts)),
    );
    this.#layers = new Map(layers.map((layer) => [layer.root, layer]));
    this.point = { roots: layers.map(({ root }) => root), historyShard: 0 };
  }

  state(_shard: ShardId, root: Hash): ReturnType<StateSource['state']> {
    const layer = this.#layers.get(root);
    if (layer === undefined) throw new StateUnavailableError(root);
    const counted = <Value>(value: () => Value): Value => {
      this.reads++;
      return value();
    };
    return {
      account: (address) => counted(() => layer.account(address)),
      storage: (address, slot) => {
        if (this.slotTrouble !== null) throw this.slotTrouble;
        return counted(() => layer.storage(address, slot));
      },
      code: (codeHash) => counted(() => layer.code(codeHash)),
    };
  }

  blockHash(number: bigint): Hash | null {
    return number > 100n ? null : keccak256Hex(hexToBytes(`0x${number.toString(16).padStart(8, '0')}`));
  }
}

function changesOf(shard: ShardId, shardCount: number, accounts: readonly TestAccount[]): StateChanges {
  const placeOf = rememberPlaces(shardCount);
  const changes = {
    accounts: new Map([[DIRECTORY_ADDRESS as Address, { nonce: 1n, balance: 0n, codeHash: EMPTY_CODE_HASH }]]),
    storage: new Map<Address, Map<bigint, bigint>>([[DIRECTORY_ADDRESS, new Map()]]),
    codes: new Map<Hash, Uint8Array>(),
  };
  for (const { address, shard: chosen, balance, code, storage } of accounts) {
    const residence = chosen ?? home(address, shardCount);
    for (const write of listingWrites(residence, shardCount, placeOf(address))) {
      if (write.shard === shard) changes.storage.get(DIRECTORY_ADDRESS)?.set(write.slot, write.value);
    }
    if (residence !== shard) continue;
    const bytes = hexToBytes(code.startsWith('0x') ? `0x${code.slice(2)}` : `0x${code}`);
    const codeHash = bytes.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(bytes);
    changes.codes.set(codeHash, bytes);
    changes.accounts.set(address, { nonce: 1n, balance, codeHash });
    changes.storage.set(address, new Map(storage));
  }
  return changes;
}
