/*
 * Addresses that the protocol itself gives a meaning, and at which every shard has something of its own. They are here, below
 * the rules of sharding, the contracts and the EVM, so that what one of them adds the others know.
 */

/** Says where accounts reside. ASCII 'heddle', 01: low enough that nobody has a key to it, above every precompile. */
export const DIRECTORY_ADDRESS = '0x00000000000000000000000000686564646c6501' as const;

/** Holds sequences and cursors of messages. ASCII 'heddle', 02. */
export const MESSENGER_ADDRESS = '0x00000000000000000000000000686564646c6502' as const;

/** EIP-2935: hashes of the last 8,191 blocks. Every shard runs its system calls, so each has its own ring (all equal). */
export const HISTORY_STORAGE_ADDRESS = '0x0000f90827f1c53a10cb7a02335b175320002935' as const;

/** EIP-4788: parent beacon block roots by timestamp. Written by the system calls of every shard as well. */
export const BEACON_ROOTS_ADDRESS = '0x000f3df6d732807ef1319fb7b8bb8522d0beac02' as const;

/** Osaka's precompiles: 0x01 … 0x11 and 0x100 (EIP-7951). What each of them does, execution has by the same names. */
export const PRECOMPILE_ADDRESSES = {
  ecrecover: '0x0000000000000000000000000000000000000001',
  sha256: '0x0000000000000000000000000000000000000002',
  ripemd160: '0x0000000000000000000000000000000000000003',
  identity: '0x0000000000000000000000000000000000000004',
  modexp: '0x0000000000000000000000000000000000000005',
  bn254Add: '0x0000000000000000000000000000000000000006',
  bn254Multiply: '0x0000000000000000000000000000000000000007',
  bn254Pairing: '0x0000000000000000000000000000000000000008',
  blake2f: '0x0000000000000000000000000000000000000009',
  pointEvaluation: '0x000000000000000000000000000000000000000a',
  bls12G1Add: '0x000000000000000000000000000000000000000b',
  bls12G1Msm: '0x000000000000000000000000000000000000000c',
  bls12G2Add: '0x000000000000000000000000000000000000000d',
  bls12G2Msm: '0x000000000000000000000000000000000000000e',
  bls12Pairing: '0x000000000000000000000000000000000000000f',
  bls12MapToG1: '0x0000000000000000000000000000000000000010',
  bls12MapToG2: '0x0000000000000000000000000000000000000011',
  p256Verify: '0x0000000000000000000000000000000000000100',
} as const;

export type PrecompileAddress = (typeof PRECOMPILE_ADDRESSES)[keyof typeof PRECOMPILE_ADDRESSES];
