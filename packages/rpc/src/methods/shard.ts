import { bytesToHex } from '@heddle/primitives';
import type { ChunkHeader, SectionHeader, ShardId } from '@heddle/types';
import { hashChunkHeader } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import { BadValueError } from '../errors.ts';
import type { FaultsInForce } from '../fault-ports.ts';
import { formatHalt } from '../format/halt.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { type BlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseAddress, parseHash } from '../parse/hex.ts';
import { parseCount } from '../parse/scalars.ts';
import type {
  ChainReader,
  ChainStatus,
  ChunkExecutionReport,
  DevnetControl,
  MessagePlace,
  ShardChunk,
  ShardHead,
  ShardReader,
  TransactionTrace,
} from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/**
 * What only a sharded network has to tell. Shards and validators are numbered with JSON numbers (both are small), and so
 * are counts of things within a chunk, and microseconds; heights, gas, wei and sequences are quantities as everywhere.
 */
export function shardMethods(
  chain: ChainReader,
  shards: ShardReader,
  status: () => ChainStatus,
  devnet: Pick<DevnetControl, 'faults'> | null,
): MethodTable {
  return {
    shard_topology: method(0, () => topology(shards, status(), devnet?.faults.inForce() ?? null)),
    shard_getSupply: method(0, () => {
      const { blockNumber, burned, inFlight } = shards.supply();
      return { blockNumber: quantity(blockNumber), burned: quantity(burned), inFlight: quantity(inFlight) };
    }),
    shard_getResidence: method(1, async (params) => {
      const { home, residence } = await shards.residence(params.required(0, parseAddress));
      return { home, residence };
    }),
    shard_getTransactionTrace: method(1, async (params) => {
      const trace = await shards.trace(params.required(0, parseHash));
      return trace === null ? null : formatTrace(trace);
    }),
    shard_getMessage: method(1, async (params) => {
      const id = params.required(0, parseHash);
      const places = await shards.message(id);
      const [first] = places;
      return first === undefined ? null : formatMessage(first, places);
    }),
    shard_getHead: method(1, (params) => {
      const shard = params.required(0, (value) => parseShard(value, shards.shardCount));
      return formatShardHead(shards.shardHead(shard));
    }),
    shard_getChunk: method(2, (params) => {
      const shard = params.required(0, (value) => parseShard(value, shards.shardCount));
      const chunk = findChunk(chain, shards, shard, params.required(1, parseChunkId));
      return chunk === null ? null : formatChunk(chunk);
    }),
  };
}

/** What it carries, and each of its ways: a forwarded message keeps its id. */
function formatMessage({ message }: MessagePlace, places: readonly MessagePlace[]): JsonObject {
  return {
    id: message.id,
    kind: message.kind,
    originTx: message.originTx,
    sender: message.sender,
    target: message.target,
    value: quantity(message.value),
    places: places.map((place) => ({
      source: place.message.source,
      destination: place.message.destination,
      sequence: quantity(place.message.sequence),
      emittedIn: quantity(place.emittedIn),
      deliveredIn: optionalQuantity(place.deliveredIn),
    })),
  };
}

/** `stateRoot` is that after the newest block; `chunk` is the shard's newest, which may be older. */
function formatShardHead(head: ShardHead): JsonObject {
  return {
    shard: head.header.shard,
    blockNumber: quantity(head.blockNumber),
    stateRoot: head.stateRoot,
    nextBaseFeePerGas: quantity(head.nextBaseFeePerGas),
    missedHeights: head.missedHeights,
    queuedMessages: head.queuedMessages,
    queuedWeight: quantity(head.header.queuedWeight),
    allowances: head.allowances.map(quantity),
    chunk: formatChunkHead(head.header),
  };
}

function topology(shards: ShardReader, status: ChainStatus, faults: FaultsInForce | null): JsonObject {
  const { validators, chunkHeads, sectionHead, counters } = shards.topology();
  return {
    shardCount: shards.shardCount,
    validators: validators.map(({ index, publicKey, running }) => ({
      index,
      publicKey: bytesToHex(publicKey),
      running,
    })),
    shards: chunkHeads.map(formatChunkHead),
    halted: formatHalt(status),
    faults: faults === null ? null : formatFaults(faults),
    section: sectionHead === null ? null : formatSectionHead(sectionHead),
    ...counters,
  };
}

/** As they were asked for. */
function formatFaults({ stopped, partition, latency, corrupted }: FaultsInForce): JsonObject {
  return {
    stopped,
    partition,
    latency:
      latency === null
        ? null
        : {
            ms: latency.ms,
            jitter: latency.jitterMs,
            links: latency.links.map(({ from, to, ms, jitterMs }) => ({ from, to, ms, jitter: jitterMs })),
          },
    corrupted: corrupted.map(({ validator, actor, misdeeds }) => ({ validator, actor, misdeeds })),
  };
}

function parseShard(value: unknown, shardCount: number): ShardId {
  const shard = parseCount(value);
  if (shard >= shardCount) {
    throw new BadValueError(`there is no shard ${shard}; the network has ${shardCount}, counted from 0`);
  }
  return shard;
}

/** A block's number or tag, or the chunk's own hash: that of a block would name no chunk that its number does not. */
function parseChunkId(value: unknown): BlockId {
  if (typeof value === 'string' && value.length === 66) return { kind: 'hash', hash: parseHash(value) };
  return parseBlockNumberOrTag(value);
}

function findChunk(chain: ChainReader, shards: ShardReader, shard: ShardId, id: BlockId): ShardChunk | null {
  if (id.kind === 'hash') return shards.chunkByHash(shard, id.hash);
  return shards.chunkAt(shard, id.kind === 'number' ? id.number : headNumber(chain));
}

function formatChunk(chunk: ShardChunk): JsonObject {
  return {
    ...formatChunkHead(chunk.header),
    parentBlockHash: chunk.header.parentBlockHash,
    transactionCount: chunk.transactionCount,
    dispatchedCount: chunk.dispatchedCount,
    deliveredCount: chunk.deliveredCount,
    accessList: chunk.accessList === null ? null : { ...chunk.accessList },
    execution: chunk.execution === null ? null : formatExecution(chunk.execution),
  };
}

function formatExecution(report: ChunkExecutionReport): JsonObject {
  const { path, lanes, conflicts, reexecutions, handedBack, disagreement, microseconds } = report;
  const { prepare, run, finish } = microseconds;
  return {
    path,
    lanes,
    conflicts,
    reexecutions,
    handedBack,
    disagreement,
    microseconds: { prepare: Math.round(prepare), run: Math.round(run), finish: Math.round(finish) },
  };
}

/** The shard's newest chunk and how busy it is. */
function formatChunkHead(header: ChunkHeader): JsonObject {
  return {
    shard: header.shard,
    height: quantity(header.height),
    chunkHash: hashChunkHeader(header),
    stateRoot: header.stateRoot,
    timestamp: quantity(header.timestamp),
    gasUsed: quantity(header.gasUsed),
    gasLimit: quantity(header.gasLimit),
    baseFeePerGas: quantity(header.baseFeePerGas),
    queuedWeight: quantity(header.queuedWeight),
    producer: header.producer,
  };
}

/** The latest block's global section, and how busy it was. */
function formatSectionHead(header: SectionHeader): JsonObject {
  return {
    transactionCount: header.transactionCount,
    gasUsed: quantity(header.gasUsed),
    gasLimit: quantity(header.gasLimit),
    baseFeePerGas: quantity(header.baseFeePerGas),
  };
}

function formatTrace(trace: TransactionTrace): JsonObject {
  return {
    hash: trace.hash,
    status: trace.status,
    way: trace.way,
    homeShard: trace.homeShard,
    dispatchedIn: optionalQuantity(trace.dispatchedIn),
    executedIn: optionalQuantity(trace.executedIn),
    executedShard: trace.executedShard,
    waitsFor: trace.waitsFor,
    messages: trace.messages.map((message) => ({
      id: message.id,
      kind: message.kind,
      source: message.source,
      destination: message.destination,
      sequence: quantity(message.sequence),
      value: quantity(message.value),
      emittedIn: quantity(message.emittedIn),
      deliveredIn: optionalQuantity(message.deliveredIn),
    })),
  };
}

function optionalQuantity(value: bigint | null): string | null {
  return value === null ? null : quantity(value);
}
