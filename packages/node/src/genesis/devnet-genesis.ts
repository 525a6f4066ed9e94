import {
  bigintToBytes,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  bytesToHex,
  concatBytes,
  keccak256,
  utf8ToBytes,
} from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { type Address, DEFAULT_DEVNET_EPOCH_LENGTH, type Genesis, type ShardId, ZERO_ADDRESS } from '@heddle/types';
import { type CommonGenesisOptions, commonGenesis } from './common-genesis.ts';

/** What a devnet is made from; the command line has checked the ranges. */
export interface DevnetGenesisOptions extends CommonGenesisOptions {
  readonly validatorCount: number;
}

export interface DevnetGenesis {
  readonly genesis: Genesis;
  /** In the order of `genesis.validators`, 32 bytes each. */
  readonly validatorSecretKeys: readonly Uint8Array[];
}

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
    ...commonGenesis(options),
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
    devnet: true,
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
