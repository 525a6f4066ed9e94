import { assembleBlockHeader } from '@heddle/execution';
import { equalBytes } from '@heddle/primitives';
import { extendQueue, messagesTo } from '@heddle/sharding';
import {
  type Block,
  type BlockChunk,
  type EndorsementCertificate,
  encodeBlockHeader,
  encodeChunkHeader,
  type Hash,
  hashBlockHeader,
  type Message,
  type ShardId,
} from '@heddle/types';
import { InvalidBlockError } from '../errors.ts';
import type { Chain } from './chain.ts';
import { emptyChunk } from './chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk, ShardTip } from './executed-block.ts';
import { missedAfter } from './missed-heights.ts';

/** What a leader adds to the chunks. */
export interface BlockTerms {
  readonly view: bigint;
  readonly leader: number;
  /** BLS signature, 192 bytes. */
  readonly randaoReveal: Uint8Array;
}

/** One shard's new chunk with the certificate that lets it into a block; `null` where the shard is missing. */
export type CertifiedChunk = {
  readonly executed: ExecutedChunk;
  readonly certificate: EndorsementCertificate | null;
} | null;

/** Puts a block together on `parent` from executed chunks. A missing shard keeps its last header. */
export function assembleBlock(
  chain: Chain,
  parent: ExecutedBlock,
  terms: BlockTerms,
  certified: readonly CertifiedChunk[],
): ExecutedBlock {
  const present = certified.map((entry) => entry ?? missingChunk(chain, parent));
  const chunks = present.map((entry, shard) => blockChunk(chain, parent, shard, entry));
  const header = assembleBlockHeader({
    parent: parent.block.header,
    prevRandao: chain.mixAfter(parent),
    parentBeaconBlockRoot: chain.validatorSets.ofGrandchildren(parent).hash,
    ...terms,
    chunks,
  });
  const block: Block = { header, ...terms, chunks };
  return {
    block,
    hash: hashBlockHeader(header),
    height: header.number,
    shards: present.map((entry, shard) => nextTip(chain, parent, shard, entry, present)),
  };
}

/** With one shard a missing chunk is the canonical empty one, with several the shard stands still. */
function missingChunk(chain: Chain, parent: ExecutedBlock): CertifiedChunk {
  return chain.genesis.shardCount === 1 ? { executed: emptyChunk(chain, parent), certificate: null } : null;
}

function blockChunk(chain: Chain, parent: ExecutedBlock, shard: ShardId, entry: CertifiedChunk): BlockChunk {
  if (entry === null) return { header: chain.shardTip(parent, shard).header, certificate: null, placements: [] };
  const { header, outcome } = entry.executed;
  return { header, certificate: entry.certificate, placements: outcome.placements };
}

function nextTip(
  chain: Chain,
  parent: ExecutedBlock,
  shard: ShardId,
  entry: CertifiedChunk,
  present: readonly CertifiedChunk[],
): ShardTip {
  const before = chain.shardTip(parent, shard);
  const delivered = entry?.executed.outcome.delivered ?? [];
  const queue = extendQueue(before.queue, delivered, emittedTo(shard, present));
  const missed = missedAfter(before.missed, entry?.certificate ?? null, chain.genesis.shardCount);
  if (entry === null) return { ...before, executed: null, queue, missed };
  const { header, hash, layer } = entry.executed;
  return { header, headerHash: hash, state: layer, executed: entry.executed, queue, missed };
}

/** This block's messages to `shard`. */
function emittedTo(shard: ShardId, present: readonly CertifiedChunk[]): readonly Message[] {
  return messagesTo(
    present.flatMap((entry) => entry?.executed.outcome.outbox ?? []),
    shard,
  );
}

/**
 * Checks a genuine block, its chunks having been executed already: everything but signatures.
 * `chunkOf` gives the executed chunk for a header that is new in this block. Throws `InvalidBlockError`.
 */
export function checkBlock(
  chain: Chain,
  parent: ExecutedBlock,
  block: Block,
  blockHash: Hash,
  chunkOf: (chunkHash: Hash) => ExecutedChunk | null,
): ExecutedBlock {
  const certified = block.chunks.map((chunk, shard) => matchChunk(chain, parent, chunk, shard, blockHash, chunkOf));
  const { view, leader, randaoReveal } = block;
  const executed = assembleBlock(chain, parent, { view, leader, randaoReveal }, certified);
  if (
    executed.hash !== blockHash ||
    !equalBytes(encodeBlockHeader(executed.block.header), encodeBlockHeader(block.header))
  ) {
    throw new InvalidBlockError(blockHash, `its header does not follow from its chunks (expected ${executed.hash})`);
  }
  return { ...executed, block };
}

function matchChunk(
  chain: Chain,
  parent: ExecutedBlock,
  chunk: BlockChunk,
  shard: ShardId,
  blockHash: Hash,
  chunkOf: (chunkHash: Hash) => ExecutedChunk | null,
): CertifiedChunk {
  if (chunk.certificate === null) {
    // Missing: byte for byte the parent's header; with one shard it is the canonical empty chunk, compared by the header.
    const last = chain.shardTip(parent, shard).header;
    if (chain.genesis.shardCount > 1 && !equalBytes(encodeChunkHeader(chunk.header), encodeChunkHeader(last))) {
      throw new InvalidBlockError(blockHash, `shard ${shard} has a new chunk without a certificate`);
    }
    return null;
  }
  if (chunk.header.shard !== shard) throw new InvalidBlockError(blockHash, `chunk ${shard} is of another shard`);
  const executed = chunkOf(chunk.certificate.chunkHash);
  if (executed === null || !equalBytes(encodeChunkHeader(executed.header), encodeChunkHeader(chunk.header))) {
    throw new InvalidBlockError(blockHash, `the certificate of shard ${shard} is for another chunk`);
  }
  return { executed, certificate: chunk.certificate };
}
