/** The database operations of one final block. */
import { hexToBytes } from '@heddle/primitives';
import {
  type ControlState,
  type DerivedRun,
  encodeBlock,
  encodeCertificate,
  encodeChunk,
  encodeControlState,
  encodeMessage,
  type Hash,
} from '@heddle/types';
import {
  decodeLocation,
  encodeAccessLists,
  encodeDerivedRun,
  encodeExecutions,
  encodeLocation,
  encodeMessageRecord,
  encodeQuantity,
  encodeValidators,
} from './codecs.ts';
import type { Database } from './database.ts';
import {
  accessListsKey,
  blockKey,
  blockNumberKey,
  chunkKey,
  derivedHashKey,
  derivedRunKey,
  epochFinalizationKey,
  executionsKey,
  locationKey,
  messageKey,
  metaKey,
  namedValidatorsKey,
  originKey,
  pendingKey,
  unfinalBlockKey,
  unfinalChunkKey,
} from './keys.ts';
import type { BatchOperation } from './medium.ts';
import { type ShardState, type VersionedUpdate, versioned } from './shard-state.ts';
import { chunkVersion, sectionVersion } from './state-versions.ts';
import type { FinalBlockWrite, FinalChunk, StoredExecution, TransactionLocation } from './types.ts';

/** Block by number, number by hash, and the head. */
export function blockOperations(write: Pick<FinalBlockWrite, 'block' | 'blockHash'>): BatchOperation[] {
  const { number } = write.block.header;
  const key = blockKey(number);
  return [
    { type: 'put', key, value: encodeBlock(write.block) },
    // The number as the block's key has it, behind the table byte.
    { type: 'put', key: blockNumberKey(write.blockHash), value: key.slice(1) },
    { type: 'put', key: metaKey('head'), value: hexToBytes(write.blockHash) },
  ];
}

/** A run's derived blocks: what their headers follow from, and their hashes both ways. */
function derivedOperations(run: DerivedRun): BatchOperation[] {
  const first = run.first.number;
  const operations: BatchOperation[] = [{ type: 'put', key: derivedRunKey(first), value: encodeDerivedRun(run) }];
  for (const [index, hash] of run.hashes.entries()) {
    const key = derivedHashKey(first + BigInt(index));
    operations.push({ type: 'put', key, value: hexToBytes(hash) });
    operations.push({ type: 'put', key: blockNumberKey(hash), value: key.slice(1) });
  }
  return operations;
}

/** Where `hash` was dispatched, if it was. */
function dispatchedIn(database: Database, hash: Hash): bigint | null {
  const value = database.get(locationKey(hash));
  if (value === undefined) return null;
  const location = decodeLocation(value);
  return location.kind === 'dispatched' ? location.height : location.dispatchedIn;
}

function locationOperation(hash: Hash, location: TransactionLocation): BatchOperation {
  return { type: 'put', key: locationKey(hash), value: encodeLocation(location) };
}

/** What a part of the block executed: the list, and where each transaction is. */
function executionOperations(
  database: Database,
  height: bigint,
  part: number,
  executed: readonly StoredExecution[],
): BatchOperation[] {
  if (executed.length === 0) return [];
  const locations = executed.map(({ transaction, deliveredBy }, index) => {
    const from = deliveredBy === null ? null : dispatchedIn(database, transaction.hash);
    return locationOperation(transaction.hash, { kind: 'executed', height, part, index, dispatchedIn: from });
  });
  return [{ type: 'put', key: executionsKey(height, part), value: encodeExecutions(executed) }, ...locations];
}

function chunkOperations(database: Database, height: bigint, chunk: FinalChunk): BatchOperation[] {
  const { shard, executed, dispatched } = chunk;
  const operations = executionOperations(database, height, shard, executed);
  for (const transaction of dispatched) {
    operations.push(locationOperation(transaction.hash, { kind: 'dispatched', height, shard, transaction }));
  }
  if (chunk.chunk !== null) {
    operations.push({ type: 'put', key: chunkKey(chunk.chunkHash), value: encodeChunk(chunk.chunk) });
  }
  return operations;
}

/** What a block makes of each shard's state, in its order. */
export function stateUpdatesOf(
  { block, chunks, section }: FinalBlockWrite,
  shardCount: number,
): readonly (readonly VersionedUpdate[])[] {
  const { number } = block.header;
  return Array.from({ length: shardCount }, (_, shard) => {
    const ofChunk = chunks.filter((update) => update.shard === shard);
    // What the section changes in a shard stands on what the chunk changed there.
    const ofSection = section === null ? [] : section.updates.filter((update) => update.shard === shard);
    return [
      ...ofChunk.map((update) => versioned(update, chunkVersion(number))),
      ...ofSection.map((update) => versioned(update, sectionVersion(number))),
    ];
  });
}

async function stateOperations(
  states: readonly ShardState[],
  updates: readonly (readonly VersionedUpdate[])[],
): Promise<readonly BatchOperation[]> {
  const operations: BatchOperation[] = [];
  for (const [shard, state] of states.entries()) {
    for (const operation of await state.operations(updates[shard] ?? [])) operations.push(operation);
  }
  return operations;
}

/** Queue entries, and the records of messages with the height of delivery. */
function messageOperations(height: bigint, chunks: readonly FinalChunk[]): BatchOperation[] {
  const operations: BatchOperation[] = [];
  const put = (key: Uint8Array, value: Uint8Array): void => {
    operations.push({ type: 'put', key, value });
  };
  for (const message of chunks.flatMap(({ delivered }) => delivered)) {
    operations.push({ type: 'del', key: pendingKey(message) });
    put(messageKey(message), encodeMessageRecord(message, height));
  }
  for (const { outbox } of chunks) {
    for (const [index, message] of outbox.entries()) {
      put(pendingKey(message), encodeMessage(message));
      put(messageKey(message), encodeMessageRecord(message, null));
      put(originKey(message, index), messageKey(message));
    }
  }
  return operations;
}

export interface FinalBlockContext {
  readonly database: Database;
  readonly states: readonly ShardState[];
  /** By shard. */
  readonly updates: readonly (readonly VersionedUpdate[])[];
  /** Wei burned, and made by control operations, up to and including this block. */
  readonly burned: bigint;
  readonly minted: bigint;
  /** What control operations had left before it. */
  readonly control: ControlState;
  /** Unfinal blocks and chunks at or below this block's height. */
  readonly superseded: { readonly blocks: readonly Hash[]; readonly chunks: readonly Hash[] };
}

/** Everything that `write` changes, for one batch. */
export async function finalBlockOperations(
  context: FinalBlockContext,
  write: FinalBlockWrite,
): Promise<readonly BatchOperation[]> {
  const { database, states, updates, burned, minted, superseded } = context;
  const { chunks, section } = write;
  const height = write.block.header.number;
  const operations: BatchOperation[] = [];
  // Not spread into push: a block may have more operations than a call may have arguments.
  const add = (more: readonly BatchOperation[]): void => {
    for (const operation of more) operations.push(operation);
  };
  add(superseded.blocks.map((hash) => ({ type: 'del', key: unfinalBlockKey(hash) })));
  add(superseded.chunks.map((hash) => ({ type: 'del', key: unfinalChunkKey(hash) })));
  for (const chunk of chunks) add(chunkOperations(database, height, chunk));
  if (write.accessLists.length > 0) {
    add([{ type: 'put', key: accessListsKey(height), value: encodeAccessLists(write.accessLists) }]);
  }
  if (section !== null) add(executionOperations(database, height, states.length, section.executed));
  add(await stateOperations(states, updates));
  add(messageOperations(height, chunks));
  if (write.finalization !== null) {
    const value = encodeCertificate(write.finalization);
    operations.push({ type: 'put', key: metaKey('finalization'), value });
    operations.push({ type: 'put', key: epochFinalizationKey(write.finalization.tuple.epoch), value });
  }
  if (write.named !== null) {
    const { period, validators } = write.named;
    operations.push({ type: 'put', key: namedValidatorsKey(period), value: encodeValidators(validators) });
  }
  operations.push({ type: 'put', key: metaKey('burned'), value: encodeQuantity(burned) });
  if (minted > 0n) operations.push({ type: 'put', key: metaKey('minted'), value: encodeQuantity(minted) });
  if (write.control !== context.control) {
    operations.push({ type: 'put', key: metaKey('control'), value: encodeControlState(write.control) });
  }
  if (write.derived !== null) add(derivedOperations(write.derived));
  add(blockOperations(write));
  return operations;
}
