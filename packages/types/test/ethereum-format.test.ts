import { createBlockHeaderFromRLP } from '@ethereumjs/block';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { Bloom, encodeReceipt as encodeReceiptOfEthereumjs } from '@ethereumjs/vm';
import { bytesToHex, encodeRlp, hexToBytes, keccak256Hex, type RlpItem, sha256 } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BlockHeader,
  bloomContains,
  decodeReceipt,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  encodeBlockHeader,
  encodeReceipt,
  hashBlockHeader,
  logsBloom,
  mergeBlooms,
} from '../src/index.ts';
import { address, blockHeader, hash, receipt } from './arbitraries.ts';

test('constants are what their comments say', () => {
  const nothing = new Uint8Array(0);
  expect(keccak256Hex(encodeRlp(nothing))).toBe(EMPTY_TRIE_ROOT);
  expect(keccak256Hex(nothing)).toBe(EMPTY_CODE_HASH);
  expect(keccak256Hex(encodeRlp([]))).toBe(EMPTY_OMMERS_HASH);
  expect(bytesToHex(sha256(nothing))).toBe(EMPTY_REQUESTS_HASH);
});

test('headers: the encoding and hash of @ethereumjs/block', () => {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka });
  fc.assert(
    fc.property(blockHeader, (random) => {
      // What a header since the merge always has; theirs checks it.
      const header: BlockHeader = {
        ...random,
        ommersHash: EMPTY_OMMERS_HASH,
        difficulty: 0n,
        nonce: new Uint8Array(8),
        gasLimit: random.gasLimit % 2n ** 63n,
        gasUsed: 0n,
      };
      const theirs = createBlockHeaderFromRLP(encodeBlockHeader(header), {
        common,
        skipConsensusFormatValidation: true,
      });
      expect(bytesToHex(theirs.serialize())).toBe(bytesToHex(encodeBlockHeader(header)));
      expect(bytesToHex(theirs.hash())).toBe(hashBlockHeader(header));
      expect(theirs.number).toBe(header.number);
      expect(theirs.parentBeaconBlockRoot && bytesToHex(theirs.parentBeaconBlockRoot)).toBe(
        header.parentBeaconBlockRoot,
      );
    }),
    { numRuns: 50 },
  );
});

describe('receipts', () => {
  test('the encoding of @ethereumjs/vm', () => {
    fc.assert(
      fc.property(receipt, (random) => {
        // Theirs writes a sum of 0, which no receipt has, as a zero byte.
        const value = { ...random, cumulativeGasUsed: random.cumulativeGasUsed || 21_000n };
        const theirs = encodeReceiptOfEthereumjs(
          {
            status: value.status,
            cumulativeBlockGasUsed: value.cumulativeGasUsed,
            bitvector: value.logsBloom,
            logs: value.logs.map((log) => [hexToBytes(log.address), log.topics.map(hexToBytes), log.data]),
          },
          value.type,
        );
        expect(bytesToHex(encodeReceipt(value))).toBe(bytesToHex(theirs));
      }),
      { numRuns: 50 },
    );
  });

  test('refusals', () => {
    const refused = (reason: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ENCODING', message: expect.stringContaining(reason) });
    const gas = Uint8Array.of(1);
    const fields = (status: number, logs: RlpItem): Uint8Array =>
      encodeRlp([status === 0 ? new Uint8Array(0) : Uint8Array.of(status), gas, EMPTY_BLOOM, logs]);
    const log = (topics: RlpItem): RlpItem => [new Uint8Array(20), topics, new Uint8Array(0)];
    const word = new Uint8Array(32);
    expect(decodeReceipt(fields(0, [log([word, word, word, word])])).logs).toHaveLength(1);
    expect(() => decodeReceipt(new Uint8Array(0))).toThrow(refused('there are no bytes'));
    expect(() => decodeReceipt(fields(2, []))).toThrow(refused('status is 2, above 1'));
    expect(() => decodeReceipt(fields(0, [log([word, word, word, word, word])]))).toThrow(refused('5 topics'));
    expect(() => decodeReceipt(fields(0, [log([word.subarray(1)])]))).toThrow(refused('topic has 31 bytes'));
    for (const type of [0, 5]) {
      expect(() => decodeReceipt(Uint8Array.of(type, ...fields(1, [])))).toThrow(refused(`unknown type ${type}`));
    }
  });

  test('bloom: as @ethereumjs/vm builds it, contains what was put in', () => {
    const logs = fc.array(fc.record({ address, topics: fc.array(hash, { maxLength: 4 }), data: fc.uint8Array() }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(logs, logs, (first, second) => {
        const theirs = new Bloom();
        const entries = first.flatMap((log) => [log.address, ...log.topics]).map(hexToBytes);
        for (const entry of entries) theirs.add(entry);
        const bloom = logsBloom(first);
        expect(bytesToHex(bloom)).toBe(bytesToHex(theirs.bitvector));
        expect(entries.every((entry) => bloomContains(bloom, entry))).toBe(true);
        expect(mergeBlooms([bloom, logsBloom(second)])).toEqual(logsBloom([...first, ...second]));
      }),
      { numRuns: 30 },
    );
    expect(logsBloom([])).toEqual(EMPTY_BLOOM);
    expect(mergeBlooms([])).toEqual(EMPTY_BLOOM);
    expect(bloomContains(EMPTY_BLOOM, new Uint8Array(20))).toBe(false);
  });
});
