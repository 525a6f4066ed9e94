import type { TransactionFailure } from '@heddle/node';
import { hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { createAbiBook, EMPTY_BOOK, parseAbi, selectorOfSignature } from '../../src/devnet/abi/abi-book.ts';
import { COLOURED, PLAIN } from '../../src/devnet/transaction-log/paint.ts';
import {
  consoleCallLines,
  type LineStyle,
  transactionLines,
} from '../../src/devnet/transaction-log/transaction-lines.ts';
import { logText } from '../support/console-code.ts';
import { ALICE, BOB, NO_INSIGHT, type ReportChanges, reportOf } from '../support/fake-activity.ts';

const STYLE: LineStyle = { paint: PLAIN, isFull: false, shardCount: 2 };
const HASH = `0x${'12ab'.repeat(16)}`;

const book = createAbiBook(
  parseAbi([
    {
      type: 'function',
      name: 'transfer',
      inputs: [
        { name: 'to', type: 'address' },
        { name: 'amount', type: 'uint256' },
      ],
    },
    { type: 'error', name: 'Insufficient', inputs: [{ name: 'have', type: 'uint256' }] },
  ]),
  [{ contract: 'Vault', makes: (initCode) => initCode[0] === 0x60 }],
);

function word(value: bigint | string): string {
  return (typeof value === 'bigint' ? value.toString(16) : value.slice(2)).padStart(64, '0');
}

const TRANSFER = hexToBytes(`0xa9059cbb${word(BOB)}${word(1_000n)}`);

const INSUFFICIENT = hexToBytes(`0x${selectorOfSignature('Insufficient(uint256)')}${word(5n)}`);

function line(changes: ReportChanges, failure: TransactionFailure | null = null, style: LineStyle = STYLE): string {
  const insight = { failure, console: [] };
  return transactionLines({ report: reportOf(changes), insight, sectionShards: [0, 1] }, book, style).join('\n');
}

describe('the line of a transaction', () => {
  test('of a transfer', () => {
    expect(line({ value: 15n * 10n ** 17n })).toBe(
      '#7  0x12ab12ab…  0xf39F…2266 → 0x7099…79C8  1.5 ETH  gas 21,000 of 60,000  shard 1',
    );
    expect(line({ value: 16n })).toContain('  16 wei  ');
    expect(line({ value: 0n })).not.toContain('wei');
  });

  test('of a call that an ABI knows, and of one that none does', () => {
    expect(line({ data: TRANSFER })).toContain('→ 0x7099…79C8  transfer(to: 0x7099…79C8, amount: 1000)  gas');
    expect(line({ data: hexToBytes('0xdeadbeef00') })).toContain('  0xdeadbeef (5 bytes)  ');
  });

  test('of a creation shows the address to be copied, and no init code', () => {
    const data = hexToBytes('0x5f6001600155');
    expect(line({ to: null, data, contractAddress: BOB })).toBe(
      '#7  0x12ab12ab…  0xf39F…2266 creates 0x70997970C51812dc3A010C7d01b50e0d17dc79C8  gas 21,000 of 60,000  shard 1',
    );
    expect(line({ to: null, data, status: 0 })).toContain('0xf39F…2266 creates a contract  failed');
    const known = hexToBytes('0x6001600155');
    expect(line({ to: null, data: known, contractAddress: BOB })).toContain('creates Vault 0x70997970C51812dc3A010C');
    expect(line({ to: null, data: known, status: 0 })).toContain('creates Vault  failed');
  });

  test('says which way it went', () => {
    expect(line({ way: 'section', executedShard: null })).toContain('section, shards 0 + 1');
    expect(line({ way: 'dispatched', executedShard: 1 })).toContain('dispatched to shard 1');
    expect(line({}, null, { ...STYLE, shardCount: 1 })).toMatch(/of 60,000$/);
  });

  test.each<readonly [string, TransactionFailure | null]>([
    ['failed  gas', null],
    ['failed: out of gas  gas', { kind: 'halt', reason: 'out of gas' }],
    ['failed: not today  gas', { kind: 'revert', reason: 'not today', data: new Uint8Array(100) }],
    ['failed: a\\n#8 \\u001b[2J  gas', { kind: 'revert', reason: 'a\n#8 \u001b[2J', data: new Uint8Array(100) }],
    ['failed: Insufficient(have: 5)  gas', { kind: 'revert', reason: null, data: INSUFFICIENT }],
    ['failed: reverted without a reason  gas', { kind: 'revert', reason: null, data: new Uint8Array() }],
    ['failed: custom error 0x01020304 0x05  gas', { kind: 'revert', reason: null, data: hexToBytes('0x0102030405') }],
    ['failed: reverted with 0x0102  gas', { kind: 'revert', reason: null, data: hexToBytes('0x0102') }],
  ])('%s', (shown, failure) => {
    expect(line({ status: 0 }, failure)).toContain(`  ${shown}`);
  });

  test('in full shows what can be copied', () => {
    const full = line({ data: TRANSFER }, null, { ...STYLE, isFull: true });
    expect(full).toContain(HASH);
    expect(full.match(/0x70997970C51812dc3A010C7d01b50e0d17dc79C8/g)?.length).toBe(2);
  });

  test('has colours only where they are wanted', () => {
    expect(line({ status: 0, data: TRANSFER })).not.toContain('\u001b');
    expect(line({ status: 0, data: TRANSFER }, null, { ...STYLE, paint: COLOURED })).toContain('\u001b[31mfailed');
  });

  test('is followed by what it logged, as far as anybody reads', () => {
    const said = (console: readonly Uint8Array[]): readonly string[] =>
      transactionLines(
        { report: reportOf({}), insight: { ...NO_INSIGHT, console }, sectionShards: [] },
        book,
        STYLE,
      ).slice(1);
    expect(said([logText('one'), logText('two\nthree')])).toEqual(['    log one', '    log two', '    log three']);
    const many = said(Array.from({ length: 5_000 }, (_, index) => logText(`${index}`)));
    expect([many.length, many[99], many[100]]).toEqual([101, '    log 99', '    log … and more']);
    expect(said([logText('x\n'.repeat(300))]).at(-1)).toBe('    log … and more');
    expect(said(Array.from({ length: 100 }, () => logText('x'))).length).toBe(100);
  });
});

test('a call that is no transaction is named by its method', () => {
  const call = { method: 'eth_call', from: ALICE, to: BOB, data: TRANSFER, console: [logText('hi')] };
  expect(consoleCallLines(call, book, STYLE)).toEqual([
    'eth_call  0xf39F…2266 → 0x7099…79C8  transfer(to: 0x7099…79C8, amount: 1000)',
    '    log hi',
  ]);
  expect(consoleCallLines({ ...call, to: null, method: 'eth_estimateGas' }, EMPTY_BOOK, STYLE)[0]).toBe(
    'eth_estimateGas  0xf39F…2266 creates a contract',
  );
});
