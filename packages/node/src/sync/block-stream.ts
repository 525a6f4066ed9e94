import { blockMatchesHeader, bodyMatchesHeader, type Hash, hashBlockHeader } from '@heddle/types';
import { UnavailableError } from '../errors.ts';
import { PREFETCHED_RANGES, REQUESTED_RANGE_BLOCKS } from '../limits.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import type { FetchedBlock, FetchedRange } from '../peers/peer-link.ts';

/** Heights of a range that is asked for, both ends included; all of them have a hash. */
interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

type Fetching = Promise<readonly FetchedBlock[]>;

/**
 * The blocks of a segment, lowest first, from several peers at once: while some are executed the next ranges are on their way.
 * Every block is the one that the links named, whoever gave it. A peer may give less than it was asked for; the rest is asked
 * for again, at once, while the ranges behind it wait where they are.
 */
export class BlockStream {
  readonly #fetcher: Pick<Fetcher, 'range' | 'block'>;
  readonly #hashes: ReadonlyMap<bigint, Hash>;
  /** Not asked for yet, lowest first. */
  readonly #spans: Span[];
  /** Asked for, lowest first. */
  readonly #running: { readonly span: Span; readonly blocks: Fetching }[] = [];

  constructor(fetcher: Pick<Fetcher, 'range' | 'block'>, hashes: ReadonlyMap<bigint, Hash>) {
    this.#fetcher = fetcher;
    this.#hashes = hashes;
    this.#spans = spansOf(hashes);
  }

  /**
   * The next blocks, at least one; null behind the last. `head`: what is not above it has become final otherwise, and is left
   * out where it has not been asked for yet. Throws `UnavailableError`; the stream is of no more use then.
   */
  async next(head: bigint): Promise<readonly FetchedBlock[] | null> {
    while (this.#spans[0] !== undefined && this.#spans[0].to <= head) this.#spans.shift();
    this.#fill();
    const first = this.#running.shift();
    if (first === undefined) return null;
    const blocks = await first.blocks;
    const rest = first.span.from + BigInt(blocks.length);
    if (rest <= first.span.to) this.#running.unshift(this.#started({ from: rest, to: first.span.to }));
    this.#fill();
    return blocks;
  }

  #fill(): void {
    while (this.#running.length < PREFETCHED_RANGES) {
      const span = this.#spans.shift();
      if (span === undefined) return;
      this.#running.push(this.#started(span));
    }
  }

  #started(span: Span): { readonly span: Span; readonly blocks: Fetching } {
    const blocks = this.#fetched(span);
    // Whoever reads it hears of its failure; nobody may, once an earlier one has failed.
    blocks.catch(() => undefined);
    return { span, blocks };
  }

  /** At least the first one. */
  async #fetched({ from, to }: Span): Fetching {
    try {
      return (await this.#fetcher.range(from, to, (answer) => matches(answer, from, this.#hashes))).blocks;
    } catch (error) {
      const first = this.#hashes.get(from);
      if (!(error instanceof UnavailableError) || first === undefined) throw error;
      // Nobody may have it as final yet who has it all the same.
      return [{ block: await this.#fetcher.block(first, null), chunks: [] }];
    }
  }
}

/** Heights without a hash are of blocks that the next one brings with it: a span ends before them. */
function spansOf(hashes: ReadonlyMap<bigint, Hash>): Span[] {
  const spans: { from: bigint; to: bigint }[] = [];
  for (const height of [...hashes.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const last = spans.at(-1);
    const fits = last !== undefined && last.to + 1n === height && height - last.from < BigInt(REQUESTED_RANGE_BLOCKS);
    if (fits) last.to = height;
    else spans.push({ from: height, to: height });
  }
  return spans;
}

/** At least one block, each being the one that the links named for its height, with what it and its chunks commit. */
function matches(range: FetchedRange, from: bigint, hashes: ReadonlyMap<bigint, Hash>): boolean {
  if (range.blocks.length === 0) return false;
  return range.blocks.every(({ block, chunks }, i) => {
    const height = from + BigInt(i);
    const isNamed = block.header.number === height && hashes.get(height) === hashBlockHeader(block.header);
    return isNamed && blockMatchesHeader(block) && chunks.every(bodyMatchesHeader);
  });
}
