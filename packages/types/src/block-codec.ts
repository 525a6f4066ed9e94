import {
  assert,
  BLS_SIGNATURE_BYTES,
  EncodedRlp,
  hexToBytes,
  isNullItem,
  keccak256OfRlp,
  merkleRootOfHashes,
  NULL_ITEM,
  type RlpInput,
  type RlpItem,
  rememberedBy,
  writeFixed,
  writeIndex,
  writeU64,
} from '@heddle/primitives';
import type { Block, BlockChunk, EndorsementCertificate } from './block.ts';
import { chunkHeaderItem, hashChunkHeader, readChunkHeader } from './chunk-codec.ts';
import { endorsementCertificateItem, readEndorsementCertificate } from './endorsement-codec.ts';
import { InvalidEncodingError } from './errors.ts';
import { fieldsOf, itemIn } from './fields.ts';
import { blockHeaderItem, readBlockHeader } from './header-codec.ts';
import type { ValidatorIndex } from './ids.ts';
import { MAX_SHARDS, MAX_VALIDATORS } from './limits.ts';
import type { SectionHeader } from './section.ts';
import { hashSectionHeader, readSection, sectionItem, shardsOf } from './section-codec.ts';

const SUBJECT = 'block';

/**
 * rlp([header, view, leader, randaoReveal, chunks, section]), a chunk being [header, certificate]; a missing certificate
 * is the empty string, and so is the section of a block of one shard that is no control block. Read only: remembered with the block.
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
 * `extraData` of a block's header, 32 bytes: keccak256(rlp([view, leader, randaoReveal, Merkle root over the hashes of the
 * chunk headers, hash of the section header, keccak256(rlp(certificates))])), in shard order; a missing certificate is the
 * empty string, and so is the hash where there is no section. With the body root in the section header it commits all that
 * a block carries, so that its hash names one content; and a chunk header or the section's can be proved alone.
 */
export function blockExtraData(
  view: bigint,
  leader: ValidatorIndex,
  randaoReveal: Uint8Array,
  chunks: readonly BlockChunk[],
  sectionHeader: SectionHeader | null,
): Uint8Array {
  return keccak256OfRlp([
    ...ballotItems(view, leader, randaoReveal),
    hexToBytes(merkleRootOfHashes(chunks.map(({ header }) => hashChunkHeader(header)))),
    sectionHeader === null ? NULL_ITEM : hexToBytes(hashSectionHeader(sectionHeader)),
    keccak256OfRlp(chunks.map(({ certificate }) => certificateItem(certificate))),
  ]);
}

/** Encoded once a block: it is sent, stored, and stored again when it is final. */
export const blockItem: (block: Block) => EncodedRlp = rememberedBy((block) => {
  writeIndex(block.chunks.length, MAX_SHARDS);
  assert(sectionFits(block), 'a block has the section that its shards ask for');
  return new EncodedRlp([
    blockHeaderItem(block.header),
    ...ballotItems(block.view, block.leader, block.randaoReveal),
    block.chunks.map(blockChunkItem),
    block.section === null ? NULL_ITEM : sectionItem(block.section),
  ]);
});

/** With one shard the chunk is the block, unless it is a control block; with several there is always a section, of all of them. */
function sectionFits({ chunks, section }: Pick<Block, 'chunks' | 'section'>): boolean {
  if (section === null) return chunks.length <= 1;
  return shardsOf(section.header) === chunks.length && (chunks.length > 1 || section.control !== null);
}

function ballotItems(view: bigint, leader: ValidatorIndex, randaoReveal: Uint8Array): RlpItem[] {
  return [writeU64(view), writeIndex(leader, MAX_VALIDATORS - 1), writeFixed(randaoReveal, BLS_SIGNATURE_BYTES)];
}

function blockChunkItem(chunk: BlockChunk): RlpInput {
  return [chunkHeaderItem(chunk.header), certificateItem(chunk.certificate)];
}

function certificateItem(certificate: EndorsementCertificate | null): RlpItem {
  return certificate === null ? NULL_ITEM : endorsementCertificateItem(certificate);
}

export function readBlock(item: RlpItem): Block {
  const reader = fieldsOf(SUBJECT, item, 6);
  const header = readBlockHeader(reader.item('header'));
  const view = reader.u64('view');
  const leader = reader.index('leader', MAX_VALIDATORS - 1);
  const randaoReveal = reader.fixed('randaoReveal', BLS_SIGNATURE_BYTES);
  const chunks = reader.list('chunks', MAX_SHARDS).map(readBlockChunk);
  const sectionOrNull = reader.item('section');
  const section = isNullItem(sectionOrNull) ? null : readSection(sectionOrNull);
  if (!sectionFits({ chunks, section })) {
    throw new InvalidEncodingError(SUBJECT, `its section is not one of ${chunks.length} shards`);
  }
  return { header, view, leader, randaoReveal, chunks, section };
}

function readBlockChunk(item: RlpItem): BlockChunk {
  const reader = fieldsOf('chunk of a block', item, 2);
  const header = readChunkHeader(reader.item('header'));
  const certificate = reader.item('certificate');
  return { header, certificate: isNullItem(certificate) ? null : readEndorsementCertificate(certificate) };
}
