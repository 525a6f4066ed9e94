import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, concatBytes, type Hex, keccak256, merkleRoot, merkleRootOfHashes } from '../src/index.ts';

const leafHash = (leaf: Uint8Array): Uint8Array => keccak256(concatBytes(Uint8Array.of(0), leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  keccak256(concatBytes(Uint8Array.of(1), left, right));
const leaf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** The same tree from its top: the left subtree has the largest power of two of leaves below their number. */
function rootFromTop(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return new Uint8Array(32);
  if (leaves.length === 1) return leafHash(first);
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootFromTop(leaves.slice(0, split)), rootFromTop(leaves.slice(split)));
}

describe('merkleRoot', () => {
  test('of none, one, two and three leaves', () => {
    expect(merkleRoot([])).toEqual(new Uint8Array(32));
    expect(merkleRoot([leaf(1)])).toEqual(leafHash(leaf(1)));
    const pair = nodeHash(leafHash(leaf(1)), leafHash(leaf(2)));
    expect(merkleRoot([leaf(1), leaf(2)])).toEqual(pair);
    expect(merkleRoot([leaf(1), leaf(2), leaf(3)])).toEqual(nodeHash(pair, leafHash(leaf(3))));
  });

  test('is the same from the top, for every number of shards', () => {
    const leaves = Array.from({ length: 65 }, (_, i) => leaf(i));
    for (let count = 0; count <= leaves.length; count++) {
      const some = leaves.slice(0, count);
      expect(bytesToHex(merkleRoot(some))).toBe(bytesToHex(rootFromTop(some)));
    }
  });

  test('tells every leaf and every order apart', () => {
    const hashes = fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(hashes, fc.nat(), (list: readonly Hex[], at) => {
        const root = merkleRootOfHashes(list);
        const index = at % list.length;
        expect(merkleRootOfHashes(list.toSpliced(index, 1))).not.toBe(root);
        expect(merkleRootOfHashes(list.with(index, bytesToHex(leaf(0xee))))).not.toBe(root);
        const swapped = [...list.slice(1), ...list.slice(0, 1)];
        expect(merkleRootOfHashes(swapped)).not.toBe(root);
      }),
    );
  });
});
