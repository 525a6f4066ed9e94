import { createMPT } from '@ethereumjs/mpt';
import { bigintToBytes, bytesToHex, encodeRlp, encodeUint, keccak256 } from '@heddle/primitives';
import { orderedTrieRoot } from '@heddle/state';
import { EMPTY_TRIE_ROOT } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidTrieNodeError } from '../src/errors.ts';
import { decodeNode, nodeSize, writeNode } from '../src/trie/node.ts';
import { readTrie } from '../src/trie/read.ts';
import { NodeMap } from './support/node-map.ts';

/** Values from one byte (inline nodes) to several hundred. */
const value = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3 }),
  fc.uint8Array({ minLength: 30, maxLength: 120 }),
  fc.uint8Array({ minLength: 256, maxLength: 300 }),
);
const batch = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 70 }), fc.option(value)), {
  selector: ([key]) => key,
  minLength: 1,
  maxLength: 30,
});

/** Two bytes give short keys with long shared parts; hashed, keys as in a secure trie. */
const keyOf = (index: number, secure: boolean): Uint8Array => {
  const key = bigintToBytes(BigInt(index * 7), 2);
  return secure ? keccak256(key) : key;
};

describe('updateTrie', () => {
  test.each([true, false])('gives the root of @ethereumjs/mpt after any batches (hashed keys: %s)', async (secure) => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches) => {
        const oracle = await createMPT();
        const trie = new NodeMap();
        for (const entries of batches) {
          for (const [index, bytes] of entries) {
            if (bytes === null) await oracle.del(keyOf(index, secure));
            else await oracle.put(keyOf(index, secure), bytes);
          }
          trie.update(entries.map(([index, bytes]) => ({ key: keyOf(index, secure), value: bytes })));
          expect(trie.root).toBe(bytesToHex(oracle.root()));
        }
        for (let index = 0; index <= 70; index++) {
          expect(readTrie(trie, trie.root, keyOf(index, secure))).toEqual(await oracle.get(keyOf(index, secure)));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the order of entries makes no difference, and deleting everything gives the empty root', () => {
    fc.assert(
      fc.property(batch, fc.infiniteStream(fc.nat()), (entries, random) => {
        const list = entries.map(([index, bytes]) => ({ key: keyOf(index, true), value: bytes }));
        const shuffled = list.map((entry) => ({ entry, at: random.next().value ?? 0 }));
        const other = shuffled.sort((a, b) => a.at - b.at).map(({ entry }) => entry);
        const [first, second] = [new NodeMap(), new NodeMap()];
        expect(second.update(other)).toBe(first.update(list));
        expect(first.update(list.map(({ key }) => ({ key, value: null })))).toBe(EMPTY_TRIE_ROOT);
      }),
      { numRuns: 60 },
    );
  });

  test('makes no new nodes when nothing changes', () => {
    const trie = new NodeMap();
    const entries = Array.from({ length: 50 }, (_, i) => ({ key: keyOf(i, true), value: Uint8Array.of(1 + i) }));
    trie.update(entries);
    const before = trie.nodes.size;
    const root = trie.root;
    expect(trie.update(entries)).toBe(root);
    expect(trie.update([{ key: keyOf(60, true), value: null }])).toBe(root);
    expect(trie.nodes.size).toBe(before);
  });
});

describe('orderedTrieRoot', () => {
  test('gives the root of @ethereumjs/mpt with keys rlp(index)', async () => {
    for (const count of [0, 1, 2, 17, 127, 128, 129, 300]) {
      const items = Array.from({ length: count }, (_, i) => new Uint8Array(1 + (i % 90)).fill(1 + (i % 255)));
      const oracle = await createMPT();
      for (const [index, item] of items.entries()) await oracle.put(encodeRlp(encodeUint(index)), item);
      expect(orderedTrieRoot(items)).toBe(bytesToHex(oracle.root()));
    }
  });
});

describe('decodeNode', () => {
  test('reverses writeNode for every node of a trie', () => {
    const trie = new NodeMap();
    trie.update(Array.from({ length: 300 }, (_, i) => ({ key: keyOf(i, i % 2 === 0), value: Uint8Array.of(i % 255) })));
    for (const { rlp } of trie.nodes) {
      const node = decodeNode(rlp);
      const written = new Uint8Array(nodeSize(node));
      writeNode(node, written);
      expect(written).toEqual(rlp);
    }
  });

  test('refuses what is no node with InvalidTrieNodeError', () => {
    const path = Uint8Array.of(0x20);
    const wrong = [
      Uint8Array.of(),
      Uint8Array.of(0x80),
      Uint8Array.of(0xc2, 0x20),
      encodeRlp([path]),
      encodeRlp([path, path, path]),
      encodeRlp([Uint8Array.of(0x40), path]),
      encodeRlp([Uint8Array.of(0x05), path]),
      encodeRlp([Uint8Array.of(), path]),
      encodeRlp([[path], path]),
      encodeRlp([path, [path]]),
      encodeRlp([Uint8Array.of(0x11), new Uint8Array(31)]),
      encodeRlp([Uint8Array.of(0x11), Uint8Array.of()]),
      encodeRlp(Array.from({ length: 18 }, () => Uint8Array.of())),
      encodeRlp([...Array.from({ length: 16 }, () => Uint8Array.of()), [path]]),
      Uint8Array.of(0xfb, 0xff, 0xff, 0xff, 0xff),
    ];
    for (const rlp of wrong) expect(() => decodeNode(rlp)).toThrow(InvalidTrieNodeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeNode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTrieNodeError);
        }
      }),
    );
  });
});
