import type { Hex } from '@heddle/primitives';

/** An account's address: 20 bytes as lower-case hex. Compared with `===`, used as a map key. */
export type Address = Hex;

/** A keccak256 hash: 32 bytes as lower-case hex. */
export type Hash = Hex;

/** A shard's number, `0 … shardCount − 1`; `shardCount` is at most 64. */
export type ShardId = number;

/** A validator's position in the validator set of its epoch, `0 … n − 1`; n is at most 1,024. */
export type ValidatorIndex = number;
