import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bytesToHex, hexToBytes, keccak256Hex } from '@heddle/primitives';
import { genesisLayer } from '@heddle/state';
import { EMPTY_CODE_HASH, signTransaction } from '@heddle/types';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../scripts/conformance.ts', import.meta.url));
const KEY = new Uint8Array(32).fill(1);
const TARGET = '0x00000000000000000000000000000000000000aa';
const COINBASE = '0x00000000000000000000000000000000000000cc';
const FUNDS = 10n ** 18n;
/** keccak256 of the RLP of no logs. */
const NO_LOGS = keccak256Hex(hexToBytes('0xc0'));

const folder = mkdtempSync(join(tmpdir(), 'heddle-conformance-'));

/** A transfer of 5 wei at base fee 7 and tip 1. Its root is that of the balances which follow. */
function fixture(changes: { readonly root?: string; readonly exception?: string } = {}): Record<string, unknown> {
  const transaction = signTransaction(
    {
      type: 0,
      chainId: 1n,
      nonce: 0n,
      gasPrice: 8n,
      gasLimit: 21_000n,
      to: TARGET,
      value: 5n,
      data: new Uint8Array(0),
    },
    KEY,
  );
  const balances = new Map([
    [transaction.sender, { nonce: 1n, balance: FUNDS - 21_000n * 8n - 5n, codeHash: EMPTY_CODE_HASH }],
    [TARGET, { nonce: 0n, balance: 5n, codeHash: EMPTY_CODE_HASH }],
    [COINBASE, { nonce: 0n, balance: 21_000n, codeHash: EMPTY_CODE_HASH }],
  ] as const);
  const { root } = genesisLayer({ accounts: balances, storage: new Map(), codes: new Map() });
  const post = { hash: changes.root ?? root, logs: NO_LOGS, txbytes: bytesToHex(transaction.raw) };
  return {
    env: {
      currentCoinbase: COINBASE,
      currentGasLimit: '0x1c9c380',
      currentNumber: '0x1',
      currentTimestamp: '0x3e8',
      currentBaseFee: '0x7',
      currentRandom: '0x0',
    },
    pre: { [transaction.sender]: { nonce: '0x0', balance: `0x${FUNDS.toString(16)}`, code: '0x', storage: {} } },
    transaction: {},
    config: { chainid: '0x1' },
    post: { Osaka: [changes.exception === undefined ? post : { ...post, expectException: changes.exception }] },
  };
}

function run(...args: readonly string[]): { readonly status: number | null; stdout: string; stderr: string } {
  const options = [SCRIPT, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'deep', 'er', 'good.json.gz'), gzipSync(JSON.stringify({ transfer: fixture() })));
  writeFileSync(join(folder, 'deep', 'index.json'), JSON.stringify({ root_hash: '0x', test_cases: [] }));
  writeFileSync(
    join(folder, 'bad.json'),
    JSON.stringify({ wrong_root: fixture({ root: NO_LOGS }), refused: fixture({ exception: 'SENDER_NOT_EOA' }) }),
  );
  writeFileSync(join(folder, 'torn.json.gz'), gzipSync(JSON.stringify({ transfer: fixture() })).subarray(0, 40));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('npm run conformance', () => {
  test('counts passed tests and passes over what is no state test', () => {
    const { status, stdout, stderr } = run('--fixtures', join(folder, 'deep'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
    expect(run('--fixtures', join(folder, 'deep', 'er', 'good.json.gz'))).toMatchObject({ status: 0 });
  });

  test('a line for each failure, an unreadable file among them, and exit code 1', () => {
    const { status, stdout } = run('--fixtures', folder);
    const lines = stdout.trimEnd().split('\n');
    expect(status).toBe(1);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([
      expect.stringMatching(/^FAILED bad\.json wrong_root: state root 0x/),
      expect.stringMatching(/^FAILED bad\.json refused: must be refused \(SENDER_NOT_EOA\)/),
      expect.stringMatching(/^FAILED torn\.json\.gz the whole file: cannot be read as JSON/),
    ]);
    expect(lines.at(-1)).toBe('1 passed, 3 failed');
  });

  test('--match goes by path and by name; --json is one object', () => {
    expect(run('--fixtures', folder, '--match', 'deep/').stdout).toContain('1 passed, 0 failed');
    const { status, stdout } = run('--fixtures', folder, '--match', 'wrong_', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 0,
      failed: 1,
      failures: [{ file: 'bad.json', test: 'wrong_root' }],
    });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no --fixtures', [], /required option '--fixtures <PATH>' not specified/],
    ['a flag that is not there', ['--fixtures', folder, '--filter', 'x'], /unknown option '--filter'/],
    ['a path that is not there', ['--fixtures', join(folder, 'nowhere')], /nowhere cannot be read: ENOENT/],
    ['a folder without tests', ['--fixtures', join(folder, 'empty')], /no state tests for Osaka in/],
    ['no match', ['--fixtures', join(folder, 'deep'), '--match', 'nothing'], /no state tests for Osaka that match/],
  ])('refuses %s with exit code 2', (_name, args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('usage: npm run conformance');
  });
});
