import {
  BLS_AGGREGATE_BYTES,
  BLS_PUBLIC_KEY_BYTES,
  blsVerifyPossession,
  bytesToHex,
  EMPTY_BYTES,
  MAX_U64,
  MAX_U256,
} from '@heddle/primitives';
import type { Validator } from './consensus.ts';
import { ZERO_ADDRESS, ZERO_HASH } from './constants.ts';
import { InvalidGenesisError } from './errors.ts';
import type { Genesis } from './genesis.ts';
import { readAlloc, readResidence } from './genesis-alloc.ts';
import {
  DEFAULT_BASE_FEE_PER_GAS,
  DEFAULT_CHUNK_DEADLINE_MS,
  DEFAULT_CHUNK_GAS_LIMIT,
  DEFAULT_DELTA_MS,
  DEFAULT_DEVNET_CHUNK_DEADLINE_MS,
  DEFAULT_EPOCH_LENGTH,
  DEFAULT_MAX_IDLE_MS,
} from './genesis-defaults.ts';
import {
  type JsonObject,
  readAddress,
  readBoolean,
  readData,
  readFixedData,
  readHash,
  readInteger,
  readObject,
  readQuantity,
  refuseUnknownKeys,
} from './genesis-values.ts';
import type { Address } from './ids.ts';
import {
  MAX_CHUNK_GAS_LIMIT,
  MAX_EPOCH_LENGTH,
  MAX_EXTRA_DATA_BYTES,
  MAX_GENESIS_TIME_MS,
  MAX_GLOBAL_GAS_LIMIT,
  MAX_SHARDS,
  MAX_TRANSACTION_GAS,
  MAX_VALIDATORS,
  MIN_EPOCH_LENGTH,
} from './limits.ts';

/** So that `v` of a legacy signature (35 + 2 · chainId + 1) stays in 64 bits, as wallets assume. */
const MAX_CHAIN_ID = (MAX_U64 - 36n) / 2n;

const USED_KEYS = ['config', 'timestamp', 'extraData', 'mixHash', 'coinbase', 'baseFeePerGas', 'gasLimit', 'alloc'];
/** Leftovers of proof of work in geth's files, without meaning since the merge. */
const IGNORED_KEYS = ['difficulty', 'nonce'];
/** What geth lets a file set and Heddle's genesis block has at zero. */
const ZERO_KEYS = ['number', 'gasUsed', 'parentHash', 'blobGasUsed', 'excessBlobGas'];

const HEDDLE_KEYS = [
  'shards',
  'validators',
  'epochLength',
  'registryOwner',
  'chunkGasLimit',
  'globalGasLimit',
  'dispatch',
  'deltaMs',
  'chunkDeadlineMs',
  'maxIdleMs',
  'blockTimeMs',
  'devnet',
  'residence',
];

/**
 * Reads geth's genesis.json with `config.heddle`. What is left out has the value of genesis-defaults.ts; other keys of
 * `config` (fork times) are ignored, since Osaka holds from the start. Every proof of possession is verified.
 * Throws InvalidGenesisError naming the key.
 */
export function parseGenesis(json: unknown): Genesis {
  const file = readObject(json, 'the file');
  refuseUnknownKeys(file, [...USED_KEYS, ...IGNORED_KEYS, ...ZERO_KEYS], '');
  for (const name of ZERO_KEYS) readQuantity(file[name] ?? 0, name, 0n);
  const config = readObject(file.config, 'config');
  const chainId = readQuantity(config.chainId, 'config.chainId', MAX_CHAIN_ID);
  if (chainId === 0n) throw new InvalidGenesisError('config.chainId', 'it is at least 1 (EIP-155)');
  const heddle = readObject(config.heddle, 'config.heddle');
  refuseUnknownKeys(heddle, HEDDLE_KEYS, 'config.heddle.');
  const shardCount = readInteger(heddle.shards ?? 1, 'config.heddle.shards', 1, MAX_SHARDS);
  const chunkGasLimit = readChunkGasLimit(file.gasLimit, heddle.chunkGasLimit, shardCount);
  return {
    chainId,
    timestamp: readQuantity(file.timestamp ?? 0, 'timestamp', MAX_U64),
    extraData: readExtraData(file.extraData),
    mixHash: file.mixHash === undefined ? ZERO_HASH : readHash(file.mixHash, 'mixHash'),
    coinbase: file.coinbase === undefined ? ZERO_ADDRESS : readAddress(file.coinbase, 'coinbase'),
    baseFeePerGas: readQuantity(file.baseFeePerGas ?? DEFAULT_BASE_FEE_PER_GAS.toString(), 'baseFeePerGas', MAX_U256),
    chunkGasLimit,
    globalGasLimit: readGlobalGasLimit(heddle.globalGasLimit, chunkGasLimit, shardCount),
    dispatch: readBoolean(heddle.dispatch ?? false, 'config.heddle.dispatch'),
    shardCount,
    validators: readValidators(heddle.validators),
    epochLength: readEpochLength(heddle.epochLength),
    registryOwner: readRegistryOwner(heddle.registryOwner),
    ...readTimes(heddle),
    alloc: readAlloc(file.alloc, readResidence(heddle.residence, shardCount)),
  };
}

function readTimes(
  heddle: JsonObject,
): Pick<Genesis, 'deltaMs' | 'chunkDeadlineMs' | 'maxIdleMs' | 'blockTimeMs' | 'devnet'> {
  const devnet = readBoolean(heddle.devnet ?? false, 'config.heddle.devnet');
  const deadlineMs = devnet ? DEFAULT_DEVNET_CHUNK_DEADLINE_MS : DEFAULT_CHUNK_DEADLINE_MS;
  const idleMs = heddle.maxIdleMs === undefined ? (devnet ? null : DEFAULT_MAX_IDLE_MS) : heddle.maxIdleMs;
  return {
    deltaMs: readMilliseconds(heddle.deltaMs ?? DEFAULT_DELTA_MS, 'deltaMs', 1),
    chunkDeadlineMs: readMilliseconds(heddle.chunkDeadlineMs ?? deadlineMs, 'chunkDeadlineMs', 1),
    maxIdleMs: idleMs === null ? null : readMilliseconds(idleMs, 'maxIdleMs', 1),
    blockTimeMs: readMilliseconds(heddle.blockTimeMs ?? 0, 'blockTimeMs', 0),
    devnet,
  };
}

function readMilliseconds(value: unknown, name: string, minimum: number): number {
  return readInteger(value, `config.heddle.${name}`, minimum, MAX_GENESIS_TIME_MS);
}

function readEpochLength(value: unknown): bigint {
  const key = 'config.heddle.epochLength';
  return BigInt(readInteger(value ?? DEFAULT_EPOCH_LENGTH, key, MIN_EPOCH_LENGTH, MAX_EPOCH_LENGTH));
}

function readRegistryOwner(value: unknown): Address {
  return value === undefined ? ZERO_ADDRESS : readAddress(value, 'config.heddle.registryOwner');
}

function readExtraData(value: unknown): Uint8Array {
  const extraData = value === undefined ? EMPTY_BYTES : readData(value, 'extraData');
  if (extraData.length > MAX_EXTRA_DATA_BYTES) {
    throw new InvalidGenesisError('extraData', `it has ${extraData.length} bytes, at most ${MAX_EXTRA_DATA_BYTES} fit`);
  }
  return extraData;
}

/** `gasLimit` of the file counts the chunks, not the section: the sum over the shards. Either key may be left out; both must agree. */
function readChunkGasLimit(gasLimit: unknown, chunkGasLimit: unknown, shardCount: number): bigint {
  const shards = BigInt(shardCount);
  const key = 'config.heddle.chunkGasLimit';
  const ofChunk = chunkGasLimit === undefined ? null : readQuantity(chunkGasLimit, key, MAX_CHUNK_GAS_LIMIT);
  const ofBlock = gasLimit === undefined ? null : readQuantity(gasLimit, 'gasLimit', MAX_CHUNK_GAS_LIMIT * shards);
  if (ofChunk === 0n) throw new InvalidGenesisError(key, 'it is at least 1');
  if (ofBlock === null) return ofChunk ?? DEFAULT_CHUNK_GAS_LIMIT;
  if (ofBlock === 0n || ofBlock % shards !== 0n || (ofChunk !== null && ofChunk * shards !== ofBlock)) {
    throw new InvalidGenesisError('gasLimit', `it is ${shardCount} times (shards) ${key}; leave one of the two out`);
  }
  return ofBlock / shards;
}

/** What no section could hold would never be executed: hence no less than one transaction may ask for. */
function readGlobalGasLimit(value: unknown, chunkGasLimit: bigint, shardCount: number): bigint {
  const key = 'config.heddle.globalGasLimit';
  if (value === undefined) return chunkGasLimit > MAX_TRANSACTION_GAS ? chunkGasLimit : MAX_TRANSACTION_GAS;
  const limit = readQuantity(value, key, MAX_GLOBAL_GAS_LIMIT);
  if (shardCount > 1 && limit < MAX_TRANSACTION_GAS) {
    const why = 'the gas that one transaction may ask for (EIP-7825)';
    throw new InvalidGenesisError(key, `${limit} is below ${MAX_TRANSACTION_GAS}, ${why}`);
  }
  return limit;
}

function readValidators(value: unknown): readonly Validator[] {
  const key = 'config.heddle.validators';
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_VALIDATORS) {
    throw new InvalidGenesisError(key, `a list of 1 to ${MAX_VALIDATORS} validators is expected`);
  }
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const validator = readValidator(readObject(entry, `${key}[${index}]`), `${key}[${index}]`);
    const id = bytesToHex(validator.publicKey);
    if (seen.has(id)) throw new InvalidGenesisError(`${key}[${index}].publicKey`, 'the key is listed twice');
    seen.add(id);
    return validator;
  });
}

function readValidator(entry: JsonObject, key: string): Validator {
  refuseUnknownKeys(entry, ['publicKey', 'proofOfPossession'], `${key}.`);
  const publicKey = readFixedData(entry.publicKey, `${key}.publicKey`, BLS_PUBLIC_KEY_BYTES);
  const proofOfPossession = readFixedData(entry.proofOfPossession, `${key}.proofOfPossession`, BLS_AGGREGATE_BYTES);
  if (!blsVerifyPossession(publicKey, proofOfPossession)) {
    throw new InvalidGenesisError(`${key}.proofOfPossession`, 'it does not prove possession of publicKey');
  }
  return { publicKey, proofOfPossession };
}
