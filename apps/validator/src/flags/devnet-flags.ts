import { availableParallelism } from 'node:os';
import { type FlagTable, given, list, path, several, text, usualValues, wholeNumber } from '@heddle/command-line';
import {
  MAX_BLOCK_TIME_MS,
  MAX_CACHE_MB,
  MAX_CHAIN_ID,
  MAX_DEVNET_ACCOUNTS,
  MAX_DEVNET_VALIDATORS,
  MAX_GAS_LIMIT,
  MAX_LANE_THRESHOLD_MICROSECONDS,
  MAX_LANES,
  MAX_SHARDS,
  MIN_CACHE_MB,
  MIN_GAS_LIMIT,
} from '../limits.ts';
import { derivationPath, ether, host, hostName, megabytes, origin, phrase, wei } from './kinds.ts';
import type { StartFlags } from './start-flags.ts';

/** What a chain is made from: fixed when its genesis is written. */
export interface ChainFlags {
  readonly validators: number;
  readonly shards: number;
  readonly chainId: number;
  readonly blockTimeMs: number;
  readonly accounts: number;
  /** Each account's, wei. */
  readonly balanceWei: bigint;
  readonly mnemonic: string;
  /** Of the accounts, without the last number: m/44'/60'/0'/0. */
  readonly derivationPath: string;
  /** Of the first block, wei. */
  readonly baseFeeWei: bigint;
  /** Of each chunk and of the section. */
  readonly gasLimit: number;
}

/** What may be different at each start. */
export interface RunFlags {
  readonly host: string;
  readonly port: number;
  /** Names that the Host header may have beside those of this machine; each flag's own list. */
  readonly allowHost: readonly (readonly string[])[];
  /** Origins of web pages beside those of this machine; each flag's own list. */
  readonly cors: readonly (readonly string[])[];
  /** Other machines may use the methods that change the network or sign for its accounts. */
  readonly allowControl: boolean;
  /** Absolute path; null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly reset: boolean;
  /** Worker threads for executing chunks; 0 executes in line. */
  readonly lanes: number;
  /** Estimated work of a chunk from which the threads execute it, µs; null is what the node thinks best. */
  readonly laneThresholdMicroseconds: number | null;
  /** What each validator's caches of state may take, in bytes; null is what the store thinks best. */
  readonly cacheBytes: number | null;
  /** Keep the state of all final blocks from here on; else that of the newest ones. */
  readonly archive: boolean;
  /** `info` or `info,rpc=debug`; checked when the logger is made. */
  readonly logLevel: string;
  /** Folder with ABIs, absolute; null knows none. */
  readonly abi: string | null;
  readonly quiet: boolean;
  readonly silent: boolean;
  readonly json: boolean;
}

/** A devnet's command line. `given` holds only what the user wrote: a default contradicts nothing. */
export interface DevnetFlags {
  readonly given: Partial<ChainFlags>;
  readonly start: StartFlags;
  readonly run: RunFlags;
}

/** In the order of `--help` and of the README's table. */
export const CHAIN_FLAGS: FlagTable<ChainFlags> = {
  validators: {
    typed: '--validators <N>',
    help: 'validators',
    more: `, 1 … ${MAX_DEVNET_VALIDATORS}; blocks go on while n − ⌊(n−1)/3⌋ of them run`,
    kind: wholeNumber(1, MAX_DEVNET_VALIDATORS),
    usual: 4,
  },
  shards: {
    typed: '--shards <S>',
    help: 'shards',
    more: `, 1 … ${MAX_SHARDS}; 1 is plain Ethereum`,
    kind: wholeNumber(1, MAX_SHARDS),
    usual: 2,
  },
  chainId: { typed: '--chain-id <C>', help: 'chain ID', kind: wholeNumber(1, MAX_CHAIN_ID), usual: 31337 },
  blockTimeMs: {
    typed: '--block-time <MS>',
    help: 'least milliseconds between blocks while busy',
    kind: wholeNumber(0, MAX_BLOCK_TIME_MS),
    usual: 0,
  },
  accounts: {
    typed: '--accounts <N>',
    help: 'funded accounts',
    more: `, 1 … ${MAX_DEVNET_ACCOUNTS}`,
    kind: wholeNumber(1, MAX_DEVNET_ACCOUNTS),
    usual: 10,
  },
  balanceWei: {
    typed: '--balance <ETH>',
    help: 'balance of each, in ETH',
    kind: ether,
    usual: 10_000n * 10n ** 18n,
    shown: '10,000',
  },
  mnemonic: {
    typed: '--mnemonic <M>',
    help: 'BIP-39 words to derive the accounts from',
    kind: phrase,
    usual: 'test test test test test test test test test test test junk',
    shown: 'test test … junk',
  },
  derivationPath: {
    typed: '--derivation-path <PATH>',
    help: 'path of the accounts, without the number of each',
    kind: derivationPath,
    usual: "m/44'/60'/0'/0",
  },
  baseFeeWei: {
    typed: '--block-base-fee <WEI>',
    help: 'base fee of the first block, in wei',
    kind: wei,
    usual: 1_000_000_000n,
  },
  gasLimit: {
    typed: '--gas-limit <GAS>',
    help: 'gas limit of a block on each shard, and of its section',
    more: `, ${MIN_GAS_LIMIT} … ${MAX_GAS_LIMIT}`,
    kind: wholeNumber(MIN_GAS_LIMIT, MAX_GAS_LIMIT),
    usual: 40_000_000,
  },
};

export const RUN_FLAGS: FlagTable<RunFlags> = {
  host: {
    typed: '--host <H>',
    help: 'address to listen on',
    more: '; from other machines the methods that sign or change the network want `--allow-control`',
    kind: host,
    usual: '127.0.0.1',
  },
  port: {
    typed: '--port <P>',
    help: 'port of HTTP and WebSocket, 0 = any free one',
    kind: wholeNumber(0, 65_535),
    usual: 8545,
  },
  allowHost: {
    typed: '--allow-host <NAME>',
    help: 'another name that this node is called by in URLs, * = any; repeatable, or a list with commas',
    more: '; others are refused (DNS rebinding)',
    kind: several(list(hostName)),
    usual: [],
    shown: 'localhost',
  },
  cors: {
    typed: '--cors <ORIGIN>',
    help: 'origin of web pages that may use this node, * = any, but only to read and send; repeatable, or a list',
    more: ': `https://app.example`',
    kind: several(list(origin)),
    usual: [],
    shown: 'localhost',
  },
  allowControl: {
    typed: '--allow-control',
    help: 'with a --host that other machines reach: they too may sign for the accounts and change the network',
    kind: given,
    usual: false,
  },
  dataDir: {
    typed: '--data-dir <DIR>',
    help: 'keep the chain in this folder',
    more: '; a later start goes on with it',
    kind: path,
    usual: null,
    shown: 'in memory',
  },
  reset: {
    typed: '--reset',
    help: 'start the chain of --data-dir anew',
    more: '; removes only what Heddle made in there; wants `--data-dir`',
    kind: given,
    usual: false,
  },
  lanes: {
    typed: '--lanes <N>',
    help: 'worker threads that execute chunks, 0 = none: chunks execute in line',
    more: '; for all validators together',
    kind: wholeNumber(0, MAX_LANES),
    usual: defaultLanes(availableParallelism()),
    shown: 'cores − 1',
  },
  laneThresholdMicroseconds: {
    typed: '--lane-threshold <US>',
    help: 'estimated work of a chunk, in microseconds, from which the worker threads execute it',
    kind: wholeNumber(0, MAX_LANE_THRESHOLD_MICROSECONDS),
    usual: null,
    shown: '10000',
  },
  cacheBytes: {
    typed: '--cache-mb <N>',
    help: 'megabytes for the caches of state of each validator',
    more: "; the database's own included",
    kind: megabytes(MIN_CACHE_MB, MAX_CACHE_MB),
    usual: null,
    shown: '96',
  },
  archive: {
    typed: '--archive',
    help: 'keep the state of every block',
    more: ' from here on, for balances, calls, proofs and traces; without it that of the newest 128',
    kind: given,
    usual: false,
  },
  logLevel: {
    typed: '--log-level <L>',
    help: 'silent, error, warn, info, debug or trace; by module: info,rpc=debug',
    more: '; logs go to stderr',
    kind: text,
    usual: 'info',
  },
  abi: {
    typed: '--abi <DIR>',
    help: 'folder of ABIs to name methods and errors of transactions by',
    more: ': artifacts of Hardhat or Foundry, at any depth; what is compiled later is read too',
    kind: path,
    usual: null,
  },
  quiet: {
    typed: '--quiet',
    help: 'no banner, no transactions, and only errors in the log',
    kind: given,
    usual: false,
  },
  silent: {
    typed: '--silent',
    help: 'nothing but the line of --json, and why the process ends',
    kind: given,
    usual: false,
  },
  json: {
    typed: '--json',
    help: 'one line of JSON on stdout when ready, instead of the banner',
    more: '; urls, accounts, pid and more',
    kind: given,
    usual: false,
  },
};

export const DEFAULT_CHAIN_FLAGS: ChainFlags = usualValues(CHAIN_FLAGS);

/** One core is left to the thread that everything else runs on; with a single core threads only get in its way. */
export function defaultLanes(cores: number): number {
  return Math.min(cores - 1, MAX_LANES);
}
