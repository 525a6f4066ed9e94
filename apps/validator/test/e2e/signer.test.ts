import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DevnetProcess, devnetCommand, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';

const FLAGS = ['--validators', '1', '--shards', '1'];
let directory: string;
let devnet: DevnetProcess;

/** `heddle signer …` in a process of its own. */
function signer(...words: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  const { file, args } = devnetCommand([]);
  const place = ['--data-dir', directory, '--validator'];
  return new Promise((resolve) => {
    const all = [...args.slice(0, -1), 'signer', ...words.slice(0, 1), ...place, ...words.slice(1)];
    const child = execFile(file, all, { env: { ...process.env, NODE_OPTIONS: '' } }, (_error, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
    child.stdin?.end();
  });
}

async function makeBlock(): Promise<unknown> {
  const [from, to] = devnet.ready.accounts.map(({ address }) => address);
  return rpc(devnet.ready.urls.http, 'eth_sendTransaction', [{ from, to, value: '0x1' }]);
}

const height = async (): Promise<number> => Number(await rpc(devnet.ready.urls.http, 'eth_blockNumber'));

beforeAll(async () => {
  directory = await temporaryDirectory();
  devnet = await startDevnetProcess([...FLAGS, '--data-dir', directory]);
  await makeBlock();
});

afterAll(async () => {
  await devnet.stop();
  await rm(directory, { recursive: true, force: true });
});

test('records are exported, lost, and imported again; without them the validator is silent', async () => {
  expect(await signer('export', '0')).toMatchObject({ code: 4, errors: expect.stringContaining('in use by process') });
  const before = await height();
  await devnet.stop();

  const file = join(directory, '..', `${directory.split('/').at(-1)}.json`);
  const exported = await signer('export', '0', '--file', file);
  expect(exported).toEqual({ code: 0, output: '', errors: '' });
  const text = await readFile(file, 'utf8');
  expect(await signer('export', '0')).toEqual({ code: 0, output: text, errors: '' });
  expect(await signer('export', '1')).toMatchObject({ code: 2, errors: expect.stringContaining('no validator 1') });

  await rm(join(directory, 'chain', 'validator-0', 'signer'), { recursive: true });
  expect(await signer('export', '0')).toMatchObject({ code: 4, errors: expect.stringContaining('no signer database') });
  devnet = await startDevnetProcess(['--data-dir', directory]);
  void makeBlock().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await height()).toBe(before);
  await devnet.stop();

  await writeFile(`${file}.bad`, text.replace('"1"', '"9"'));
  const refused = await signer('import', '0', '--file', `${file}.bad`);
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('interchange_format_version') });
  const imported = await signer('import', '0', '--file', file);
  expect(imported).toMatchObject({ code: 0, errors: expect.stringMatching(/validator 0 knows \d+ signed messages\n/) });
  expect((await signer('export', '0')).output).toBe(text);
  devnet = await startDevnetProcess(['--data-dir', directory]);
  await makeBlock();
  expect(await height()).toBeGreaterThan(before);
  await rm(file, { force: true });
  await rm(`${file}.bad`, { force: true });
});
