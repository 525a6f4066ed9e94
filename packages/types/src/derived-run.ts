import { assert, equalBytes, rememberedBy, utf8ToBytes, withoutPauses } from '@heddle/primitives';
import type { Block, BlockHeader } from './block.ts';
import { EMPTY_BLOOM, EMPTY_TRIE_ROOT } from './constants.ts';
import { stateRootsOf } from './contents.ts';
import { headerHasher, type MovingFields } from './header-codec.ts';
import type { Hash } from './ids.ts';
import { DERIVED_STEP_BLOCKS } from './limits.ts';
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
  return withoutPauses(deriveRunInSteps(terms, count));
}

/** As `deriveRun`, with a pause behind every `DERIVED_STEP_BLOCKS`, for a caller with other things to do. */
export function* deriveRunInSteps(terms: RunTerms, count: number): Generator<void, DerivedRun> {
  const hashOf = headerHasher(terms.first);
  const hashes: Hash[] = [];
  let parentHash = terms.first.parentHash;
  for (let index = 0; index < count; index++) {
    parentHash = hashOf(movingFields(terms, index, parentHash));
    hashes.push(parentHash);
    if (hashes.length % DERIVED_STEP_BLOCKS === 0) yield;
  }
  return { ...terms, hashes };
}

/** Header of the block at `index`, whose parent has the hash `parentHash`. */
export function derivedHeader(terms: RunTerms, index: number, parentHash: Hash): BlockHeader {
  return { ...terms.first, ...movingFields(terms, index, parentHash) };
}

function movingFields({ first, interval, baseFees }: RunTerms, index: number, parentHash: Hash): MovingFields {
  const baseFeePerGas = baseFees[Math.min(index, baseFees.length - 1)];
  assert(baseFeePerGas !== undefined, 'a run has a base fee');
  const number = first.number + BigInt(index);
  return { parentHash, number, timestamp: derivedTimestamp({ first, interval }, number), baseFeePerGas };
}

/** Seconds: of the run's block at height `number`. */
export function derivedTimestamp({ first, interval }: Pick<RunTerms, 'first' | 'interval'>, number: bigint): bigint {
  return first.timestamp + (number - first.number) * interval;
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
export function derivedBlock(parent: Block, header: BlockHeader): Block {
  const { section, ...standing } = standingOf(parent);
  if (section === null) return { header, ...standing, section };
  const { baseFeePerGas } = header;
  return { header, ...standing, section: { ...section, header: { ...section.header, baseFeePerGas } } };
}

/** What all derived blocks on `parent` have alike: whoever reads one reads thousands. */
const standingOf: (parent: Block) => Omit<Block, 'header'> = rememberedBy((parent) => {
  const { view, leader, randaoReveal, chunks, section } = parent;
  const roots = stateRootsOf(parent);
  return {
    view,
    leader,
    randaoReveal,
    chunks: chunks.map((chunk, shard) => ({
      header: { ...chunk.header, stateRoot: roots[shard] ?? chunk.header.stateRoot },
      certificate: null,
    })),
    section: section === null || chunks.length === 1 ? null : emptySection(section.header),
  };
});

function emptySection(last: SectionHeader): Section {
  const content = { control: null, transactions: [] };
  const header = {
    ...last,
    transactionCount: 0,
    bodyRoot: hashSectionBody(content),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
  };
  return { header, ...content };
}
