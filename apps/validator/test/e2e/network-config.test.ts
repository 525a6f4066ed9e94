import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'smol-toml';
import { temporaryDirectory } from '../support/each-storage.ts';
import { cleanEnvironment, heddle, MAIN, NODE } from '../support/heddle-process.ts';
import { until } from '../support/until.ts';

const LONG_MS = 240_000;
let directory = '';
const at = (...names: readonly string[]): string => join(directory, ...names);

beforeAll(async () => {
  directory = await temporaryDirectory();
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Made {
  readonly genesisHash: string;
  readonly validators: readonly { readonly publicKey: string; readonly p2pAddress: string }[];
}

test(
  'a network is a genesis and folders that fit it, private, and each knows the others',
  async () => {
    const words = ['network', 'create', '--validators', '3', '--shards', '2', '--dir', 'net', '--json'];
    const made = await heddle([...words, '--hosts', 'a.example,10.0.0.2,10.0.0.3'], directory);
    expect(made).toMatchObject({ code: 0, errors: '' });
    const { validators }: Made = JSON.parse(made.output);
    const genesis: {
      readonly config: { readonly heddle: { readonly validators: unknown[]; readonly shards: number } };
    } = JSON.parse(readFileSync(at('net', 'genesis.json'), 'utf8'));
    expect(genesis.config.heddle).toMatchObject({ shards: 2, devnet: false });
    expect(genesis.config.heddle.validators).toMatchObject(validators.map(({ publicKey }) => ({ publicKey })));
    expect(validators[0]?.p2pAddress).toMatch(/^\/dns\/a\.example\/tcp\/9000\/p2p\/12D3Koo/);
    for (const [index, { publicKey }] of validators.entries()) {
      const folder = at('net', `validator-${index}`);
      expect(readFileSync(join(folder, 'genesis.json'), 'utf8')).toBe(readFileSync(at('net', 'genesis.json'), 'utf8'));
      const config = parse(readFileSync(join(folder, 'config.toml'), 'utf8'));
      const others = validators.filter((other) => other.publicKey !== publicKey).map(({ p2pAddress }) => p2pAddress);
      expect(config).toMatchObject({ 'rpc-port': 8545, 'p2p-listen': ['/ip4/0.0.0.0/tcp/9000'], bootnodes: others });
      for (const name of readdirSync(join(folder, 'keys'))) {
        expect(statSync(join(folder, 'keys', name)).mode & 0o777).toBe(0o600);
      }
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    const again = await heddle(words, directory);
    expect(again).toMatchObject({ code: 4, errors: expect.stringContaining('it is not empty') });
    const explained = await heddle(['network', 'start', '--dir', 'net', '--explain'], directory);
    expect(explained.output.match(/npm run heddle -- validator --data-dir \S+validator-\d/g)).toHaveLength(3);
    const elsewhere = await heddle(['network', 'start', '--dir', '.', '--explain'], directory);
    expect(elsewhere).toMatchObject({ code: 4, errors: expect.stringContaining('it is no network') });
  },
  LONG_MS,
);

test(
  'network start runs a network until it is stopped, and ends when all of its validators have',
  async () => {
    await heddle(['network', 'create', '--validators', '1', '--shards', '1', '--dir', 'one'], directory);
    const config = at('one', 'validator-0', 'config.toml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('rpc-port = 8545', 'rpc-port = 0'));
    const child = spawn(NODE, [MAIN, 'network', 'start', '--dir', at('one')], { env: cleanEnvironment() });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => output.includes('validator-0  answers at http://127.0.0.1:'), 90_000);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);

    writeFileSync(config, 'rpc-port = 70000\n');
    const wrong = await heddle(['network', 'start', '--dir', 'one'], directory);
    expect(wrong).toMatchObject({ code: 2, errors: expect.stringContaining('validator-0  ended with 2') });
  },
  LONG_MS,
);

test(
  'config print tells each setting and where it comes from, as a file that says the same',
  async () => {
    mkdirSync(at('v'));
    writeFileSync(
      at('v', 'config.toml'),
      'rpc-port = 8600\ncache-mb = 100\nkeystore = "keys/a.json"\narchive = true\n',
    );
    const words = ['config', 'print', '--data-dir', 'v'];
    const environment = { HEDDLE_CACHE_MB: '200', HEDDLE_LOG_LEVEL: 'debug' };
    const { code, output } = await heddle([...words, '--log-level', 'warn'], directory, environment);
    expect(code).toBe(0);
    expect(output).toContain('rpc-port = 8600  # file\n');
    expect(output).toContain('cache-mb = 200  # HEDDLE_CACHE_MB\n');
    expect(output).toContain('log-level = "warn"  # flag\n');
    expect(output).toContain('rpc-host = "127.0.0.1"  # default\n');
    expect(output).toContain(`keystore = "${at('v', 'keys', 'a.json')}"  # file\n`);
    mkdirSync(at('w'));
    writeFileSync(at('w', 'config.toml'), output);
    const second = await heddle(['config', 'print', '--data-dir', 'w'], directory);
    expect(parse(second.output)).toEqual(parse(output));
  },
  LONG_MS,
);

test(
  'a config file that cannot be used is told by line or key, without what else stands in it',
  async () => {
    mkdirSync(at('x'));
    const said = async (text: string): Promise<string> => {
      writeFileSync(at('x', 'config.toml'), text);
      const { code, errors } = await heddle(['config', 'print', '--data-dir', 'x'], directory);
      expect(code).toBe(2);
      return errors;
    };
    expect(await said('password = "hunter22"\n')).toMatch(
      /^heddle: config: \S+config\.toml: unknown key "password"; (?!.*hunter22)/,
    );
    expect(await said('rpc-port = 1\nbootnodes = [ "hunter22"\n')).toMatch(/line \d+, column \d+(?!.*hunter22)/);
    expect(await said('bootnodes = [ "/ip4/1.2.3.4/tcp/1" ]\n')).toContain('with the peer ID');
    const missing = await heddle(['config', 'print', '--data-dir', 'x', '--config', 'nowhere.toml'], directory);
    expect(missing).toMatchObject({ code: 2, errors: expect.stringContaining('nowhere.toml') });
  },
  LONG_MS,
);
