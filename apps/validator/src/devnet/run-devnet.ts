import type { DevnetAccount, Logger, LogLevels, RunningDevnet } from '@heddle/node';
import { assert, blsPublicKey, equalBytes } from '@heddle/primitives';
import type { Genesis } from '@heddle/types';
import { type DataDirectory, openDataDirectory } from '../data-dir/open-data-dir.ts';
import { DataDirectoryError, errorMessage, UsageError } from '../errors.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS, type DevnetFlags, type RunFlags } from '../flags/devnet-flags.ts';
import { DIRECTORY_CHECK_MS } from '../limits.ts';
import { checkMnemonic, deriveAccounts } from './accounts.ts';
import { checksumAddress } from './checksum-address.ts';
import { addressError, isAddressFailure, probeAddress } from './probe-address.ts';
import { banner, type ReadyDevnet, readyLine } from './ready.ts';
import { openAbis, startTransactionLog, type Terminal } from './start-transaction-log.ts';

/** What the devnet takes from @heddle/node; loaded late, so that --help and wrong flags do not wait for it. */
export type NodePackage = Pick<
  typeof import('@heddle/node'),
  | 'createDevnetGenesis'
  | 'devnetFeeRecipients'
  | 'devnetValidatorKeys'
  | 'createLogger'
  | 'parseLogLevels'
  | 'startDevnet'
  | 'StorageError'
  | 'unknownLogModule'
>;

/** The world around the command. */
export interface Surroundings extends Terminal {
  readonly version: string;
  readonly loadNode: () => Promise<NodePackage>;
  readonly wallMs: () => number;
  /** Whether a signal has asked for the end already: then nobody is told that it is ready. */
  readonly isStopping: () => boolean;
  /** Runs `task` again and again, without keeping the process alive, until the returned function is called. */
  readonly every: (ms: number, task: () => void) => () => void;
  /** Ends the process at once: the disk failed, so nothing can be stopped in order. */
  readonly storageFailed: (error: unknown) => void;
  /** Stops in order and ends the process: what is written now is lost. */
  readonly dataVanished: (problem: string) => void;
}

/** A devnet that has said it is ready. `stop` closes everything and gives the data directory back. */
export interface LiveDevnet {
  readonly log: Logger;
  stop(): Promise<void>;
}

/** The chain to run: from a data directory, or made for this run. */
interface ChainToRun {
  readonly flags: ChainFlags;
  readonly genesis: Genesis;
  readonly accounts: readonly DevnetAccount[];
  /** null when the state is in memory. */
  readonly dataDirectory: DataDirectory | null;
}

/** Starts a devnet and says so on stdout. Rejects with a `UserError` when the user can do something about it. */
export async function runDevnet(flags: DevnetFlags, surroundings: Surroundings): Promise<LiveDevnet> {
  const { run, given } = flags;
  if (given.mnemonic !== undefined) checkMnemonic(given.mnemonic);
  // Before anything is loaded or written: a port in use changes nothing.
  await probeAddress(run.host, run.port);
  const node = await surroundings.loadNode();
  const log = createDevnetLogger(node, run, surroundings);
  warnAboutHost(run, log);
  const abis = await openAbis(run, log, surroundings);
  const chain = openChain(flags, node, surroundings);
  try {
    const running = await start(chain, run, node, log, surroundings);
    const unwatch = watchDirectory(chain.dataDirectory, surroundings);
    if (!surroundings.isStopping()) announce(readyDevnet(chain, running, surroundings), run, surroundings);
    const endTransactionLog = startTransactionLog(running.activity, abis, run, log, surroundings);
    return {
      log,
      stop: () => {
        unwatch();
        endTransactionLog();
        return stop(running, chain);
      },
    };
  } catch (error) {
    chain.dataDirectory?.release();
    throw startError(error, run, node);
  }
}

/** An open file that has been removed takes what is written as if nothing had happened. */
function watchDirectory(data: DataDirectory | null, { every, dataVanished }: Surroundings): () => void {
  if (data === null) return () => {};
  const unwatch = every(DIRECTORY_CHECK_MS, () => {
    const missing = data.missing();
    if (missing === null) return;
    unwatch();
    dataVanished(
      `data directory ${data.directory}: ${missing} has been removed while it was in use, so what is written is lost; ` +
        'stopping. Put it back before the next start, or start a new chain in another folder',
    );
  });
  return unwatch;
}

/** What of a failed start the user can do something about, as its user error; anything else as it is. */
function startError(error: unknown, { host, port, dataDir }: RunFlags, { StorageError }: NodePackage): unknown {
  if (isAddressFailure(error)) return addressError(host, port, error);
  return dataDir !== null && error instanceof StorageError
    ? new DataDirectoryError(dataDir, errorMessage(error))
    : error;
}

function createDevnetLogger(node: NodePackage, run: RunFlags, { printError, wallMs }: Surroundings): Logger {
  const levels = node.parseLogLevels(run.logLevel);
  if (levels === null) {
    throw new UsageError(
      '--log-level',
      `"${run.logLevel}" is not a level: silent, error, warn, info, debug or trace, by module as in info,rpc=debug`,
    );
  }
  const unknown = node.unknownLogModule(levels);
  if (unknown !== null) {
    const hint = unknown.nearest === null ? '' : `; did you mean "${unknown.nearest}"?`;
    throw new UsageError('--log-level', `there is no module "${unknown.name}"${hint}`);
  }
  return node.createLogger({ levels: lowered(levels, run), format: 'human', write: printError, wallMs });
}

/** --quiet and --silent win over --log-level. */
function lowered(levels: LogLevels, { quiet, silent }: RunFlags): LogLevels {
  if (silent) return { base: 'silent', modules: new Map() };
  return quiet ? { base: 'error', modules: new Map() } : levels;
}

/** eth_sendTransaction signs for whoever can reach the port. */
function warnAboutHost({ host, allowControl }: RunFlags, log: Logger): void {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return;
  log.warn(
    allowControl
      ? 'whoever reaches this address can sign for the accounts and change the network (--allow-control)'
      : 'other machines can reach this address: they read and send raw transactions; more wants --allow-control',
    { host },
  );
}

function openChain(flags: DevnetFlags, node: NodePackage, { wallMs }: Surroundings): ChainToRun {
  const { given, run } = flags;
  if (run.dataDir === null) {
    const chain = { ...DEFAULT_CHAIN_FLAGS, ...given };
    const accounts = deriveAccounts(chain.mnemonic, chain.accounts);
    return { flags: chain, genesis: createGenesis(chain, accounts, node, wallMs()), accounts, dataDirectory: null };
  }
  const dataDirectory = openDataDirectory({
    directory: run.dataDir,
    given,
    reset: run.reset,
    createGenesis: (chain) => createGenesis(chain, deriveAccounts(chain.mnemonic, chain.accounts), node, wallMs()),
  });
  const { flags: chain, genesis } = dataDirectory;
  return { flags: chain, genesis, accounts: deriveAccounts(chain.mnemonic, chain.accounts), dataDirectory };
}

function createGenesis(
  flags: ChainFlags,
  accounts: readonly DevnetAccount[],
  node: NodePackage,
  wallMs: number,
): Genesis {
  const { genesis } = node.createDevnetGenesis({
    chainId: BigInt(flags.chainId),
    shardCount: flags.shards,
    validatorCount: flags.validators,
    accounts: accounts.map(({ address }) => address),
    balanceWei: flags.balanceWei,
    blockTimeMs: flags.blockTimeMs,
    timestamp: BigInt(Math.floor(wallMs / 1_000)),
  });
  return genesis;
}

function start(
  chain: ChainToRun,
  run: RunFlags,
  node: NodePackage,
  log: Logger,
  { storageFailed }: Surroundings,
): Promise<RunningDevnet> {
  const { flags, genesis, dataDirectory } = chain;
  return node.startDevnet({
    genesis,
    validatorSecretKeys: validatorKeys(chain, node),
    accounts: chain.accounts,
    host: run.host,
    port: run.port,
    access: { allowedHosts: run.allowHost.flat(), corsOrigins: run.cors.flat(), allowControl: run.allowControl },
    dataDir: dataDirectory?.chainDir ?? null,
    hasBlocks: dataDirectory?.hasBlocks ?? false,
    firstBlock: () => dataDirectory?.markBlocks(),
    lanes: run.lanes,
    laneThresholdMicroseconds: run.laneThresholdMicroseconds,
    cacheBytes: run.cacheBytes,
    archive: run.archive,
    feeRecipients: node.devnetFeeRecipients(flags.validators, flags.shards),
    log,
    fatal: storageFailed,
  });
}

/** The devnet's well-known keys, if they are those of the genesis: a file edited by hand may name other validators. */
function validatorKeys({ flags, genesis, dataDirectory }: ChainToRun, node: NodePackage): readonly Uint8Array[] {
  const secretKeys = node.devnetValidatorKeys(flags.validators);
  const fits =
    genesis.validators.length === secretKeys.length &&
    genesis.validators.every(({ publicKey }, index) => {
      const secretKey = secretKeys[index];
      return secretKey !== undefined && equalBytes(publicKey, blsPublicKey(secretKey));
    });
  if (fits) return secretKeys;
  assert(dataDirectory !== null, 'a genesis made for this run has the validators of this run');
  throw new DataDirectoryError(
    dataDirectory.directory,
    'its genesis.json names other validators than a devnet has; it was changed by hand. --reset starts a new chain',
  );
}

function readyDevnet(chain: ChainToRun, running: RunningDevnet, { version }: Surroundings): ReadyDevnet {
  return {
    version,
    httpUrl: running.httpUrl,
    wsUrl: running.wsUrl,
    pid: process.pid,
    chain: chain.flags,
    accounts: chain.accounts.map(({ address, privateKey }) => ({
      address: checksumAddress(address),
      privateKey,
      shard: running.residence(address),
    })),
    headNumber: running.headNumber,
    dataDir: chain.dataDirectory?.directory ?? null,
  };
}

function announce(ready: ReadyDevnet, run: RunFlags, { print }: Surroundings): void {
  if (run.json) print(`${readyLine(ready)}\n`);
  else if (!run.quiet && !run.silent) print(banner(ready));
}

async function stop(running: RunningDevnet, { dataDirectory }: ChainToRun): Promise<void> {
  try {
    await running.stop();
  } finally {
    dataDirectory?.release();
  }
}
