import { existsSync, readFileSync } from 'node:fs';
import { hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { NodeMap } from './support/node-map.ts';

const FOLDER = new URL('../../../../shared/conformance/trie-tests/', import.meta.url);

type Pairs = readonly (readonly [string, string | null])[];

interface Vector {
  readonly in: Pairs | Readonly<Record<string, string | null>>;
  readonly root: Hash;
}

const toBytes = (text: string): Uint8Array => (text.startsWith('0x') ? hexToBytes(text) : utf8ToBytes(text));

function load(file: string): readonly (readonly [string, Vector])[] {
  const vectors: Readonly<Record<string, Vector>> = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  return Object.entries(vectors);
}

/** One update an entry, in order; then all at once, the last value of each key. */
function roots({ in: input }: Vector, secure: boolean): readonly Hash[] {
  const pairs: Pairs = Array.isArray(input) ? input : Object.entries(input);
  const entries = pairs.map(([key, value]) => ({
    key: secure ? keccak256(toBytes(key)) : toBytes(key),
    value: value === null ? null : toBytes(value),
  }));
  const single = new NodeMap();
  for (const entry of entries) single.update([entry]);
  const last = new Map(entries.map((entry) => [entry.key.join(), entry]));
  const bulk = new NodeMap().update([...last.values()]);
  return [single.root, bulk];
}

if (existsSync(FOLDER)) {
  describe('official trie tests', () => {
    test.each([
      ['trietest.json', false],
      ['trieanyorder.json', false],
      ['trietest_secureTrie.json', true],
      ['trieanyorder_secureTrie.json', true],
      ['hex_encoded_securetrie_test.json', true],
    ])('%s', (file, secure) => {
      const vectors = load(file);
      expect(vectors.length).toBeGreaterThan(0);
      for (const [name, vector] of vectors) {
        expect([name, ...roots(vector, secure)]).toEqual([name, vector.root, vector.root]);
      }
    });
  });
} else {
  test('official trie tests', () => {
    process.stderr.write('skipped: official trie tests (../shared/conformance/trie-tests is not there)\n');
    expect(existsSync(FOLDER)).toBe(false);
  });
}
