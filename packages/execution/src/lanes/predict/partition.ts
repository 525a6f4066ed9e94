import { assert } from '@heddle/primitives';
import type { Position } from '../results.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { KeyIndex } from './key-index.ts';
import type { Prediction } from './prediction.ts';

/** A candidate for a chunk. */
export interface PartitionItem {
  readonly prediction: Prediction;
  /** What it is expected to use. */
  readonly gas: number;
}

/**
 * Distributes the items over at most `lanes` lanes, so that no two lanes share a key that one of them writes, and the
 * lanes' gas is about the same. Within a lane they keep their order. Lanes without work are left out.
 */
export function partition(items: readonly PartitionItem[], lanes: number): readonly (readonly Position[])[] {
  assert(Number.isInteger(lanes) && lanes > 0, 'there is at least one lane');
  const sets = uniteByKeys(items);
  const laneOf = pack(items, sets, lanes);
  const packed = new Map<number, Position[]>();
  for (let position = 0; position < items.length; position++) {
    const lane = laneOf[sets.find(position)] ?? 0;
    const positions = packed.get(lane);
    if (positions === undefined) packed.set(lane, [position]);
    else positions.push(position);
  }
  return [...packed.values()];
}

/** Whoever touches a key that somebody writes belongs to the others that touch it; what is only read unites nobody. */
function uniteByKeys(items: readonly PartitionItem[]): DisjointSets {
  const index = new KeyIndex();
  /** Keys of all items, those of one item up to its end in `ends`. */
  const keys: number[] = [];
  const ends = new Int32Array(items.length);
  const writtenKeys: number[] = [];
  const touch = (key: number, written: boolean): void => {
    keys.push(key);
    if (written) writtenKeys.push(key);
  };
  for (const [position, { prediction }] of items.entries()) {
    for (const { address, written } of prediction.accounts) touch(index.account(address), written);
    for (const { address, slot, written } of prediction.slots) touch(index.slot(address, slot), written);
    ends[position] = keys.length;
  }
  const isWritten = new Uint8Array(index.size);
  for (const key of writtenKeys) isWritten[key] = 1;
  return unite(keys, ends, isWritten);
}

function unite(keys: readonly number[], ends: Int32Array, isWritten: Uint8Array): DisjointSets {
  const sets = new DisjointSets(ends.length);
  const firstToTouch = new Int32Array(isWritten.length).fill(-1);
  let at = 0;
  for (const [position, end] of ends.entries()) {
    for (; at < end; at++) {
      const key = keys[at] ?? 0;
      if (isWritten[key] === 0) continue;
      const first = firstToTouch[key] ?? -1;
      if (first === -1) firstToTouch[key] = position;
      else sets.unite(first, position);
    }
  }
  return sets;
}

/**
 * The lane of each set, by its least member. The heaviest set goes first, each to the lane that has the least so far:
 * the fullest lane gets at most a third more than it would by the best packing (Graham).
 */
function pack(items: readonly PartitionItem[], sets: DisjointSets, lanes: number): Int32Array {
  const gasOf = new Float64Array(items.length);
  const leasts: Position[] = [];
  for (const [position, { gas }] of items.entries()) {
    const least = sets.find(position);
    if (least === position) leasts.push(position);
    gasOf[least] = (gasOf[least] ?? 0) + gas;
  }
  // Equal ones stay in block order.
  leasts.sort((a, b) => (gasOf[b] ?? 0) - (gasOf[a] ?? 0));
  const laneOf = new Int32Array(items.length);
  const loads = new Float64Array(Math.min(lanes, leasts.length));
  for (const [rank, least] of leasts.entries()) {
    // The first ones open a lane each, even if they weigh nothing.
    const lane = rank < loads.length ? rank : lightest(loads);
    laneOf[least] = lane;
    loads[lane] = (loads[lane] ?? 0) + (gasOf[least] ?? 0);
  }
  return laneOf;
}

/** The first of those that have the least. */
function lightest(loads: Float64Array): number {
  let best = 0;
  for (let lane = 1; lane < loads.length; lane++) {
    if ((loads[lane] ?? 0) < (loads[best] ?? 0)) best = lane;
  }
  return best;
}
