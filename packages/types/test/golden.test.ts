import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import * as types from '../src/index.ts';

const ROOT = new URL('../../../', import.meta.url);
const FOLDER = new URL('test-fixtures/golden/', ROOT);

interface Vector {
  readonly name: string;
  readonly encoding: string;
}

const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const vectors = (name: string): Vector[] => JSON.parse(read(name));

test('every encoding, hash and signature is what it was', () => {
  const script = fileURLToPath(new URL('scripts/golden-vectors.ts', ROOT));
  const output = execFileSync(process.execPath, [script, '--check'], {
    encoding: 'utf8',
    // jest's own flags are not for this process.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(output).toBe('8 golden files are as they should be\n');
});

describe('the stored encodings decode', () => {
  const decoders: readonly (readonly [string, RegExp, (bytes: Uint8Array) => Uint8Array])[] = [
    ['transactions.json', /./, (bytes) => types.decodeTransaction(bytes).raw],
    ['receipts.json', /./, (bytes) => types.encodeReceipt(types.decodeReceipt(bytes))],
    ['messages.json', /./, (bytes) => types.encodeMessage(types.decodeMessage(bytes))],
    ['blocks.json', /^block header$/, (bytes) => types.encodeBlockHeader(types.decodeBlockHeader(bytes))],
    ['blocks.json', /^chunk header$/, (bytes) => types.encodeChunkHeader(types.decodeChunkHeader(bytes))],
    ['blocks.json', /^chunk$/, (bytes) => types.encodeChunk(types.decodeChunk(bytes))],
    ['blocks.json', /^block( of one shard)?$/, (bytes) => types.encodeBlock(types.decodeBlock(bytes))],
    ['blocks.json', /access list$/, (bytes) => types.encodeAccessList(types.decodeAccessList(bytes))],
    ['blocks.json', /^section header$/, (bytes) => types.encodeSectionHeader(types.decodeSectionHeader(bytes))],
    ['blocks.json', /^section$/, (bytes) => types.encodeSection(types.decodeSection(bytes))],
    ['consensus.json', /vote$/, (bytes) => types.encodeVote(types.decodeVote(bytes))],
    ['consensus.json', /certificate$/, (bytes) => types.encodeCertificate(types.decodeCertificate(bytes))],
    ['consensus.json', /^proposal$/, (bytes) => types.encodeProposal(types.decodeProposal(bytes))],
    ['consensus.json', /^status/, (bytes) => types.encodeStatus(types.decodeStatus(bytes))],
  ];

  test.each(decoders)('%s %s', (file, names, again) => {
    const chosen = vectors(file).filter(({ name }) => names.test(name));
    expect(chosen.length).toBeGreaterThan(0);
    for (const { encoding } of chosen) expect(bytesToHex(again(hexToBytes(encoding)))).toBe(encoding);
  });

  test('genesis.json', () => {
    const text = read('genesis.json');
    expect(types.genesisToJson(types.parseGenesis(JSON.parse(text)))).toBe(text);
  });
});
