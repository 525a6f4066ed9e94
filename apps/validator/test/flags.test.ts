import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readmeRows, runCommand, usualValues } from '@heddle/command-line';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../src/errors.ts';
import { devnetCommand } from '../src/flags/commands.ts';
import { CHAIN_FLAGS, type DevnetFlags, defaultLanes, RUN_FLAGS } from '../src/flags/devnet-flags.ts';
import { ether, formatEther } from '../src/flags/kinds.ts';
import { START_FLAGS } from '../src/flags/start-flags.ts';
import { findAnvil } from './support/compose/anvil-process.ts';

/** Of every program; `com` is of a subcommand. */
const GENERAL = ['--help', '--version', 'com'];

const NO_START = usualValues(START_FLAGS);

const README = join(import.meta.dirname, '..', '..', '..', 'README.md');

/** Parses words; gives the flags or what was written to stderr. */
async function parse(...words: readonly string[]): Promise<DevnetFlags | string> {
  let parsed: DevnetFlags | null = null;
  let errors = '';
  const command = devnetCommand('/somewhere', async (flags) => {
    parsed = flags;
  });
  const printError = (text: string): void => {
    errors += text;
  };
  try {
    const ending = await runCommand(command, words, { prefix: 'heddle', hint: '', printError });
    return ending === 'bad use' ? errors : (parsed ?? 'not run');
  } catch (error) {
    if (error instanceof UsageError) return `${error.exitCode} ${error.message}`;
    throw error;
  }
}

describe('flags of heddle devnet', () => {
  test('defaults contradict nothing: only what is written is given', async () => {
    expect(await parse()).toEqual({
      given: {},
      start: NO_START,
      run: {
        host: '127.0.0.1',
        port: 8545,
        allowHost: [],
        cors: [],
        allowControl: false,
        lanes: Math.min(availableParallelism() - 1, 64),
        laneThresholdMicroseconds: null,
        cacheBytes: null,
        archive: false,
        logLevel: 'info',
        abi: null,
        quiet: false,
        silent: false,
        json: false,
        dataDir: null,
        reset: false,
      },
    });
  });

  test('all of them', async () => {
    const words =
      '--validators 7 --shards 4 --host 0.0.0.0 --port 0 --chain-id 1337 --block-time 250 --data-dir d --reset ' +
      '--allow-host Node.example,fe80::1 --allow-host * --cors https://a.example,http://b:80 --cors * --allow-control ' +
      '--accounts 3 --balance 0.5 --lanes 2 --lane-threshold 0 --cache-mb 8 --archive --log-level debug ' +
      '--abi out --quiet --silent --json --block-base-fee 0 --gas-limit 30000000 --init g.json --timestamp 1700000000 ' +
      "--dump-state s --no-mining --auto-impersonate --config-out c.json --derivation-path m/44'/60'/1'/";
    expect(await parse(...words.split(' '), '--mnemonic', ' one  two ')).toEqual({
      given: {
        validators: 7,
        shards: 4,
        chainId: 1337,
        blockTimeMs: 250,
        accounts: 3,
        balanceWei: 5n * 10n ** 17n,
        mnemonic: 'one two',
        derivationPath: "m/44'/60'/1'",
        baseFeeWei: 0n,
        gasLimit: 30_000_000,
      },
      start: {
        ...NO_START,
        init: '/somewhere/g.json',
        timestamp: 1_700_000_000n,
        dumpState: '/somewhere/s',
        noMining: true,
        autoImpersonate: true,
        configOut: '/somewhere/c.json',
      },
      run: {
        host: '0.0.0.0',
        port: 0,
        allowHost: [['node.example', 'fe80::1'], ['*']],
        cors: [['https://a.example', 'http://b'], ['*']],
        allowControl: true,
        lanes: 2,
        laneThresholdMicroseconds: 0,
        cacheBytes: 8 * 1024 * 1024,
        archive: true,
        logLevel: 'debug',
        abi: '/somewhere/out',
        quiet: true,
        silent: true,
        json: true,
        dataDir: '/somewhere/d',
        reset: true,
      },
    });
  });

  test.each([
    ['--shards 0', 'Give a whole number from 1 to 64.'],
    ['--shards 65', 'Give a whole number from 1 to 64.'],
    ['--shards 2.5', 'Give a whole number from 1 to 64.'],
    ['--shards 0x2', 'Give a whole number from 1 to 64.'],
    ['--validators -1', 'Give a whole number from 1 to 100.'],
    ['--validators 101', 'Give a whole number from 1 to 100.'],
    ['--port 65536', 'Give a whole number from 0 to 65535.'],
    ['--port http', 'Give a whole number from 0 to 65535.'],
    ['--chain-id 0', 'Give a whole number from 1 to 9007199254740991.'],
    ['--chain-id 9007199254740992', 'Give a whole number from 1 to 9007199254740991.'],
    ['--block-time 3600001', 'Give a whole number from 0 to 3600000.'],
    ['--accounts 0', 'Give a whole number from 1 to 1000.'],
    ['--lanes 65', 'Give a whole number from 0 to 64.'],
    ['--lane-threshold 1.5', 'Give a whole number from 0 to 60000000.'],
    ['--cache-mb 3', 'Give a whole number from 4 to 16384.'],
    ['--balance 1e3', 'Give an amount of ETH from 0'],
    ['--balance 1.0000000000000000001', 'Give an amount of ETH from 0'],
    ['--balance 1000000000001', 'Give an amount of ETH from 0'],
    ['--host 127.0.0.1/x', 'Give an IP address or a host name'],
    ['--allow-host a.example:8545', 'Give a host name or an IP address without a port'],
    ['--cors a.example', 'Give an origin such as https://app.example'],
    ['--cors https://a.example/app', 'Give an origin such as https://app.example'],
    ['--port', "option '--port <P>' argument missing"],
    ['--shard 2', '(Did you mean --shards?)'],
    ['--validator 2', '(Did you mean --validators?)'],
    ['--chainid 2', '(Did you mean --chain-id?)'],
    ['--datadir d', '(Did you mean --data-dir?)'],
    ['--blocktime 1', '(Did you mean --block-time?)'],
    ['--jsno', '(Did you mean --json?)'],
    ['--gas-limit 16777215', 'Give a whole number from 16777216 to 80000000.'],
    ['--block-base-fee 1.5', 'Give a whole number of wei from 0'],
    ['--timestamp 253402300800', 'Give seconds since 1970'],
    ['--timestamp now', 'Give seconds since 1970'],
    ['--derivation-path 44/60', "Give a path such as m/44'/60'/0'/0"],
    ["--derivation-path m/2147483648'", "Give a path such as m/44'/60'/0'/0"],
    ['--interval-mining 0', 'Give a whole number from 1 to 86400.'],
    ['--blockbasefee 1', '(Did you mean --block-base-fee?)'],
    ['--nomining', '(Did you mean --no-mining?)'],
    ['--state s --load-state t', '2 --state: it is --load-state and --dump-state in one'],
    ['--state s --data-dir d', '2 --state: the chain is kept in one file or in the folder'],
    ['--init g --load-state t', '2 --init: a chain begins with a genesis file or with a state'],
    ['--no-mining --interval-mining 2', '2 --no-mining: --interval-mining makes blocks'],
    ['--fork-url http://x', 'heddle: --fork-url: a devnet does not fork'],
    ['-f http://x', 'heddle: --fork-url: a devnet does not fork'],
    ['--order fifo', 'heddle: --order: whoever makes a block takes what pays most'],
    ['--hardfork london', 'heddle: --hardfork: Osaka holds from the first block on'],
    ['--code-size-limit 50000', 'anvil_setCode takes up to 96 KiB'],
    ['-b 2', '--interval-mining is in seconds'],
    ['-vvv', 'heddle: --verbosity: what is logged is chosen'],
    ['--reset', '2 --reset: there is nothing to reset without a data directory: give it with --data-dir'],
    ['extra', 'too many arguments'],
  ])('%s is refused', async (words, message) => {
    expect(await parse(...words.split(' '))).toContain(message);
  });
});

test("anvil's spellings are understood, and what is so anyway is let pass", async () => {
  const words =
    '-a 2 -p 0 -q --no-mine --auto-unlock --base-fee 7 --allow-origin * --hardfork osaka --order fees --tracing';
  expect(await parse(...words.split(' '))).toMatchObject({
    given: { accounts: 2, baseFeeWei: 7n },
    start: { noMining: true, autoImpersonate: true },
    run: { port: 0, quiet: true, cors: [['*']] },
  });
});

test('every flag of anvil has a meaning or a reason', () => {
  const binary = findAnvil();
  if (binary === null) throw new Error('npm installs anvil');
  const help = execFileSync(binary, ['--help'], { encoding: 'utf8' });
  const names = [...help.matchAll(/^ {2,6}(?:-\w, +)?(--[a-z0-9-]+)/gm)].map(([, name]) => name ?? '');
  const aliases = [...help.matchAll(/\[aliases: ([^\]]+)\]/g)].flatMap(([, all]) => all?.split(', ') ?? []);
  const known = devnetCommand('/', async () => {}).options.map(({ long }) => long);
  expect(names.length).toBeGreaterThan(60);
  expect([...names, ...aliases].filter((name) => !known.includes(name) && !GENERAL.includes(name))).toEqual([]);
});

test('the README has a row for each flag, as the tables say', () => {
  const rows = [...readmeRows(CHAIN_FLAGS), ...readmeRows(START_FLAGS), ...readmeRows(RUN_FLAGS)];
  expect(readFileSync(README, 'utf8')).toContain(`|---|---|---|\n${rows.join('\n')}\n| \`--help\``);
});

test.each([
  [1, 0],
  [2, 1],
  [16, 15],
  [128, 64],
])('on %i cores there are %i lanes if nothing is said', (cores, lanes) => {
  expect(defaultLanes(cores)).toBe(lanes);
});

describe('amounts of ETH', () => {
  test.each([
    ['0', 0n, '0'],
    ['10000', 10_000n * 10n ** 18n, '10,000'],
    ['1.000000000000000001', 10n ** 18n + 1n, '1.000000000000000001'],
    ['0.50', 5n * 10n ** 17n, '0.5'],
    ['1000000000000', 10n ** 30n, '1,000,000,000,000'],
  ])('%s', (text, wei, shown) => {
    expect(ether.read(text, '/')).toBe(wei);
    expect(formatEther(wei)).toBe(shown);
  });
});
