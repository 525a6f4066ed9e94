import { bytesToHex } from '@heddle/primitives';
import type { ChunkHeader } from '@heddle/types';
import { hashChunkHeader } from '@heddle/types';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { parseAddress, parseHash } from '../parse/hex.ts';
import type { ShardReader, TransactionTrace } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/**
 * What only a sharded network has to tell. Shards and validators are numbered with JSON numbers (both are small);
 * heights, gas, wei and sequences are quantities as everywhere.
 */
export function shardMethods(shards: ShardReader): MethodTable {
  return {
    shard_topology: method(0, () => topology(shards)),
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
  };
}

function topology(shards: ShardReader): JsonObject {
  const { validators, chunkHeads } = shards.topology();
  return {
    shardCount: shards.shardCount,
    validators: validators.map(({ index, publicKey, running }) => ({
      index,
      publicKey: bytesToHex(publicKey),
      running,
    })),
    shards: chunkHeads.map(formatChunkHead),
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

function formatTrace(trace: TransactionTrace): JsonObject {
  return {
    hash: trace.hash,
    status: trace.status,
    homeShard: trace.homeShard,
    dispatchedIn: optionalQuantity(trace.dispatchedIn),
    executedIn: optionalQuantity(trace.executedIn),
    executedShard: trace.executedShard,
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
