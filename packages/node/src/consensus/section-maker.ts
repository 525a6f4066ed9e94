import { type Hash, ZERO_ADDRESS } from '@heddle/types';
import { statesAfter } from '../chain/block-execution.ts';
import { routeViewOn } from '../chain/chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection } from '../chain/executed-block.ts';
import type { MemberParts } from '../epochs/member-parts.ts';
import { StoppedError, SupersededError } from '../errors.ts';
import { dropRefused } from '../pool/drop-refused.ts';
import { accountsAfter, SectionCandidates } from '../pool/section-candidates.ts';

type Parts = Pick<MemberParts, 'chain' | 'chunks' | 'sections' | 'pool' | 'routes' | 'feeRecipients'>;

/** Null with one shard. 'superseded': another block has become final instead of the parent, or the node stops. */
export type MadeSection = ExecutedSection | null | 'superseded';

/** A chunk of each shard, null where it is missing. */
type Chunks = readonly (ExecutedChunk | null)[];

/** Which block a section is for. */
interface Occasion {
  readonly view: bigint;
  readonly parentHash: Hash;
}

interface Attempt extends Occasion {
  readonly chunkHashes: readonly (Hash | null)[];
  readonly section: Promise<MadeSection>;
}

/**
 * Makes the section of the block that this node leads. It begins as soon as a chunk of every shard is executed here, while
 * endorsements still travel, and once more if the certificates are for other chunks, or for fewer.
 */
export class SectionMaker {
  readonly #parts: Parts;
  readonly #candidates: SectionCandidates;
  /** The last one begun, until it is asked for: what it holds goes with its block. */
  #attempt: Attempt | null = null;
  /** What the last one asked for was for. */
  #made: Occasion | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#candidates = new SectionCandidates(parts);
  }

  /** Begins, if a chunk of every shard on `parent` is executed here. Once a view and parent. */
  prepare(view: bigint, parent: ExecutedBlock): void {
    if (parent.shards.length === 1) return;
    if (isFor(this.#attempt, view, parent) || isFor(this.#made, view, parent)) return;
    const chunks = parent.shards.map((_, shard) => this.#parts.chunks.executedOn(parent.hash, shard));
    if (chunks.every((chunk) => chunk !== null)) this.#begin(view, parent, chunks);
  }

  /** The section after exactly these chunks. */
  make(view: bigint, parent: ExecutedBlock, chunks: Chunks): Promise<MadeSection> {
    const begun = this.#attempt;
    this.#attempt = null;
    this.#made = { view, parentHash: parent.hash };
    const isOfThese = begun?.chunkHashes.every((hash, shard) => hash === (chunks[shard]?.hash ?? null)) ?? false;
    if (begun !== null && isFor(begun, view, parent) && isOfThese) return begun.section;
    return this.#build(view, parent, chunks);
  }

  #begin(view: bigint, parent: ExecutedBlock, chunks: Chunks): void {
    const section = this.#build(view, parent, chunks);
    // Whoever asks for it hears of a failure; it may be nobody.
    section.catch(() => undefined);
    this.#attempt = {
      view,
      parentHash: parent.hash,
      chunkHashes: chunks.map((chunk) => chunk?.hash ?? null),
      section,
    };
  }

  async #build(view: bigint, parent: ExecutedBlock, chunks: Chunks): Promise<MadeSection> {
    const { sections, feeRecipients } = this.#parts;
    const after = statesAfter(parent, chunks);
    const place = { height: parent.height + 1n, view: routeViewOn(parent), after };
    const terms = {
      coinbase: feeRecipients[0] ?? ZERO_ADDRESS,
      skippedViews: Number(view - this.#viewOf(parent) - 1n),
      candidates: this.#candidates.of(place),
    };
    try {
      const section = await sections.build(parent, chunks, terms);
      if (section !== null) {
        const accounts = accountsAfter(after.map((state, shard) => section.layers[shard] ?? state));
        dropRefused(this.#parts.pool, section.outcome.rejected, accounts);
      }
      return section;
    } catch (error) {
      if (error instanceof SupersededError || error instanceof StoppedError) return 'superseded';
      throw error;
    }
  }

  /** Views begin at 1 in each epoch; its first block stands on the last one of another. */
  #viewOf({ height, block }: ExecutedBlock): bigint {
    return this.#parts.chain.epochs.isBoundary(height) ? 0n : block.view;
  }
}

function isFor(occasion: Occasion | null, view: bigint, { hash }: ExecutedBlock): boolean {
  return occasion?.view === view && occasion.parentHash === hash;
}
