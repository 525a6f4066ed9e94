import {
  bigintToBytes,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  bytesToHex,
  concatBytes,
  EMPTY_BYTES,
  keccak256,
  utf8ToBytes,
} from '@heddle/primitives';
import { home } from '@heddle/sharding';
import {
  type Address,
  DEFAULT_DEVNET_EPOCH_LENGTH,
  type Genesis,
  type ShardId,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { genesisAllocation } from './allocation.ts';

/** What a devnet is made from; the command line has checked the ranges. */
export interface DevnetGenesisOptions {
  readonly chainId: bigint;
  /** 1 … 64. */
  readonly shardCount: number;
  readonly validatorCount: number;
  /** Funded accounts, each with `balanceWei`. */
  readonly accounts: readonly Address[];
  readonly balanceWei: bigint;
  /** Least time between blocks while busy, milliseconds; 0 = none. */
  readonly blockTimeMs: number;
  /** Seconds. */
  readonly timestamp: bigint;
}

export interface DevnetGenesis {
  readonly genesis: Genesis;
  /** In the order of `genesis.validators`, 32 bytes each. */
  readonly validatorSecretKeys: readonly Uint8Array[];
}

/**
 * Above the 30 million of anvil and Hardhat: what fits there fits here. Half of it is the greatest weight of a message
 * (protocol.md, Messages), so that the heaviest transaction there can be (2^24 gas, 128 KiB at 16 gas a byte) may go to
 * any shard, and nobody has to know of shards to send it.
 */
export const CHUNK_GAS_LIMIT = 40_000_000n;
/** 1 gwei: EIP-1559's initial base fee, and what devnet tools start with. */
export const INITIAL_BASE_FEE = 1_000_000_000n;
/** Δ of the view timers in one process: far above what a busy machine needs. */
const DELTA_MS = 500;
/** D of the protocol for a devnet. */
const CHUNK_DEADLINE_MS = 100;
/**
 * What one validator spends on one chunk at most, signatures included. They all run on one thread: where that makes
 * more than the deadline above, most shards would miss most blocks.
 */
const CHUNK_WORK_MS = 8;

const VALIDATOR_KEY_SEED = utf8ToBytes('heddle devnet validator key: public, insecure');
const RECIPIENT_SEED = utf8ToBytes('heddle devnet fee recipient');

/** The genesis of a devnet: the same options, the same genesis hash. */
export function createDevnetGenesis(options: DevnetGenesisOptions): DevnetGenesis {
  const validatorSecretKeys = devnetValidatorKeys(options.validatorCount);
  const chunkDeadlineMs = Math.max(CHUNK_DEADLINE_MS, CHUNK_WORK_MS * options.validatorCount * options.shardCount);
  const genesis: Genesis = {
    chainId: options.chainId,
    timestamp: options.timestamp,
    extraData: EMPTY_BYTES,
    mixHash: ZERO_HASH,
    coinbase: ZERO_ADDRESS,
    baseFeePerGas: INITIAL_BASE_FEE,
    chunkGasLimit: CHUNK_GAS_LIMIT,
    globalGasLimit: CHUNK_GAS_LIMIT,
    dispatch: false,
    shardCount: options.shardCount,
    validators: validatorSecretKeys.map((secretKey) => ({
      publicKey: blsPublicKey(secretKey),
      proofOfPossession: blsProvePossession(secretKey),
    })),
    epochLength: BigInt(DEFAULT_DEVNET_EPOCH_LENGTH),
    registryOwner: options.accounts[0] ?? ZERO_ADDRESS,
    // A view's first timer is 2Δ: the deadline passes well before it.
    deltaMs: Math.max(DELTA_MS, chunkDeadlineMs),
    chunkDeadlineMs,
    maxIdleMs: null,
    blockTimeMs: options.blockTimeMs,
    devnet: true,
    alloc: genesisAllocation(options),
  };
  return { genesis, validatorSecretKeys };
}

/**
 * The validators' BLS secret keys. Anyone can derive them from this source file: they protect nothing and belong to
 * throwaway networks only. A fixed rule keeps a data directory free of keys and a chain the same on every machine.
 */
export function devnetValidatorKeys(validatorCount: number): readonly Uint8Array[] {
  return Array.from({ length: validatorCount }, (_, index) =>
    blsSecretKeyFromSeed(keccak256(concatBytes(VALIDATOR_KEY_SEED, indexBytes(index)))),
  );
}

/**
 * The COINBASE of each validator on each shard, at home there: fees are credited in the chunk itself and need no
 * message to another shard. By validator, then shard. Nobody has keys to these addresses.
 */
export function devnetFeeRecipients(validatorCount: number, shardCount: number): readonly (readonly Address[])[] {
  return Array.from({ length: validatorCount }, (_, validator) =>
    Array.from({ length: shardCount }, (_unused, shard) => feeRecipient(validator, shard, shardCount)),
  );
}

/** The first address of the sequence that is at home on `shard`; every S-th is, on average. */
function feeRecipient(validator: number, shard: ShardId, shardCount: number): Address {
  const seed = concatBytes(RECIPIENT_SEED, indexBytes(validator), indexBytes(shard));
  for (let attempt = 0; ; attempt += 1) {
    const address = bytesToHex(keccak256(concatBytes(seed, indexBytes(attempt))).subarray(12));
    if (home(address, shardCount) === shard) return address;
  }
}

/** A position as four bytes, big-endian, for what is derived from a seed and a position. */
function indexBytes(index: number): Uint8Array {
  return bigintToBytes(BigInt(index), 4);
}
