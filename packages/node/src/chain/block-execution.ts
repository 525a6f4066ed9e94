import { assembleBlockHeader, controlAfter } from '@heddle/execution';
import { equalBytes } from '@heddle/primitives';
import { extendQueue, messagesTo } from '@heddle/sharding';
import type { StateSnapshot } from '@heddle/state';
import {
  type Block,
  type BlockChunk,
  type EndorsementCertificate,
  encodeBlockHeader,
  encodeChunkHeader,
  type Hash,
  hashBlockHeader,
  type Message,
  type Section,
  type ShardId,
} from '@heddle/types';
import { InvalidBlockError } from '../errors.ts';
import type { Chain } from './chain.ts';
import { emptyChunk } from './chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection, ShardTip } from './executed-block.ts';
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

/**
 * Puts a block together on `parent` from executed chunks, and the section that was executed after them (null with one
 * shard). A missing shard keeps its last header.
 */
export function assembleBlock(
  chain: Chain,
  parent: ExecutedBlock,
  terms: BlockTerms,
  certified: readonly CertifiedChunk[],
  section: ExecutedSection | null,
): ExecutedBlock {
  const present = certified.map((entry) => entry ?? missingChunk(chain, parent));
  const chunks = present.map((entry, shard) => blockChunk(chain, parent, shard, entry));
  const header = assembleBlockHeader({
    parent: parent.block.header,
    prevRandao: chain.mixAfter(parent),
    parentBeaconBlockRoot: chain.validatorSets.ofGrandchildren(parent).hash,
    ...terms,
    chunks,
    section,
    gasLimit: parent.control.gasLimit,
  });
  const block: Block = { header, ...terms, chunks, section: section === null ? null : bodyOf(section) };
  return {
    block,
    hash: hashBlockHeader(header),
    height: header.number,
    shards: present.map((_, shard) => nextTip(chain, parent, shard, present, section)),
    section,
    control: controlAfter(parent.control, block),
    derived: null,
  };
}

/** A section as its block carries it. */
export function bodyOf({ header, control, outcome }: ExecutedSection): Section {
  return { header, control, transactions: outcome.executed.map(({ transaction }) => transaction.raw) };
}

/** After the chunks of a block on `parent`, by shard: what its section stands on. A missing shard's is the parent's. */
export function statesAfter(
  parent: ExecutedBlock,
  chunks: readonly (ExecutedChunk | null)[],
): readonly StateSnapshot[] {
  return parent.shards.map(({ state }, shard) => chunks[shard]?.layer ?? state);
}

/** With one shard a missing chunk is the canonical empty one, with several the shard stands still. */
function missingChunk(chain: Chain, parent: ExecutedBlock): CertifiedChunk {
  return chain.genesis.shardCount === 1 ? { executed: emptyChunk(chain, parent), certificate: null } : null;
}

function blockChunk(chain: Chain, parent: ExecutedBlock, shard: ShardId, entry: CertifiedChunk): BlockChunk {
  if (entry === null) return { header: chain.shardTip(parent, shard).header, certificate: null };
  return { header: entry.executed.header, certificate: entry.certificate };
}

function nextTip(
  chain: Chain,
  parent: ExecutedBlock,
  shard: ShardId,
  present: readonly CertifiedChunk[],
  section: ExecutedSection | null,
): ShardTip {
  const entry = present[shard] ?? null;
  const before = chain.shardTip(parent, shard);
  const delivered = entry?.executed.outcome.delivered ?? [];
  const queue = extendQueue(before.queue, delivered, emittedTo(shard, present));
  const missed = missedAfter(before.missed, entry?.certificate ?? null, chain.genesis.shardCount);
  const after = section?.layers[shard] ?? null;
  if (entry === null) return { ...before, state: after ?? before.state, executed: null, queue, missed };
  const { header, hash, layer } = entry.executed;
  return { header, headerHash: hash, state: after ?? layer, executed: entry.executed, queue, missed };
}

/** This block's messages to `shard`. */
function emittedTo(shard: ShardId, present: readonly CertifiedChunk[]): readonly Message[] {
  return messagesTo(
    present.flatMap((entry) => entry?.executed.outcome.outbox ?? []),
    shard,
  );
}

/**
 * The block's new chunks, executed already: `chunkOf` gives the one of a header. `null` where a shard is missing. Throws
 * `InvalidBlockError`.
 */
export function matchChunks(
  chain: Chain,
  parent: ExecutedBlock,
  block: Block,
  blockHash: Hash,
  chunkOf: (chunkHash: Hash) => ExecutedChunk | null,
): readonly CertifiedChunk[] {
  return block.chunks.map((chunk, shard) => matchChunk(chain, parent, chunk, shard, blockHash, chunkOf));
}

/**
 * Checks a genuine block, its chunks and its section having been executed already: everything but signatures. Throws
 * `InvalidBlockError`.
 */
export function checkBlock(
  chain: Chain,
  parent: ExecutedBlock,
  block: Block,
  blockHash: Hash,
  certified: readonly CertifiedChunk[],
  section: ExecutedSection | null,
): ExecutedBlock {
  const { view, leader, randaoReveal } = block;
  const executed = assembleBlock(chain, parent, { view, leader, randaoReveal }, certified, section);
  if (
    executed.hash !== blockHash ||
    !equalBytes(encodeBlockHeader(executed.block.header), encodeBlockHeader(block.header))
  ) {
    const rule = 'its header does not follow from its chunks and its section';
    throw new InvalidBlockError(blockHash, `${rule} (expected ${executed.hash})`);
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
