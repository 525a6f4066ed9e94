import {
  BLS_SIGNATURE_BYTES,
  EncodedRlp,
  isNullItem,
  keccak256OfRlp,
  NULL_ITEM,
  type RlpInput,
  type RlpItem,
  rememberedBy,
  writeFixed,
  writeIndex,
  writeU64,
} from '@heddle/primitives';
import type { Block, BlockChunk, EndorsementCertificate } from './block.ts';
import { chunkHeaderItem, readChunkHeader } from './chunk-codec.ts';
import { endorsementCertificateItem, readEndorsementCertificate } from './endorsement-codec.ts';
import { fieldsOf, itemIn } from './fields.ts';
import { blockHeaderItem, readBlockHeader } from './header-codec.ts';
import type { ValidatorIndex } from './ids.ts';
import { MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';
import { placementsItem, readPlacements } from './message-codec.ts';

const SUBJECT = 'block';

/**
 * rlp([header, view, leader, randaoReveal, chunks]), a chunk being [header, certificate, placements] and a missing
 * certificate the empty string. Read only: remembered with the block.
 */
export function encodeBlock(block: Block): Uint8Array {
  return blockItem(block).bytes;
}

/**
 * Strict inverse of `encodeBlock`. Whether the parts are those that the header commits, `blockMatchesHeader` says; sums
 * and states are block validation's. Throws InvalidEncodingError.
 */
export function decodeBlock(bytes: Uint8Array): Block {
  return readBlock(itemIn(SUBJECT, bytes));
}

/**
 * `extraData` of a block's header, 32 bytes: keccak256(rlp([view, leader, randaoReveal, chunkHeaders,
 * keccak256(rlp(certificates))])), in shard order, a missing certificate being the empty string. With the placements'
 * roots in the chunk headers it commits all that a block carries, so that its hash names one content.
 */
export function blockExtraData(
  view: bigint,
  leader: ValidatorIndex,
  randaoReveal: Uint8Array,
  chunks: readonly CertifiedHeader[],
): Uint8Array {
  return keccak256OfRlp([
    ...ballotItems(view, leader, randaoReveal),
    chunks.map(({ header }) => chunkHeaderItem(header)),
    keccak256OfRlp(chunks.map(({ certificate }) => certificateItem(certificate))),
  ]);
}

/** What `extraData` commits of a shard's place in a block. */
export type CertifiedHeader = Pick<BlockChunk, 'header' | 'certificate'>;

/** Encoded once a block: it is sent, stored, and stored again when it is final. */
export const blockItem: (block: Block) => EncodedRlp = rememberedBy((block) => {
  writeIndex(block.chunks.length, MAX_SHARDS);
  return new EncodedRlp([
    blockHeaderItem(block.header),
    ...ballotItems(block.view, block.leader, block.randaoReveal),
    block.chunks.map(blockChunkItem),
  ]);
});

function ballotItems(view: bigint, leader: ValidatorIndex, randaoReveal: Uint8Array): RlpItem[] {
  return [writeU64(view), writeIndex(leader, MAX_VALIDATORS - 1), writeFixed(randaoReveal, BLS_SIGNATURE_BYTES)];
}

function blockChunkItem(chunk: BlockChunk): RlpInput {
  return [chunkHeaderItem(chunk.header), certificateItem(chunk.certificate), placementsItem(chunk.placements)];
}

function certificateItem(certificate: EndorsementCertificate | null): RlpItem {
  return certificate === null ? NULL_ITEM : endorsementCertificateItem(certificate);
}

export function readBlock(item: RlpItem): Block {
  const reader = fieldsOf(SUBJECT, item, 5);
  const header = readBlockHeader(reader.item('header'));
  const view = reader.u64('view');
  const leader = reader.index('leader', MAX_VALIDATORS - 1);
  const randaoReveal = reader.fixed('randaoReveal', BLS_SIGNATURE_BYTES);
  const chunks = reader.list('chunks', MAX_SHARDS);
  return { header, view, leader, randaoReveal, chunks: chunks.map(readBlockChunk) };
}

function readBlockChunk(item: RlpItem): BlockChunk {
  const reader = fieldsOf('chunk of a block', item, 3);
  const header = readChunkHeader(reader.item('header'));
  const certificate = reader.item('certificate');
  return {
    header,
    certificate: isNullItem(certificate) ? null : readEndorsementCertificate(certificate),
    placements: readPlacements(reader.item('placements')),
  };
}
