import {
  assert,
  bytesToHex,
  EncodedRlp,
  encodeRlp,
  keccak256Hex,
  keccak256OfRlp,
  NULL_ITEM,
  type RlpInput,
  type RlpItem,
  rememberedBy,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
} from '@heddle/primitives';
import { BLOOM_BYTES } from './constants.ts';
import type { ControlPart } from './control.ts';
import { controlItem, readControl } from './control-codec.ts';
import { InvalidEncodingError } from './errors.ts';
import { fieldsOf, itemIn } from './fields.ts';
import type { Hash } from './ids.ts';
import { MAX_SECTION_BYTES, MAX_SECTION_TRANSACTIONS, MAX_SHARDS } from './limits.ts';
import type { Section, SectionHeader } from './section.ts';

const HEADER = 'section header';
const SECTION = 'section';
const HEADER_FIELD_COUNT = 13;
/** As the body of every section has it that is not a control block's. */
const NO_CONTROL_PART: readonly RlpItem[] = [];

/**
 * RLP list of the 11 fields in the order of `SectionHeader`, then a producer and a certificate, empty strings while every
 * validator executes every section. Read only: remembered with the header.
 */
export function encodeSectionHeader(header: SectionHeader): Uint8Array {
  return sectionHeaderItem(header).bytes;
}

/** Strict inverse of `encodeSectionHeader`. Throws InvalidEncodingError. */
export function decodeSectionHeader(bytes: Uint8Array): SectionHeader {
  return readSectionHeader(itemIn(HEADER, bytes));
}

/** The section's hash: keccak256 of the encoded header. */
export const hashSectionHeader: (header: SectionHeader) => Hash = rememberedBy((header) =>
  keccak256Hex(sectionHeaderItem(header).bytes),
);

/** keccak256(rlp([control, transactions])): `bodyRoot` of the header of a section with these. No control is the empty list. */
export function hashSectionBody({ control, transactions }: Omit<Section, 'header'>): Hash {
  return bytesToHex(keccak256OfRlp(bodyItem(control, transactions)));
}

/** rlp([header, [control, transactions]]). Of a block's section, which `encodeBlock` has in it. */
export function encodeSection(section: Section): Uint8Array {
  return encodeRlp(sectionItem(section));
}

/** Strict inverse of `encodeSection`. Whether the body belongs to the header, `blockMatchesHeader` says. Throws InvalidEncodingError. */
export function decodeSection(bytes: Uint8Array): Section {
  return readSection(itemIn(SECTION, bytes));
}

/** Number of shards that a section's lists speak of. */
export function shardsOf({ stateRoots }: SectionHeader): number {
  return stateRoots.length;
}

const sectionHeaderItem: (header: SectionHeader) => EncodedRlp = rememberedBy(
  (header) => new EncodedRlp(headerFields(header)),
);

function headerFields(header: SectionHeader): RlpItem {
  const { accessListHashes, stateRoots, outboxRoots } = header;
  writeIndex(stateRoots.length, MAX_SHARDS);
  assert(hasOneEach(header), 'the lists of a section header have one entry a shard');
  return [
    writeIndex(header.transactionCount, MAX_SECTION_TRANSACTIONS),
    writeHash(header.bodyRoot),
    writeHash(header.transactionsRoot),
    writeHash(header.receiptsRoot),
    accessListHashes.map(writeHash),
    writeFixed(header.logsBloom, BLOOM_BYTES),
    writeU64(header.gasUsed),
    writeU64(header.gasLimit),
    writeU256(header.baseFeePerGas),
    stateRoots.map(writeHash),
    outboxRoots.map(writeHash),
    NULL_ITEM,
    NULL_ITEM,
  ];
}

function hasOneEach({ accessListHashes, stateRoots, outboxRoots }: SectionHeader): boolean {
  return accessListHashes.length === stateRoots.length && outboxRoots.length === stateRoots.length;
}

function readSectionHeader(item: RlpItem): SectionHeader {
  const reader = fieldsOf(HEADER, item, HEADER_FIELD_COUNT);
  const hashes = (field: string): readonly Hash[] => reader.values(field, MAX_SHARDS, (list) => list.hash(field));
  const header = {
    transactionCount: reader.index('transactionCount', MAX_SECTION_TRANSACTIONS),
    bodyRoot: reader.hash('bodyRoot'),
    transactionsRoot: reader.hash('transactionsRoot'),
    receiptsRoot: reader.hash('receiptsRoot'),
    accessListHashes: hashes('accessListHashes'),
    logsBloom: reader.fixed('logsBloom', BLOOM_BYTES),
    gasUsed: reader.u64('gasUsed'),
    gasLimit: reader.u64('gasLimit'),
    baseFeePerGas: reader.u256('baseFeePerGas'),
    stateRoots: hashes('stateRoots'),
    outboxRoots: hashes('outboxRoots'),
  };
  reader.fixed('producer', 0);
  reader.fixed('certificate', 0);
  if (!hasOneEach(header)) throw new InvalidEncodingError(HEADER, 'its lists differ in their number of shards');
  return header;
}

function bodyItem(control: ControlPart | null, transactions: readonly Uint8Array[]): RlpInput {
  return [control === null ? NO_CONTROL_PART : controlItem(control), transactions];
}

function totalBytes(transactions: readonly Uint8Array[]): number {
  return transactions.reduce((sum, { length }) => sum + length, 0);
}

/** Not remembered: the block is, and a section can be large. */
export function sectionItem({ header, control, transactions }: Section): RlpInput {
  writeIndex(transactions.length, MAX_SECTION_TRANSACTIONS);
  assert(totalBytes(transactions) <= MAX_SECTION_BYTES, 'a section keeps its limit of bytes');
  return [sectionHeaderItem(header), bodyItem(control, transactions)];
}

export function readSection(item: RlpItem): Section {
  const reader = fieldsOf(SECTION, item, 2);
  const header = readSectionHeader(reader.item('header'));
  const body = fieldsOf('section body', reader.item('body'), 2);
  const control = readControlOrNone(body.item('control'));
  const transactions = body.values('transactions', MAX_SECTION_TRANSACTIONS, (values) => values.bytes('transaction'));
  const bytes = totalBytes(transactions);
  if (bytes > MAX_SECTION_BYTES) {
    throw new InvalidEncodingError(
      'section body',
      `its transactions have ${bytes} bytes, more than ${MAX_SECTION_BYTES}`,
    );
  }
  if (control !== null && transactions.length > 0) {
    throw new InvalidEncodingError('section body', 'it has transactions beside its control part');
  }
  return { header, control, transactions };
}

function readControlOrNone(item: RlpItem): ControlPart | null {
  return isEmptyList(item) ? null : readControl(item);
}

function isEmptyList(item: RlpItem): boolean {
  return !(item instanceof Uint8Array) && item.length === 0;
}
