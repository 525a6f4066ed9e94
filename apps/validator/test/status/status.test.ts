import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { MAX_STATUS_BYTES } from '../../src/limits.ts';
import { readStatus } from '../../src/status/read-status.ts';
import { showStatus, statusText } from '../../src/status/show-status.ts';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A server that answers everything with that text. */
async function answering(text: string): Promise<string> {
  const listening = createServer((_, response) => response.end(text));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = listening.address();
  return `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`;
}

const TOPOLOGY = {
  validators: [{ running: true }, { running: true }, { running: false }],
  shards: [{ shard: 0, height: '0x10', gasUsed: '0x5208' }],
  halted: null as { reason: string } | null,
};
const RESULTS = [
  'Heddle/v9',
  '0x7a69',
  { number: '0x11', timestamp: '0x64' },
  '0x1',
  { pending: '0x2', queued: '0x3' },
];

/** A node's answer, in any order. */
const answerOf = (results: readonly unknown[]): string =>
  JSON.stringify(results.map((result, id) => ({ jsonrpc: '2.0', id, result })).toReversed());

const WELL = {
  version: 'Heddle/v9',
  chainId: 31_337,
  head: 17,
  headTimestamp: 100,
  peers: 1,
  validators: 3,
  reached: 2,
  pending: 2,
  queued: 3,
  shards: [{ shard: 0, height: 16, gasUsed: 21_000 }],
  syncingTo: null,
  halted: null,
};

test('a node that is well', async () => {
  const url = await answering(answerOf([...RESULTS, TOPOLOGY]));
  expect(await readStatus(url)).toEqual(WELL);
  expect(statusText(url, WELL, 103)).toBe(
    [
      `node        Heddle/v9 at ${url}`,
      'chain       31337, 1 shard',
      'head        block 17, 3 s old',
      'validators  2 of 3 within reach, 1 peers',
      'pool        2 pending, 3 waiting for a nonce',
      'shard 0     newest chunk in block 16, 21000 gas',
      'state       well: blocks come when there is work',
      '',
    ].join('\n'),
  );
});

test.each([
  ['is no JSON', '<html>'],
  ['is another node', answerOf(['Geth/v1', '0x1', { number: '0x1' }, '0x1', {}, undefined])],
  ['is no batch', '{"jsonrpc":"2.0","id":0,"result":"0x1"}'],
  [
    'answers one of the calls with an error',
    answerOf([...RESULTS.slice(0, 3), undefined, ...RESULTS.slice(4), TOPOLOGY]),
  ],
  ['is too long', `"${'x'.repeat(MAX_STATUS_BYTES)}"`],
])('what %s is said so, and is not well', async (_what, text) => {
  const url = await answering(text);
  const said: string[] = [];
  const surroundings = { print: () => undefined, printError: (line: string) => said.push(line), wallMs: () => 0 };
  expect(await showStatus({ url, json: false }, surroundings)).toBe(false);
  expect(said).toEqual([expect.stringContaining(url)]);
});

test('a node that fetches blocks says up to where', async () => {
  const url = await answering(answerOf([...RESULTS, TOPOLOGY, { currentBlock: '0x11', highestBlock: '0x2a' }]));
  expect(await readStatus(url)).toEqual({ ...WELL, syncingTo: 42 });
  expect(statusText(url, { ...WELL, syncingTo: 42 }, 103)).toContain('state       fetches blocks up to 42\n');
});

test('a halted chain is not well, and says why', async () => {
  const url = await answering(answerOf([...RESULTS, { ...TOPOLOGY, halted: { reason: 'two are needed' } }]));
  const said: string[] = [];
  const surroundings = { print: (line: string) => said.push(line), printError: () => undefined, wallMs: () => 0 };
  expect(await showStatus({ url, json: true }, surroundings)).toBe(false);
  expect(JSON.parse(said.join(''))).toEqual({ ...WELL, url, isWell: false, halted: 'two are needed' });
});
