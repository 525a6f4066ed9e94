import { bigintToBytes, type Hex, privateKeyToAddress } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import type { Address, ShardId } from '@heddle/types';

/** Someone whose key tests have. */
export interface Person {
  readonly address: Address;
  readonly privateKey: Uint8Array;
}

/** The n-th person (from 0) whose home is `shard`. */
export function personOf(shard: ShardId, shardCount: number, n: number): Person {
  let left = n;
  for (let key = 1n; ; key += 1n) {
    const privateKey = bigintToBytes(key, 32);
    const address = privateKeyToAddress(privateKey);
    if (home(address, shardCount) !== shard) continue;
    if (left === 0) return { address, privateKey };
    left -= 1;
  }
}

/** The n-th address (from 0) without a key whose home is `shard`. */
export function addressOf(shard: ShardId, shardCount: number, n: number): Address {
  let left = n;
  for (let i = 0x1000_0000; ; i += 1) {
    const address: Hex = `0x${i.toString(16).padStart(40, '0')}`;
    if (home(address, shardCount) !== shard) continue;
    if (left === 0) return address;
    left -= 1;
  }
}
