import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consoleCode, errorText, logText } from '../support/console-code.ts';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { until } from '../support/until.ts';

let devnet: DevnetProcess;

beforeAll(async () => {
  // The log level that is given last counts.
  devnet = await startDevnetProcess(['--shards', '2', '--log-level', 'info']);
});

afterAll(() => devnet.kill().catch(() => {}));

/** Sends from an account of the shard; resolves when it is executed. */
function send(shard: number, transaction: object): Promise<unknown> {
  const from = devnet.ready.accounts.find((account) => account.shard === shard)?.address;
  return rpc(devnet.ready.urls.http, 'eth_sendTransaction', [{ from, gas: '0x30000', ...transaction }]);
}

/** The lines since the `#block` of the transaction, without what is different each time. */
function linesFrom(block: number): readonly string[] {
  const lines = devnet.log().split('\n');
  return lines
    .slice(lines.findIndex((line) => line.startsWith(`#${block} `)))
    .map((line) => line.replace(/0x[0-9a-f]{8}…/, 'HASH'));
}

test('a transaction has its line: what it logged, why it failed and where it ran, and calls have what they log', async () => {
  const [alice, bob] = [0, 1].map((shard) => devnet.ready.accounts.find((account) => account.shard === shard)?.address);
  await send(0, { to: bob, value: '0xde0b6b3a7640000' });
  await send(0, { data: consoleCode([logText('made'), logText('twice')]) });
  await send(1, { data: consoleCode([logText('trying')], errorText('not today')) });
  await send(1, { to: alice, data: consoleCode([]), value: '0x10' });
  await rpc(devnet.ready.urls.http, 'eth_call', [{ from: alice, data: consoleCode([logText('asked')]) }]);
  await rpc(devnet.ready.urls.http, 'eth_estimateGas', [{ from: alice, data: consoleCode([logText('guessed')]) }]);
  await until(() => devnet.log().includes('guessed'));
  const lines = linesFrom(1);
  expect(lines[0]).toMatch(
    /^#1 {2}HASH {2}0x.{4}….{4} → 0x.{4}….{4} {2}1 ETH {2}gas 21,000 of 196,608 {2}section, shards 0 \+ 1$/,
  );
  expect(lines[1]).toMatch(/^#2 {2}HASH {2}0x.{4}….{4} creates 0x[0-9a-fA-F]{40} {2}gas [\d,]+ of 196,608 {2}/);
  expect(lines.slice(2, 4)).toEqual(['    log made', '    log twice']);
  expect(lines[4]).toMatch(/ creates .* {2}failed: not today {2}gas /);
  expect(lines[5]).toBe('    log trying');
  expect(lines[6]).toContain('  16 wei  ');
  expect(lines.slice(7, 11)).toEqual([
    expect.stringMatching(/^eth_call {2}0x.{4}….{4} creates a contract$/),
    '    log asked',
    expect.stringMatching(/^eth_estimateGas {2}/),
    '    log guessed',
  ]);
});

test('transactions of one block each have their own, on a shard and in the section', async () => {
  const [, bob] = [0, 1].map((shard) => devnet.ready.accounts.find((account) => account.shard === shard)?.address);
  const data = (text: string): string => consoleCode([logText(text)], errorText(`no ${text}`));
  await Promise.all([
    send(0, { data: data('a') }),
    send(1, { data: data('b') }),
    send(0, { to: bob, value: '0x1' }),
    send(0, { data: data('c') }),
  ]);
  await until(() => ['no a', 'no b', 'no c'].every((text) => devnet.log().includes(text)));
  const lines = linesFrom(1);
  for (const text of ['a', 'b', 'c']) {
    const index = lines.findIndex((line) => line.includes(`failed: no ${text}  `));
    expect(lines[index + 1]).toBe(`    log ${text}`);
  }
});
