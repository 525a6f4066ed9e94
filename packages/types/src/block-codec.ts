import {
  BLS_AGGREGATE_BYTES,
  BLS_SIGNATURE_BYTES,
  EncodedRlp,
  encodeRlp,
  keccak256OfRlp,
  type RlpInput,
  type RlpItem,
  rememberedBy,
} from '@heddle/primitives';
import { readBitmap, writeBitmap } from './bitmap.ts';
import type { Block, BlockChunk, ChunkHeader, EndorsementCertificate } from './block.ts';
import { chunkHeaderItem, readChunkHeader } from './chunk-codec.ts';
import { InvalidEncodingError } from './errors.ts';
import {
  decodeItem,
  FieldReader,
  isNullItem,
  NULL_ITEM,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
} from './fields.ts';
import { blockHeaderItem, readBlockHeader } from './header-codec.ts';
import type { ValidatorIndex } from './ids.ts';
import { MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';
import { placementsItem, readPlacements } from './message-codec.ts';

const SUBJECT = 'block';
const CERTIFICATE = 'endorsement certificate';

/**
 * rlp([header, view, leader, randaoReveal, chunks]), a chunk being [header, certificate, placements] and a missing
 * certificate the empty string. Read only: remembered with the block.
 */
export function encodeBlock(block: Block): Uint8Array {
  return blockItem(block).bytes;
}

/**
 * Strict inverse of `encodeBlock`. Does not check that the parts belong together (`extraData`, roots, sums): block
 * validation does. Throws InvalidEncodingError.
 */
export function decodeBlock(bytes: Uint8Array): Block {
  return readBlock(decodeItem(SUBJECT, bytes));
}

/** `extraData` of a block's header: keccak256(rlp([view, leader, randaoReveal, chunkHeaders])), 32 bytes. */
export function blockExtraData(
  view: bigint,
  leader: ValidatorIndex,
  randaoReveal: Uint8Array,
  chunkHeaders: readonly ChunkHeader[],
): Uint8Array {
  return keccak256OfRlp([...ballotItems(view, leader, randaoReveal), chunkHeaders.map(chunkHeaderItem)]);
}

/** rlp([shard, parentBlockHash, chunkHash, bitmap, aggregate]). */
export function encodeEndorsementCertificate(certificate: EndorsementCertificate): Uint8Array {
  return encodeRlp(endorsementItem(certificate));
}

/** Strict inverse of `encodeEndorsementCertificate`. Throws InvalidEncodingError. */
export function decodeEndorsementCertificate(bytes: Uint8Array): EndorsementCertificate {
  return readEndorsement(decodeItem(CERTIFICATE, bytes));
}

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
  const certificate = chunk.certificate === null ? NULL_ITEM : endorsementItem(chunk.certificate);
  return [chunkHeaderItem(chunk.header), certificate, placementsItem(chunk.placements)];
}

export function readBlock(item: RlpItem): Block {
  const reader = new FieldReader(SUBJECT, item, 5);
  const header = readBlockHeader(reader.item('header'));
  const view = reader.u64('view');
  const leader = reader.index('leader', MAX_VALIDATORS - 1);
  const randaoReveal = reader.fixed('randaoReveal', BLS_SIGNATURE_BYTES);
  const chunks = reader.list('chunks');
  if (chunks.length > MAX_SHARDS) throw new InvalidEncodingError(SUBJECT, `it has ${chunks.length} chunks`);
  return { header, view, leader, randaoReveal, chunks: chunks.map(readBlockChunk) };
}

function readBlockChunk(item: RlpItem): BlockChunk {
  const reader = new FieldReader('chunk of a block', item, 3);
  const header = readChunkHeader(reader.item('header'));
  const certificate = reader.item('certificate');
  return {
    header,
    certificate: isNullItem(certificate) ? null : readEndorsement(certificate),
    placements: readPlacements(reader.item('placements')),
  };
}

function endorsementItem(certificate: EndorsementCertificate): RlpItem {
  return [
    writeIndex(certificate.shard, MAX_SHARDS - 1),
    writeHash(certificate.parentBlockHash),
    writeHash(certificate.chunkHash),
    writeBitmap(certificate.bitmap),
    writeFixed(certificate.aggregate, BLS_AGGREGATE_BYTES),
  ];
}

function readEndorsement(item: RlpItem): EndorsementCertificate {
  const reader = new FieldReader(CERTIFICATE, item, 5);
  return {
    shard: reader.index('shard', MAX_SHARDS - 1),
    parentBlockHash: reader.hash('parentBlockHash'),
    chunkHash: reader.hash('chunkHash'),
    bitmap: readBitmap(reader),
    aggregate: reader.fixed('aggregate', BLS_AGGREGATE_BYTES),
  };
}
