import { hexToBytes } from '@heddle/primitives';
import { type Log, signTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatLog } from '../src/format/log.ts';
import { LogTexts } from '../src/logs/log-texts.ts';
import type { BlockTransaction, FinalBlock } from '../src/ports.ts';
import { LOGGER } from './support/fake-chain.ts';
import { CHAIN_ID, FakeNode, KEYS } from './support/fake-node.ts';

const BLOCKS = 6;
const LOGS = 5;
const { chain } = new FakeNode();
for (let block = 0; block < BLOCKS; block++) {
  const fields = { to: LOGGER, gasLimit: 21_000n, gasPrice: 1n, value: 0n, data: new Uint8Array(32).fill(block) };
  const unsigned = { ...fields, type: 0, chainId: CHAIN_ID, nonce: BigInt(block) } as const;
  chain.append(Array.from({ length: LOGS }, () => signTransaction(unsigned, hexToBytes(KEYS[0]))));
}

function logAt(block: number, index: number): { block: FinalBlock; entry: BlockTransaction; log: Log } {
  const final = chain.blocks[block + 1];
  const entry = final?.executed[index];
  const log = entry?.receipt.logs[0];
  if (final === undefined || entry === undefined || log === undefined) throw new Error('there is no such log');
  return { block: final, entry, log };
}

/** How often each of so many asks for the same log writes it. */
function writings(limitBytes: number, asks: number): number {
  const { block, entry, log } = logAt(0, 0);
  let reads = 0;
  const counted: Log = {
    address: log.address,
    topics: log.topics,
    get data() {
      reads++;
      return log.data;
    },
  };
  const texts = new LogTexts(limitBytes);
  for (let ask = 0; ask < asks; ask++) texts.of(block)(entry, counted, 0);
  return reads;
}

function checkTexts(limit: number, places: readonly (readonly [number, number])[]): void {
  const texts = new LogTexts(limit);
  for (const [number, index] of places) {
    const { block, entry, log } = logAt(number, index);
    expect(texts.of(block)(entry, log, 0)).toBe(JSON.stringify(formatLog(block, entry, log, 0)));
    // A block without a text counts as well, and one always is the newest.
    expect(texts.bytes).toBeLessThanOrEqual(Math.max(limit, 200));
  }
}

describe('texts of logs', () => {
  test('are those of the logs, in whatever order they are asked for, and stay within their bytes', () => {
    const asked = fc.array(fc.tuple(fc.nat(BLOCKS - 1), fc.nat(LOGS - 1)), { maxLength: 60 });
    fc.assert(fc.property(fc.nat(20_000), asked, checkTexts));
  });

  test('are written once while there is room for them, else each time', () => {
    expect(writings(10_000, 3)).toBe(1);
    expect(writings(300, 3)).toBe(3);
  });
});
