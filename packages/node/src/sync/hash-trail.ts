import { MAX_RANGE_HEADERS } from '@heddle/network';
import { type BlockHeader, type Hash, hashBlockHeader, isDerived } from '@heddle/types';
import { FinalityConflictError, UnavailableError } from '../errors.ts';
import { SEGMENT_BLOCKS } from '../limits.ts';
import type { Fetcher } from '../peers/fetcher.ts';

/** A block as far as it is known from the links above it. */
export interface TrailPoint {
  readonly height: bigint;
  readonly hash: Hash;
}

/**
 * The hashes between our head and a block that is final, by following the parent links down: nothing is believed but the
 * hash at the top. A gap may have millions of blocks, so only the lowest segment's hashes are held, and above it one
 * point a segment, from which the segment's hashes are asked for again when it is its turn. What was walked is kept when
 * a walk is broken off, so that the next one goes on from there.
 */
export class HashTrail {
  readonly #fetcher: Pick<Fetcher, 'headers' | 'block'>;
  /** From the top down. */
  readonly #points: TrailPoint[];

  constructor(fetcher: Pick<Fetcher, 'headers' | 'block'>, top: TrailPoint) {
    this.#fetcher = fetcher;
    this.#points = [top];
  }

  /** Points that are held. */
  get size(): number {
    return this.#points.length;
  }

  /**
   * The hashes by height from right above `head` on, `SEGMENT_BLOCKS` at most; empty when `head` has reached the top.
   * Derived blocks of runs are passed over: they come with the block that was decided on.
   * Throws `FinalityConflictError` when the links do not lead to `head`, `UnavailableError`.
   */
  async segmentAbove(head: TrailPoint): Promise<ReadonlyMap<bigint, Hash>> {
    let lowest = this.#points.at(-1);
    while (lowest !== undefined && lowest.height <= head.height) {
      this.#points.pop();
      lowest = this.#points.at(-1);
    }
    if (lowest === undefined) return new Map();
    let hashes = new Map<bigint, Hash>();
    let { height, hash } = lowest;
    while (height > head.height) {
      for (const header of await this.#headersDown(head.height + 1n, height, hash)) {
        if (hashes.size >= SEGMENT_BLOCKS) {
          this.#points.push({ height, hash });
          hashes = new Map();
        }
        if (!isDerived(header)) hashes.set(height, hash);
        height -= 1n;
        hash = header.parentHash;
      }
    }
    if (hash !== head.hash) throw new FinalityConflictError(head.height, head.hash, hash);
    return hashes;
  }

  /** The headers from `top` down, not below `lowest`: as many as one answer has, or that of `top` alone. */
  async #headersDown(lowest: bigint, top: bigint, topHash: Hash): Promise<readonly BlockHeader[]> {
    const span = top - MAX_RANGE_HEADERS + 1n;
    const from = span > lowest ? span : lowest;
    try {
      const headers = await this.#fetcher.headers(from, top, (answer) => isLinked(answer, from, top, topHash));
      return headers.toReversed();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      // Nobody may have it as final yet who has it all the same.
      const { header } = await this.#fetcher.block(topHash, null);
      return [header];
    }
  }
}

/** All of them, linked within and ending in `topHash`. */
function isLinked(headers: readonly BlockHeader[], from: bigint, top: bigint, topHash: Hash): boolean {
  if (BigInt(headers.length) !== top - from + 1n) return false;
  return headers.every((header, i) => hashBlockHeader(header) === (headers[i + 1]?.parentHash ?? topHash));
}
