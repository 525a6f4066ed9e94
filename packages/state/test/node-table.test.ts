import { bytesToHex, EMPTY_BYTES, equalBytes, keccak256 } from '@heddle/primitives';
import { type HashedNode, NodeTable } from '@heddle/state';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LAST_SLAB_BYTES } from '../src/limits.ts';

const textOf = ({ hash, rlp }: HashedNode): string => bytesToHex(hash) + bytesToHex(rlp);

describe('NodeTable', () => {
  test('finds what was added, in the order of adding, and nothing else', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 120 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 300 }), (list, expected) => {
        const table = new NodeTable(expected);
        const nodes = list.map((length, i) => {
          const rlp = new Uint8Array(length).fill(1 + (i % 255));
          rlp[0] = i >> 8;
          return { hash: keccak256(Uint8Array.of(i >> 8, i & 0xff)), rlp };
        });
        for (const { hash, rlp } of nodes) table.add(hash, rlp);
        expect(nodes.every(({ hash, rlp }) => equalBytes(table.get(hash) ?? EMPTY_BYTES, rlp))).toBe(true);
        expect(Array.from(table, textOf)).toEqual(nodes.map(textOf));
        expect(table.size).toBe(nodes.length);
        expect(table.get(keccak256(Uint8Array.of(1, 2, 3)))).toBeUndefined();
        expect(table.bytes).toBeGreaterThanOrEqual(list.reduce((sum, length) => sum + length, 0));
      }),
      { numRuns: 40 },
    );
  });

  test('keeps a node once, and finds nodes whose hashes begin alike', () => {
    const table = new NodeTable();
    const hashes = Array.from({ length: 50 }, (_, i) => {
      const hash = new Uint8Array(32);
      hash[31] = i;
      return hash;
    });
    for (const [i, hash] of [...hashes, ...hashes].entries()) table.add(hash, Uint8Array.of(i % 50, 7));
    expect(table.size).toBe(50);
    for (const [i, hash] of hashes.entries()) expect(table.get(hash)).toEqual(Uint8Array.of(i, 7));
  });

  test('holds a node that is longer than a slab, between short ones', () => {
    const table = new NodeTable();
    const lengths = [10, 2 * LAST_SLAB_BYTES, 20, LAST_SLAB_BYTES - 1, 30];
    for (const [i, length] of lengths.entries()) table.add(keccak256(Uint8Array.of(i)), new Uint8Array(length).fill(i));
    for (const [i, length] of lengths.entries()) {
      const rlp = table.get(keccak256(Uint8Array.of(i))) ?? EMPTY_BYTES;
      expect([rlp.length, rlp[0], rlp.at(-1)]).toEqual([length, i, i]);
    }
    expect(Array.from(table, ({ rlp }) => rlp.length)).toEqual(lengths);
  });
});
