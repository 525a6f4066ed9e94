import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '@heddle/keys';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/errors.ts';
import type { ValidatorSettings } from '../../src/flags/validator-flags.ts';
import { exportRecords, importRecords } from '../../src/signer/transfer-records.ts';
import { rpc } from '../support/devnet-process.ts';
import { createOwnNetwork } from '../support/own-network.ts';
import { until } from '../support/until.ts';
import { runInProcess, type Said } from '../support/validator-in-process.ts';

const LONG_MS = 240_000;
let directory = '';
let password = '';
/** Of a validator that has blocks, and one that has never run. */
let used = '';
let fresh = '';
const at = (...names: readonly string[]): string => join(directory, ...names);

/** Runs it where it should not run: the exit code and the message. */
async function refusal(dataDir: string, flags: Partial<ValidatorSettings> = {}): Promise<readonly [number, string]> {
  try {
    const live = await runInProcess(dataDir, flags);
    await live.stop();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toContain(password);
    // Whatever was taken is given back.
    expect(existsSync(join(dataDir, 'LOCK'))).toBe(false);
    return [error.exitCode, error.message];
  }
  throw new Error('it was not refused');
}

function copyOf(folder: string, name: string): string {
  cpSync(folder, at(name), { recursive: true });
  return at(name);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-refusals-'));
  used = await createOwnNetwork(directory, { shards: 1, chainId: 7, balanceWei: 1n });
  fresh = copyOf(used, 'fresh');
  const [file = ''] = readdirSync(join(fresh, 'keys')).filter((name) => name.endsWith('.password'));
  password = readFileSync(join(fresh, 'keys', file), 'utf8').trim();
  const said: Said = { output: [], errors: [] };
  const live = await runInProcess(used, {}, said);
  const { urls }: { readonly urls: { readonly http: string } } = JSON.parse(said.output.join(''));
  await until(async () => Number(await rpc(urls.http, 'eth_blockNumber')) >= 1, 60_000);
  await live.stop();
  expect(said.errors.join('')).not.toContain(password);
}, LONG_MS);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('keys are 5', () => {
  test('a wrong password', async () => {
    writeFileSync(at('password'), 'not the password\n', { mode: 0o600 });
    const [code, message] = await refusal(fresh, { passwordFile: at('password') });
    expect([code, message]).toEqual([5, expect.stringContaining('the password does not open it')]);
    expect(message).not.toContain('not the password');
  });

  test('a keystore of another network', async () => {
    const { keystorePath } = await createKey(at('others'), null);
    const [code, message] = await refusal(fresh, { keystore: keystorePath });
    expect([code, message]).toEqual([5, expect.stringMatching(/does not name its key .* another network.*--joining/)]);
  });

  test('no keystore, or one that another process has open', async () => {
    const without = copyOf(fresh, 'without');
    rmSync(join(without, 'keys'), { recursive: true });
    expect(await refusal(without)).toEqual([5, expect.stringContaining('there is no keystore in it')]);
    const held = copyOf(fresh, 'held');
    const [name = ''] = readdirSync(join(held, 'keys')).filter((file) => file.endsWith('.json'));
    writeFileSync(join(held, 'keys', `${name}.lock`), JSON.stringify({ pid: process.ppid, startedAt: null }));
    expect(await refusal(held)).toEqual([5, expect.stringContaining(`held by process ${process.ppid}`)]);
  });
});

describe('a genesis is 6', () => {
  test('that is another than the chain began with', async () => {
    const genesis = readFileSync(join(used, 'genesis.json'), 'utf8');
    writeFileSync(at('changed.json'), genesis.replace('"chainId": 7', '"chainId": 8'));
    const [code, message] = await refusal(used, { genesis: at('changed.json') });
    expect([code, message]).toEqual([6, expect.stringContaining('another genesis than the one that the chain')]);
  });

  test.each([
    ['"shards": 1', '"shards": 99', 'config.heddle.shards: a whole number from 1 to 64'],
    ['"shards": 1', '"shrads": 1', 'config.heddle.shrads: unknown key; did you mean shards?'],
    ['"alloc": {', '"alloc": [', 'it is no JSON'],
    ['"proofOfPossession": "0x', '"proofOfPossession": "0xff', 'config.heddle.validators[0].proofOfPossession'],
  ])('with %s as %s', async (good, bad, problem) => {
    const genesis = readFileSync(join(fresh, 'genesis.json'), 'utf8');
    expect(genesis).toContain(good);
    writeFileSync(at('broken.json'), genesis.replace(good, bad));
    expect(await refusal(fresh, { genesis: at('broken.json') })).toEqual([6, expect.stringContaining(problem)]);
  });

  test('that is not there', async () => {
    const [code, message] = await refusal(fresh, { genesis: at('nowhere.json') });
    expect([code, message]).toEqual([6, expect.stringContaining('--genesis')]);
  });
});

describe('a folder is 4', () => {
  test('whose database is damaged', async () => {
    const damaged = copyOf(used, 'damaged');
    const chain = join(damaged, 'data', 'chain');
    for (const name of readdirSync(chain).filter((file) => /\.(?:log|ldb)$/.test(file))) {
      const bytes = readFileSync(join(chain, name));
      if (bytes.length <= 60) continue;
      bytes.writeUInt8(bytes.readUInt8(50) ^ 0xff, 50);
      writeFileSync(join(chain, name), bytes);
    }
    expect(await refusal(damaged)).toEqual([4, expect.stringContaining(chain)]);
  });

  test('that has lost what its key has signed; an import of it is the way out', async () => {
    const lost = copyOf(used, 'lost');
    rmSync(join(lost, 'data'), { recursive: true });
    const [code, message] = await refusal(lost);
    expect([code, message]).toEqual([4, expect.stringContaining('the record of what this key has signed')]);
    const said: Said = { output: [], errors: [] };
    const surroundings = {
      print: (text: string) => said.output.push(text),
      printError: (text: string) => said.errors.push(text),
    };
    await exportRecords({ dataDir: used, validator: null, file: at('signer.json') }, surroundings);
    await importRecords({ dataDir: lost, validator: null, file: at('signer.json') }, surroundings);
    expect(said.errors.join('')).toMatch(/the validator knows [1-9]\d* signed messages\n/);
    const live = await runInProcess(lost);
    await live.stop();
    const numbered = importRecords({ dataDir: lost, validator: 0, file: at('signer.json') }, surroundings);
    await expect(numbered).rejects.toMatchObject({ exitCode: 2 });
  });

  test('of another data version, without its marker, or of somebody else', async () => {
    const old = copyOf(used, 'old');
    const marker = join(old, 'heddle-validator.json');
    writeFileSync(marker, readFileSync(marker, 'utf8').replace(/"version": \d+/, '"version": 1'));
    expect(await refusal(old)).toEqual([4, expect.stringContaining('it has data version 1')]);
    rmSync(marker);
    expect(await refusal(old)).toEqual([4, expect.stringMatching(/heddle-validator\.json is missing/)]);
    mkdirSync(at('foreign'));
    writeFileSync(at('foreign', 'thesis.txt'), '');
    expect(await refusal(at('foreign'))).toEqual([4, expect.stringContaining('it holds thesis.txt')]);
    expect(readdirSync(at('foreign'))).toEqual(['thesis.txt']);
  });
});

test('a port in use is 3, and changes nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const before = readdirSync(fresh);
  const [code, message] = await refusal(fresh, { rpcPort: port });
  expect([code, message]).toEqual([3, expect.stringMatching(/is in use.*--rpc-port/)]);
  expect(readdirSync(fresh)).toEqual(before);
  await new Promise((resolve) => server.close(resolve));
});

test('settings that cannot be used are 2', async () => {
  expect(await refusal(fresh, { logLevel: 'loud' })).toEqual([2, expect.stringContaining('log-level')]);
  const folder = copyOf(fresh, 'typo');
  writeFileSync(join(folder, 'config.toml'), 'rpc-prot = 1\n');
  await expect((async () => runInProcess(folder))()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('did you mean "rpc-port"?'),
  });
});
