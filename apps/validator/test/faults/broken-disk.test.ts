import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { devnetCommand, rpc } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';

const FAILING_SYNCS = join(import.meta.dirname, '../support/failing-syncs.ts');

test('a sync that fails ends the whole process, with one message and a code', async () => {
  const directory = await temporaryDirectory();
  const { file, args } = devnetCommand(['--json', '--port', '0', '--log-level', 'silent', '--data-dir', directory]);
  const child = spawn(file, ['--import', FAILING_SYNCS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  try {
    let errors = '';
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const line = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    const ready: {
      readonly urls: { readonly http: string };
      readonly accounts: readonly { readonly address: string }[];
    } = JSON.parse(line);
    const [from, to] = ready.accounts.map(({ address }) => address);
    await rpc(ready.urls.http, 'eth_sendTransaction', [{ from, to, value: '0x1' }]);
    child.kill('SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await rpc(ready.urls.http, 'eth_sendTransaction', [{ from, to, value: '0x1' }]).catch(() => {});
    expect(await ended).toBe(4);
    const lines = errors.split('\n').filter((text) => text.startsWith('heddle:'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/the process ends: .*(storage failed|could not store)/);
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
});
