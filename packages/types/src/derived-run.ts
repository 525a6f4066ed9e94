import { assert, equalBytes, utf8ToBytes } from '@heddle/primitives';
import type { Block, BlockHeader } from './block.ts';
import { EMPTY_BLOOM, EMPTY_TRIE_ROOT } from './constants.ts';
import { stateRootsOf } from './contents.ts';
import { hashBlockHeader, headerHasher, type MovingFields } from './header-codec.ts';
import type { Hash } from './ids.ts';
import type { Section, SectionHeader } from './section.ts';
import { hashSectionBody } from './section-codec.ts';

/** `extraData` of a derived block: 32 bytes that no block has that was decided on, whose field is a hash. */
export const DERIVED_EXTRA_DATA: Uint8Array = utf8ToBytes('heddle: derived block of a run\0\0');

/** Whether a block was derived from the next decided one, and so never proposed, sent or executed. */
export function isDerived({ extraData }: Pick<BlockHeader, 'extraData'>): boolean {
  return equalBytes(extraData, DERIVED_EXTRA_DATA);
}

/** The empty blocks of a run that come before the one that was decided on: everything that tells their headers. */
export interface DerivedRun {
  /** Header of the first of them. */
  readonly first: BlockHeader;
  /** Seconds from one to the next. */
  readonly interval: bigint;
  /** Wei a gas, by place; all behind its end have the last one. At least one. */
  readonly baseFees: readonly bigint[];
  /** Of all of them, in order; at least one. */
  readonly hashes: readonly Hash[];
}

/** What the headers follow from. */
export type RunTerms = Omit<DerivedRun, 'hashes'>;

/** The `count` ≥ 1 blocks that follow from the terms: same state, no content, time and base fee moving on. */
export function deriveRun(terms: RunTerms, count: number): DerivedRun {
  const key = [hashBlockHeader(terms.first), terms.interval, count, ...terms.baseFees].join();
  if (lastRun?.key === key) return lastRun.run;
  const hashOf = headerHasher(terms.first);
  const hashes: Hash[] = [];
  let parentHash = terms.first.parentHash;
  for (let index = 0; index < count; index++) {
    parentHash = hashOf(movingFields(terms, index, parentHash));
    hashes.push(parentHash);
  }
  const run = { ...terms, hashes };
  lastRun = { key, run };
  return run;
}

/** The validators of one process derive the same run, one after the other; it follows from nothing but its terms. */
let lastRun: { readonly key: string; readonly run: DerivedRun } | null = null;

/** Header of the block at `index`, whose parent has the hash `parentHash`. */
export function derivedHeader(terms: RunTerms, index: number, parentHash: Hash): BlockHeader {
  return { ...terms.first, ...movingFields(terms, index, parentHash) };
}

function movingFields({ first, interval, baseFees }: RunTerms, index: number, parentHash: Hash): MovingFields {
  const baseFeePerGas = baseFees[Math.min(index, baseFees.length - 1)];
  assert(baseFeePerGas !== undefined, 'a run has a base fee');
  const place = BigInt(index);
  return {
    parentHash,
    number: first.number + place,
    timestamp: first.timestamp + place * interval,
    baseFeePerGas,
  };
}

/** The block at `index` of the run; null if it has none there. */
export function derivedAt(
  run: DerivedRun,
  index: number,
): { readonly header: BlockHeader; readonly hash: Hash } | null {
  const hash = run.hashes[index];
  const parentHash = index === 0 ? run.first.parentHash : run.hashes[index - 1];
  return hash === undefined || parentHash === undefined
    ? null
    : { header: derivedHeader(run, index, parentHash), hash };
}

export function lastDerived(run: DerivedRun): { readonly header: BlockHeader; readonly hash: Hash } {
  const last = derivedAt(run, run.hashes.length - 1);
  assert(last !== null, 'a run has a derived block');
  return last;
}

/** A derived block as a whole, `parent` being the one that its run was decided on: every shard stands still. */
export function derivedBlock(
  { view, leader, randaoReveal, chunks, section, ...parent }: Block,
  header: BlockHeader,
): Block {
  const roots = stateRootsOf({ ...parent, view, leader, randaoReveal, chunks, section });
  return {
    header,
    view,
    leader,
    randaoReveal,
    chunks: chunks.map((chunk, shard) => ({
      header: { ...chunk.header, stateRoot: roots[shard] ?? chunk.header.stateRoot },
      certificate: null,
    })),
    section: section === null || chunks.length === 1 ? null : emptySection(section.header, header.baseFeePerGas),
  };
}

function emptySection(last: SectionHeader, baseFeePerGas: bigint): Section {
  const content = { control: null, transactions: [] };
  const header = {
    ...last,
    transactionCount: 0,
    bodyRoot: hashSectionBody(content),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    baseFeePerGas,
  };
  return { header, ...content };
}
