import { concatBytes, decodeRlp, encodeRlp, type RlpItem } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';

const U64_MAX = new Uint8Array(8).fill(0xff);

/** Other bytes than these: bits, ends, or pieces of others. */
export function distortedBytes(dice: Dice, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  switch (dice.below(6)) {
    case 0:
      return withFlippedBits(dice, bytes);
    case 1:
      return bytes.subarray(0, dice.below(bytes.length + 1));
    case 2:
      return concatBytes(bytes, dice.random.bytes(dice.between(1, 64)));
    case 3:
      return concatBytes(bytes.subarray(0, dice.below(bytes.length + 1)), other.subarray(dice.below(other.length + 1)));
    case 4:
      return concatBytes(bytes, other);
    default:
      return dice.random.bytes(dice.below(512));
  }
}

function withFlippedBits(dice: Dice, bytes: Uint8Array): Uint8Array {
  const flipped = new Uint8Array(bytes);
  const count = dice.between(1, 8);
  for (let i = 0; i < count && flipped.length > 0; i++) {
    const at = dice.below(flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.below(8));
  }
  return flipped;
}

/**
 * The same fields but one, which holds something else: heights, epochs, views, shards, indices, hashes, signatures and
 * lists alike, since every payload is RLP. Well formed as RLP. Bytes that are none come back as they are.
 */
export function distortedFields(dice: Dice, payload: Uint8Array, other: Uint8Array): Uint8Array {
  const tree = readOrNull(payload);
  if (tree === null) return payload;
  const places = pathsOf(tree, []);
  const place = dice.pick(places);
  const donors = leavesOf(readOrNull(other) ?? tree);
  return encodeRlp(withItem(tree, place, (item) => otherItem(dice, item, donors)));
}

function readOrNull(payload: Uint8Array): RlpItem | null {
  try {
    return decodeRlp(payload);
  } catch {
    return null;
  }
}

type FieldPath = readonly number[];

/** Every item of the tree, by the way to it. */
function pathsOf(item: RlpItem, way: FieldPath): readonly FieldPath[] {
  if (item instanceof Uint8Array) return [way];
  return [way, ...item.flatMap((child, at) => pathsOf(child, [...way, at]))];
}

function leavesOf(item: RlpItem): readonly Uint8Array[] {
  return item instanceof Uint8Array ? [item] : item.flatMap(leavesOf);
}

function withItem(item: RlpItem, [at, ...rest]: FieldPath, change: (item: RlpItem) => RlpItem): RlpItem {
  if (at === undefined || item instanceof Uint8Array) return change(item);
  return item.map((child, index) => (index === at ? withItem(child, rest, change) : child));
}

function otherItem(dice: Dice, item: RlpItem, donors: readonly Uint8Array[]): RlpItem {
  return item instanceof Uint8Array ? otherLeaf(dice, item, donors) : otherList(dice, item, donors);
}

function otherLeaf(dice: Dice, leaf: Uint8Array, donors: readonly Uint8Array[]): RlpItem {
  const alike = donors.filter(({ length }) => length === leaf.length);
  switch (dice.below(8)) {
    case 0:
      return new Uint8Array();
    case 1:
      return U64_MAX;
    case 2:
      return leaf.length <= 8 ? Uint8Array.of(dice.between(1, 255)) : dice.random.bytes(leaf.length);
    case 3:
      return neighbour(leaf);
    case 4:
      return dice.random.bytes(dice.below(300));
    case 5:
      return [leaf];
    default:
      return alike.length > 0 ? dice.pick(alike) : withFlippedBits(dice, leaf);
  }
}

/** The number one above, where it is a number: the next height, view, epoch, shard or index. */
function neighbour(leaf: Uint8Array): Uint8Array {
  const next = new Uint8Array(leaf.length === 0 ? Uint8Array.of(0) : leaf);
  for (let at = next.length - 1; at >= 0; at--) {
    next[at] = ((next[at] ?? 0) + 1) % 256;
    if (next[at] !== 0) return next;
  }
  return concatBytes(Uint8Array.of(1), next);
}

function otherList(dice: Dice, list: readonly RlpItem[], donors: readonly Uint8Array[]): RlpItem {
  switch (dice.below(6)) {
    case 0:
      return [];
    case 1:
      return list.toReversed();
    case 2:
      return list.slice(1);
    case 3:
      return [...list, ...list];
    case 4: {
      const copies = dice.between(2, 200);
      return Array.from({ length: copies }, () => list[0] ?? list);
    }
    default:
      return donors.length > 0 ? dice.pick(donors) : [];
  }
}
