import { assert, bigintToBytes, concatBytes, sha256 } from '@heddle/primitives';
import type { ValidatorIndex } from '@heddle/types';

/** The leader of a view (consensus.md, Rules): the epoch's permutation, in turn. `view` ≥ 0. */
export function leaderOf(leaders: readonly ValidatorIndex[], view: bigint): ValidatorIndex {
  const leader = leaders[Number(view % BigInt(leaders.length))];
  assert(leader !== undefined, 'a view number is not negative and there is at least one leader');
  return leader;
}

/**
 * A permutation of 0 … count−1 that everyone derives alike from `seed` (any bytes: an epoch's randomness).
 * Fisher–Yates over 32-bit draws of SHA-256(seed ‖ counter); draws that would make it uneven are rejected.
 */
export function seededPermutation(seed: Uint8Array, count: number): readonly ValidatorIndex[] {
  const draw = drawsFrom(seed);
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const chosen = drawBelow(draw, last + 1);
    const [a, b] = [order[last], order[chosen]];
    assert(a !== undefined && b !== undefined, 'both positions are below count');
    order[last] = b;
    order[chosen] = a;
  }
  return order;
}

function drawBelow(draw: () => number, bound: number): number {
  const evenly = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const value = draw();
    if (value < evenly) return value % bound;
  }
}

function drawsFrom(seed: Uint8Array): () => number {
  let counter = 0n;
  let block: Uint8Array = new Uint8Array(0);
  let offset = 0;
  return () => {
    if (offset === block.length) {
      block = sha256(concatBytes(seed, bigintToBytes(counter, 8)));
      counter += 1n;
      offset = 0;
    }
    const value = new DataView(block.buffer, block.byteOffset + offset, 4).getUint32(0);
    offset += 4;
    return value;
  };
}
