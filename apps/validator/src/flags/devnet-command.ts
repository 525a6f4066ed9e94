import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.ts';
import {
  MAX_BLOCK_TIME_MS,
  MAX_CACHE_MB,
  MAX_CHAIN_ID,
  MAX_DEVNET_ACCOUNTS,
  MAX_DEVNET_VALIDATORS,
  MAX_LANE_THRESHOLD_MICROSECONDS,
  MAX_LANES,
  MAX_SHARDS,
  MIN_CACHE_MB,
} from '../limits.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS, type DevnetFlags, defaultLanes } from './devnet-flags.ts';
import { formatEther, parseEther } from './parse-ether.ts';
import { wholeNumber } from './parse-number.ts';
import { parsePath } from './parse-path.ts';

/** What commander hands over; absent means not given. */
interface ParsedOptions {
  readonly validators?: number;
  readonly shards?: number;
  readonly chainId?: number;
  readonly blockTime?: number;
  readonly accounts?: number;
  readonly balance?: bigint;
  readonly mnemonic?: string;
  readonly host: string;
  readonly port: number;
  readonly lanes?: number;
  readonly laneThreshold?: number;
  readonly cacheMb?: number;
  readonly logLevel: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly reset?: boolean;
}

/** The `devnet` command. Relative paths are taken from `workingDirectory`. Rejects with a `UsageError`. */
export function devnetCommand(workingDirectory: string, run: (flags: DevnetFlags) => Promise<void>): Command {
  const defaults = DEFAULT_CHAIN_FLAGS;
  return new Command('devnet')
    .description('Run a network of several validators and shards in this process, with funded accounts')
    .option('--validators <N>', `validators (default: ${defaults.validators})`, wholeNumber(1, MAX_DEVNET_VALIDATORS))
    .option('--shards <S>', `shards (default: ${defaults.shards})`, wholeNumber(1, MAX_SHARDS))
    .option('--host <H>', 'address to listen on', parseHost, '127.0.0.1')
    .option('--port <P>', 'port of HTTP and WebSocket, 0 = any free one', wholeNumber(0, 65_535), 8545)
    .option('--chain-id <C>', `chain ID (default: ${defaults.chainId})`, wholeNumber(1, MAX_CHAIN_ID))
    .option(
      '--block-time <MS>',
      'least milliseconds between blocks while busy (default: 0)',
      wholeNumber(0, MAX_BLOCK_TIME_MS),
    )
    .option('--data-dir <DIR>', 'keep the chain in this folder (default: in memory)', parsePath)
    .option('--reset', 'start the chain of --data-dir anew')
    .option('--accounts <N>', `funded accounts (default: ${defaults.accounts})`, wholeNumber(1, MAX_DEVNET_ACCOUNTS))
    .option('--balance <ETH>', `balance of each, in ETH (default: ${formatEther(defaults.balanceWei)})`, parseEther)
    .option('--mnemonic <M>', 'BIP-39 words to derive the accounts from (default: test test … junk)')
    .option(
      '--lanes <N>',
      'worker threads that execute chunks, 0 = none: chunks execute in line (default: cores − 1)',
      wholeNumber(0, MAX_LANES),
    )
    .option(
      '--lane-threshold <US>',
      'estimated work of a chunk, in microseconds, from which the worker threads execute it (default: 10000)',
      wholeNumber(0, MAX_LANE_THRESHOLD_MICROSECONDS),
    )
    .option(
      '--cache-mb <N>',
      'megabytes for the caches of state of each validator (default: 96)',
      wholeNumber(MIN_CACHE_MB, MAX_CACHE_MB),
    )
    .option('--log-level <L>', 'silent, error, warn, info, debug or trace; by module: info,rpc=debug', 'info')
    .option('--quiet', 'no banner, and only errors in the log')
    .option('--json', 'one line of JSON on stdout when ready, instead of the banner')
    .allowExcessArguments(false)
    .action((options: ParsedOptions) => run(toFlags(options, workingDirectory)));
}

function toFlags(options: ParsedOptions, workingDirectory: string): DevnetFlags {
  if (options.reset === true && options.dataDir === undefined) {
    throw new UsageError('--reset', 'there is nothing to reset without a data directory: give it with --data-dir');
  }
  const { validators, shards, chainId, blockTime, accounts, balance, mnemonic } = options;
  const given: Partial<ChainFlags> = {
    ...(validators === undefined ? {} : { validators }),
    ...(shards === undefined ? {} : { shards }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(blockTime === undefined ? {} : { blockTimeMs: blockTime }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(balance === undefined ? {} : { balanceWei: balance }),
    ...(mnemonic === undefined ? {} : { mnemonic: mnemonic.trim().split(/\s+/).join(' ') }),
  };
  return {
    given,
    run: {
      host: options.host,
      port: options.port,
      lanes: options.lanes ?? defaultLanes(availableParallelism()),
      laneThresholdMicroseconds: options.laneThreshold ?? null,
      cacheBytes: options.cacheMb === undefined ? null : options.cacheMb * 1024 * 1024,
      logLevel: options.logLevel,
      quiet: options.quiet === true,
      json: options.json === true,
      dataDir: options.dataDir === undefined ? null : resolve(workingDirectory, options.dataDir),
      reset: options.reset === true,
    },
  };
}

/** Whether the machine has the address shows when it is listened on. */
function parseHost(text: string): string {
  if (/^[A-Za-z0-9.:_-]{1,253}$/.test(text)) return text;
  throw new InvalidArgumentError('Give an IP address or a host name of this machine, without a port.');
}
