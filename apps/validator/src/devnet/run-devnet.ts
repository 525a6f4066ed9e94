import { writeDurably } from '@heddle/files';
import type { ByzantineActors, DevnetBeginning, Logger, LogLevels, RunningDevnet } from '@heddle/node';
import { assert, blsPublicKey, equalBytes, HeddleError } from '@heddle/primitives';
import { watchData } from '../data-dir/watch-data.ts';
import { DataDirectoryError, errorMessage, UsageError } from '../errors.ts';
import type { DevnetFlags, RunFlags } from '../flags/devnet-flags.ts';
import type { StartFlags } from '../flags/start-flags.ts';
import { checkOutputFiles } from '../start/output-files.ts';
import { encodeStateFile } from '../start/state-file.ts';
import { checkMnemonic } from './accounts.ts';
import { checksumAddress } from './checksum-address.ts';
import { configJson } from './config-out.ts';
import { type ChainToRun, openChain } from './open-chain.ts';
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
  readonly loadActors: () => Promise<ByzantineActors>;
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

/** Starts a devnet and says so on stdout. Rejects with a `UserError` when the user can do something about it. */
export async function runDevnet(flags: DevnetFlags, surroundings: Surroundings): Promise<LiveDevnet> {
  const { run, given, start: begin } = flags;
  if (given.mnemonic !== undefined) checkMnemonic(given.mnemonic);
  checkOutputFiles(begin);
  // Before anything is loaded or written: a port in use changes nothing.
  await probeAddress(run.host, run.port);
  const node = await surroundings.loadNode();
  const log = createDevnetLogger(node, run, surroundings);
  warnAboutHost(run, log);
  const abis = await openAbis(run, log, surroundings);
  const chain = openChain(flags, node, surroundings.wallMs());
  try {
    const running = await start(chain, flags, node, log, surroundings);
    writeConfig(chain, begin);
    const { dataDirectory } = chain;
    const unwatch = dataDirectory === null ? () => {} : watchData(dataDirectory, surroundings, WAY_OUT);
    if (!surroundings.isStopping()) announce(readyDevnet(chain, running, surroundings), run, surroundings);
    const endTransactionLog = startTransactionLog(running.activity, abis, run, log, surroundings);
    return {
      log,
      stop: () => {
        unwatch();
        endTransactionLog();
        return stop(running, chain, begin);
      },
    };
  } catch (error) {
    chain.dataDirectory?.release();
    if (chain.image !== null && error instanceof HeddleError) {
      throw new UsageError(loadingFlag(begin), error.message);
    }
    throw startError(error, run, node);
  }
}

const WAY_OUT = 'Put it back before the next start, or start a new chain in another folder';

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

function start(
  chain: ChainToRun,
  { run, start: begin }: DevnetFlags,
  node: NodePackage,
  log: Logger,
  { loadActors, storageFailed }: Surroundings,
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
    beginning: { image: chain.image, mining: miningMode(begin), autoImpersonate: begin.autoImpersonate },
    loadActors,
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

function loadingFlag({ loadState }: StartFlags): string {
  return loadState === null ? '--state' : '--load-state';
}

function miningMode({ noMining, intervalSeconds }: StartFlags): DevnetBeginning['mining'] {
  if (intervalSeconds !== null) return { kind: 'interval', seconds: BigInt(intervalSeconds) };
  return { kind: noMining ? 'manual' : 'auto' };
}

function writeConfig({ flags, genesis, accounts }: ChainToRun, { configOut }: StartFlags): void {
  if (configOut !== null) writeDurably(configOut, configJson(flags, genesis, accounts));
}

async function stop(running: RunningDevnet, chain: ChainToRun, { dumpState, state }: StartFlags): Promise<void> {
  const { flags, genesis, dataDirectory } = chain;
  const target = dumpState ?? state;
  try {
    try {
      if (target !== null) writeDurably(target, encodeStateFile({ flags, genesis, image: await running.dumpState() }));
    } finally {
      await running.stop();
    }
  } finally {
    dataDirectory?.release();
  }
}
