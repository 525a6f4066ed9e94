import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { takeLock } from '@heddle/files';
import { buildGenesis } from '@heddle/node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config/load-settings.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { findingsText } from '../../src/doctor/show-findings.ts';
import type { ValidatorSettings } from '../../src/flags/validator-flags.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { createNetwork } from '../support/network-of-processes.ts';

let directory = '';
const folder = (name: string): string => join(directory, 'net', name);

beforeAll(async () => {
  directory = await temporaryDirectory();
  await createNetwork(directory, 4);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What is found of a folder, by subject. Nobody is dialled unless `flags` say so. */
async function found(dataDir: string, flags: Partial<ValidatorSettings> = {}): Promise<Map<string, Finding>> {
  const place = { dataDir, config: null };
  const own: Partial<ValidatorSettings> = {
    bootnodes: [],
    rpcPort: 0,
    p2pListen: [['/ip4/127.0.0.1/tcp/0']],
    ...flags,
  };
  const settings = loadSettings({ place, flags: own }, { environment: {}, workingDirectory: directory });
  return new Map((await examine(settings, { buildGenesis })).map((finding) => [finding.subject, finding]));
}

test('the folder of a validator is well, nothing is changed in it, and what is missing for its good is said', async () => {
  const before = readdirSync(folder('validator-0'));
  const findings = await found(folder('validator-0'));
  expect([...findings.values()].filter(({ state }) => state !== 'ok').map(({ subject }) => subject)).toEqual([
    'signing key',
    'bootnodes',
  ]);
  expect(findings.get('signing key')?.says).toMatch(/0x[0-9a-f]{96} opens, but no --fee-recipient/);
  expect(findings.get('genesis')?.says).toMatch(/chain 31337, 4 validators, 2 shards/);
  expect(readdirSync(folder('validator-0'))).toEqual(before);
  const filled = await found(folder('validator-0'), { feeRecipient: `0x${'11'.repeat(20)}` });
  expect(filled.get('signing key')?.state).toBe('ok');
});

test('a folder that is not there yet is that of a node that follows, and is not made', async () => {
  const path = join(directory, 'a', 'new', 'one');
  const findings = await found(path, { genesis: join(folder('validator-0'), 'genesis.json') });
  expect(findings.get('data directory')).toMatchObject({ state: 'ok', says: expect.stringContaining('not there yet') });
  expect(findings.get('signing key')?.says).toContain('a node that follows');
  expect(existsSync(join(directory, 'a'))).toBe(false);
});

test('who runs in a folder is named, and what it listens on is not looked at', async () => {
  const lock = takeLock(join(folder('validator-1'), 'LOCK'));
  const findings = await found(folder('validator-1'));
  lock.release();
  expect(findings.get('data directory')?.says).toContain(`in use by process ${process.pid}`);
  expect(findings.has('RPC')).toBe(false);
});

test('a port in use, a wrong password, an exposed one, and a genesis that is none are wrong, each with what to do', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const busy = await found(folder('validator-2'), { rpcPort: port });
  server.close();
  expect(busy.get('RPC')).toMatchObject({ state: 'wrong', says: expect.stringMatching(/in use .*--rpc-port/) });
  const [name = ''] = readdirSync(join(folder('validator-2'), 'keys')).filter((file) => file.endsWith('.password'));
  const password = join(folder('validator-2'), 'keys', name);
  chmodSync(password, 0o644);
  expect((await found(folder('validator-2'))).get('signing key')).toMatchObject({
    state: 'wrong',
    says: expect.stringContaining('chmod 600'),
  });
  chmodSync(password, 0o600);
  writeFileSync(password, 'another password\n');
  const wrong = await found(folder('validator-2'));
  expect(wrong.get('signing key')).toMatchObject({ state: 'wrong', says: expect.stringContaining('does not open it') });
  expect(findingsText([...wrong.values()])).toMatch(
    /WRONG {2}signing key .*\n(.*\n)*1 wrong: a node does not run like that/,
  );
  writeFileSync(join(directory, 'none.json'), '{');
  const noGenesis = await found(folder('validator-2'), { genesis: join(directory, 'none.json') });
  expect(noGenesis.get('genesis')).toMatchObject({ state: 'wrong', says: expect.stringContaining('it is no JSON') });
  // What needs one is left out.
  expect(noGenesis.has('signing key')).toBe(false);
});

test('bootnodes of which none answers are named with their reasons, and there is nobody to compare the clock with', async () => {
  const nowhere = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWKNLD1P55nknLjEJLcEczvHwfrCJMqun7HPSMydyxakvt';
  const findings = await found(folder('validator-3'), { bootnodes: [[nowhere]] });
  expect(findings.get('bootnodes')).toMatchObject({
    state: 'warning',
    says: expect.stringMatching(new RegExp(`${nowhere}: .*ECONNREFUSED`)),
  });
  expect(findings.get('clock')?.state).toBe('warning');
});
