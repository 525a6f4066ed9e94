import { assert } from '@heddle/primitives';
import type { BranchStart } from '@heddle/storage';

/** Heights that one branch of the chain begins with, or the chain itself. */
interface Segment extends BranchStart {
  /** Period of the blocks right above `height`. */
  readonly period: bigint;
}

/**
 * Which heights belong to which epoch (protocol.md, Epochs). Period p covers p·L + 1 … (p + 1)·L, L being its length, and is
 * an epoch of that number, unless the chain was taken back: above the block where such a branch starts epochs are counted on
 * from one that nobody has ever voted in, and that first one begins in the middle of its period. Who validates depends on the
 * period alone.
 */
export class EpochSchedule {
  readonly length: bigint;
  /** Rising in height and epoch. */
  readonly #segments: readonly Segment[];

  /** `length` ≥ 4, in blocks. `branches` fit: see `branchesFit`. */
  constructor(length: bigint, branches: readonly BranchStart[]) {
    this.length = length;
    const first = { height: 0n, epoch: 0n, period: 0n };
    const begun = branches.map(({ height, epoch }) => ({ height, epoch, period: height / length }));
    // One that starts at genesis takes the place of epoch 0.
    this.#segments = begun[0]?.height === 0n ? begun : [first, ...begun];
  }

  /** Epoch of the block at `height` ≥ 1. */
  epochOf(height: bigint): bigint {
    return this.epochAbove(height - 1n);
  }

  /** Epoch of the blocks right above `height` ≥ 0. */
  epochAbove(height: bigint): bigint {
    const { epoch, period } = this.#segmentAbove(height);
    return epoch + height / this.length - period;
  }

  /** Height of the last block of an epoch: its boundary. The epoch is on this chain. */
  boundaryOf(epoch: bigint): bigint {
    const boundary = (this.periodOf(epoch) + 1n) * this.length;
    const next = this.#segments.find((segment) => segment.epoch > epoch);
    return next !== undefined && next.height < boundary ? next.height : boundary;
  }

  /** Whether the block at `height` ends an epoch. Genesis ends none. */
  isBoundary(height: bigint): boolean {
    return height > 0n && this.epochAbove(height) !== this.epochOf(height);
  }

  /** Height of the block that an epoch builds on: the last one before it. The epoch is on this chain. */
  baseOf(epoch: bigint): bigint {
    const segment = this.#segmentOf(epoch);
    return epoch === segment.epoch ? segment.height : this.periodOf(epoch) * this.length;
  }

  /** The lowest height above `height` at which an epoch ends, or the next one's validators are named. */
  nextMarkAbove(height: bigint): bigint {
    const boundary = (height / this.length + 1n) * this.length;
    const naming = boundary - this.length / 2n;
    return naming > height ? naming : boundary;
  }

  /** The period that an epoch is, or lies in: what its validators are named for. The epoch is on this chain. */
  periodOf(epoch: bigint): bigint {
    const { epoch: first, period } = this.#segmentOf(epoch);
    return period + epoch - first;
  }

  /** Whether this chain has blocks of the epoch, or will have: others were on a branch that is gone. */
  has(epoch: bigint): boolean {
    const next = this.#segments.find((segment) => segment.epoch > epoch);
    const first = this.#segments[0];
    if (first === undefined || epoch < first.epoch) return false;
    return next === undefined || this.baseOf(epoch) < next.height;
  }

  /** Height whose state names the validators of a period ≥ 1: half a period before it begins. */
  namingHeight(period: bigint): bigint {
    return period * this.length - this.length / 2n;
  }

  /** The period whose validators the state at `height` names; null if it names none. */
  namedAt(height: bigint): bigint | null {
    const period = (height + this.length / 2n) / this.length;
    return period > 0n && this.namingHeight(period) === height ? period : null;
  }

  /** The last one that starts at `height` or below. Branches are many where tests go back again and again. */
  #segmentAbove(height: bigint): Segment {
    return this.#lastWhere((segment) => segment.height <= height);
  }

  #segmentOf(epoch: bigint): Segment {
    return this.#lastWhere((segment) => segment.epoch <= epoch);
  }

  /** `isBefore` is true of the first segments and false of the rest. */
  #lastWhere(isBefore: (segment: Segment) => boolean): Segment {
    let [low, high] = [0, this.#segments.length];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const segment = this.#segments[middle];
      if (segment !== undefined && isBefore(segment)) low = middle;
      else high = middle;
    }
    const found = this.#segments[low];
    assert(found !== undefined && isBefore(found), 'every epoch and height of this chain is in a segment');
    return found;
  }
}

/** Whether a chain can have branched so: each in an epoch above those before it. */
export function branchesFit(length: bigint, branches: readonly BranchStart[]): boolean {
  return branches.every(({ height, epoch }, index) => {
    const earlier = branches.slice(Math.max(0, index - 1), index);
    const before = earlier[0];
    if (before === undefined) return epoch > 0n && epoch > (height - 1n) / length;
    return height > before.height && epoch > new EpochSchedule(length, earlier).epochOf(height);
  });
}
