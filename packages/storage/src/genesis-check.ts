import { isRecord, utf8ToBytes } from '@heddle/primitives';
import { decodeQuantity, encodeQuantity } from './codecs.ts';
import type { Database } from './database.ts';
import { CorruptRecordError, DataDirectoryMismatchError, DataDirectoryVersionError } from './errors.ts';
import { blockOperations } from './final-block.ts';
import { blockNumberKey, metaKey } from './keys.ts';
import { FORMAT_VERSION, MAX_NAMED_DIFFERENCES } from './limits.ts';
import type { BatchOperation } from './medium.ts';
import { ShardState, versioned } from './shard-state.ts';
import { NO_CACHES } from './state-caches.ts';
import { sectionVersion } from './state-versions.ts';
import type { GenesisWrite } from './types.ts';

const decoder = new TextDecoder();

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Every key whose value differs, as `path: stored there, asked for here`. */
function collectDifferences(stored: unknown, asked: unknown, path: string, found: string[]): void {
  if (isRecord(stored) && isRecord(asked)) {
    for (const key of new Set([...Object.keys(stored), ...Object.keys(asked)])) {
      collectDifferences(stored[key], asked[key], path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  if (JSON.stringify(stored) === JSON.stringify(asked)) return;
  found.push(`${path} is ${show(stored)} there and ${show(asked)} here`);
}

/** Names the keys in which two genesis files differ, at most `MAX_NAMED_DIFFERENCES`. Both are valid JSON. */
export function genesisDifferences(stored: string, asked: string): readonly string[] {
  const found: string[] = [];
  const before: unknown = JSON.parse(stored);
  const now: unknown = JSON.parse(asked);
  collectDifferences(before, now, '', found);
  const more = found.length - MAX_NAMED_DIFFERENCES;
  return more > 0 ? [...found.slice(0, MAX_NAMED_DIFFERENCES), `and ${more} more`] : found;
}

/** The first state of a new directory. */
export async function genesisOperations(database: Database, genesis: GenesisWrite): Promise<readonly BatchOperation[]> {
  const meta = (name: 'format' | 'burned' | 'shards' | 'oldestState', value: bigint): BatchOperation => ({
    type: 'put',
    key: metaKey(name),
    value: encodeQuantity(value),
  });
  const operations: BatchOperation[] = [
    meta('format', FORMAT_VERSION),
    meta('burned', 0n),
    meta('oldestState', 0n),
    meta('shards', BigInt(genesis.shards.length)),
    { type: 'put', key: metaKey('genesis'), value: utf8ToBytes(genesis.genesisJson) },
    ...blockOperations(genesis),
  ];
  const version = sectionVersion(genesis.block.header.number);
  for (const [shard, update] of genesis.shards.entries()) {
    const state = new ShardState(database, shard, NO_CACHES, version);
    for (const operation of await state.operations([versioned(update, version)])) operations.push(operation);
  }
  return operations;
}

function readFormat(database: Database, stored: Uint8Array): bigint {
  try {
    return decodeQuantity(stored);
  } catch (error) {
    throw error instanceof CorruptRecordError ? database.damaged('its format cannot be read') : error;
  }
}

/**
 * Makes sure that the database starts from `genesis`, writing it into an empty one. `directory` is for messages.
 * Throws `DataDirectoryVersionError`, `DataDirectoryMismatchError`, `StorageDamagedError`, `StorageFailureError`.
 */
export async function ensureGenesis(database: Database, genesis: GenesisWrite, directory: string): Promise<void> {
  const format = database.get(metaKey('format'));
  if (format === undefined) {
    if (!(await database.isEmpty())) throw new DataDirectoryVersionError(directory, null, FORMAT_VERSION);
    await database.write(await genesisOperations(database, genesis), true);
    return;
  }
  const version = readFormat(database, format);
  if (version !== FORMAT_VERSION) throw new DataDirectoryVersionError(directory, version, FORMAT_VERSION);
  const stored = decoder.decode(database.get(metaKey('genesis')));
  if (stored !== genesis.genesisJson) {
    throw new DataDirectoryMismatchError(directory, genesisDifferences(stored, genesis.genesisJson));
  }
  if (database.get(blockNumberKey(genesis.blockHash)) === undefined) {
    throw new DataDirectoryMismatchError(directory, [`no block there has the genesis hash ${genesis.blockHash}`]);
  }
}
