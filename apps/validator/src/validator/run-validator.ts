import { type FileLock, systemErrorCode } from '@heddle/files';
import type { HeldKey, NetworkKey } from '@heddle/keys';
import type { TransportMetrics } from '@heddle/network';
import type { BuiltGenesis, Logger, RunningStandalone, Signing, StandaloneOptions, ValidatorKey } from '@heddle/node';
import { blsSign, HeddleError } from '@heddle/primitives';
import { ZERO_ADDRESS } from '@heddle/types';
import type { LoadedSettings } from '../config/load-settings.ts';
import { watchData } from '../data-dir/watch-data.ts';
import { addressError, isAddressFailure, probeAddress } from '../devnet/probe-address.ts';
import {
  ConfigError,
  DataDirectoryError,
  EXIT_CODES,
  type ExitCode,
  errorMessage,
  PeerAddressError,
  RPC_ADDRESS_FLAGS,
} from '../errors.ts';
import type { ValidatorSettings } from '../flags/validator-flags.ts';
import { readGenesis } from '../genesis/read-genesis.ts';
import { openValidatorFolder, settleFolder, type ValidatorFolder } from './open-folder.ts';
import { openNetworkKey, openSigningKey } from './open-keys.ts';
import { openValidatorMetrics, type ValidatorMetrics } from './validator-metrics.ts';

/** What a validator takes from @heddle/node; loaded late, so that --help and wrong settings do not wait for it. */
export type ValidatorPackage = Pick<
  typeof import('@heddle/node'),
  | 'buildGenesis'
  | 'createLogger'
  | 'isDiskFull'
  | 'isStorageFailure'
  | 'parseLogLevels'
  | 'startStandalone'
  | 'StorageError'
  | 'unknownLogModule'
>;

/** What the way to other nodes is made from. */
export interface TransportRequest extends Pick<ValidatorSettings, 'p2pListen' | 'p2pExternal' | 'bootnodes'> {
  readonly networkKey: NetworkKey;
  readonly genesis: BuiltGenesis;
  /** Whom the node shows itself to be. While its own key is watched that is nobody. */
  readonly key: ValidatorKey;
  /** By the chain as it is when it is asked. */
  readonly isValidator: (publicKey: Uint8Array) => boolean;
  readonly metrics: TransportMetrics;
  /** Path of the file that keeps what is known of peers. */
  readonly peersPath: string;
  readonly log: Logger;
}

/** The world around the command. */
export interface ValidatorSurroundings {
  readonly version: string;
  readonly loadNode: () => Promise<ValidatorPackage>;
  readonly createTransport: (request: TransportRequest) => ReturnType<StandaloneOptions['createTransport']>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly wallMs: () => number;
  readonly isStopping: () => boolean;
  /** Runs `task` again and again, without keeping the process alive, until the returned function is called. */
  readonly every: (ms: number, task: () => void) => () => void;
  /** Ends the process at once: nothing can be stopped in order. */
  readonly fatal: (error: unknown, code: ExitCode) => void;
  /** Stops in order and ends the process: what is written now is lost. */
  readonly dataVanished: (problem: string) => void;
  /** Stops in order and ends the process. */
  readonly keyActive: (proof: string) => void;
  /** Stops in order and ends the process. */
  readonly clockWrong: (problem: string) => void;
}

/** A node that runs. `stop` closes everything and gives folder and key back. */
export interface LiveValidator {
  stop(): Promise<void>;
}

/** What is held while a node runs, to be given back in the reverse order. */
interface Held {
  readonly locks: FileLock[];
}

/** What a node of its own does: it takes part, or only follows. */
export type NodeKind = 'validator' | 'node';

/** Starts a node and says so. Rejects with a `UserError` when the user can do something about it. */
export async function runValidator(
  kind: NodeKind,
  settings: LoadedSettings,
  surroundings: ValidatorSurroundings,
): Promise<LiveValidator> {
  const { values, dataDir } = settings;
  await probeAddress(values.rpcHost, values.rpcPort, RPC_ADDRESS_FLAGS);
  const node = await surroundings.loadNode();
  const log = createLogger(node, values, surroundings);
  const held: Held = { locks: [] };
  try {
    const taken = openValidatorFolder(dataDir);
    held.locks.push(taken.lock);
    const genesisPath = values.genesis ?? taken.layout.genesis;
    const genesis = node.buildGenesis(readGenesis(genesisPath));
    const key = kind === 'validator' ? await openSigningKey(taken.layout, genesis.genesis, values) : null;
    if (key !== null) held.locks.push(key.lock);
    const networkKey = await openNetworkKey(taken.layout, values);
    const folder = settleFolder(taken, genesis.genesis, genesisPath);
    const metrics = await openValidatorMetrics(values, folder.layout.directory, surroundings);
    const running = await node.startStandalone(
      standaloneOptions({ values, genesis, key, networkKey, folder, metrics, log, node }, surroundings),
    );
    folder.markRun();
    const metricsUrl = await shown(metrics, running);
    if (!surroundings.isStopping()) announce({ running, metricsUrl, genesis, networkKey, settings }, surroundings);
    const data = { directory: folder.layout.directory, missing: folder.missing };
    const unwatch = watchData(data, surroundings, 'Put it back before the next start');
    return {
      stop: async () => {
        unwatch();
        try {
          await metrics.stop();
          await running.stop();
        } finally {
          release(held);
        }
      },
    };
  } catch (error) {
    release(held);
    throw startError(error, values, dataDir, node);
  }
}

/** Where its metrics are. It is stopped again when they can not be shown. */
async function shown(metrics: ValidatorMetrics, running: RunningStandalone): Promise<string | null> {
  try {
    return await metrics.serve(running);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

interface Prepared {
  readonly values: ValidatorSettings;
  readonly genesis: BuiltGenesis;
  /** Null for a node that follows. */
  readonly key: HeldKey | null;
  readonly networkKey: NetworkKey;
  readonly folder: ValidatorFolder;
  readonly metrics: ValidatorMetrics;
  readonly log: Logger;
  readonly node: ValidatorPackage;
}

function standaloneOptions(
  { values, genesis, key, networkKey, folder, metrics, log, node }: Prepared,
  surroundings: ValidatorSurroundings,
): StandaloneOptions {
  if (key !== null && values.feeRecipient === null)
    log.warn('no --fee-recipient is set: the fees of what this validator builds are lost');
  return {
    genesis,
    signing: key === null ? null : signingWith(key, folder, surroundings),
    directory: folder.layout.data,
    createTransport: (shown, isValidator) =>
      surroundings.createTransport({
        ...values,
        networkKey,
        genesis,
        key: shown,
        isValidator,
        metrics: metrics.network,
        peersPath: folder.layout.peers,
        log,
      }),
    lanes: values.lanes,
    laneThresholdMicroseconds: null,
    cacheBytes: values.cacheMb * 1024 * 1024,
    archive: values.archive,
    feeRecipient: values.feeRecipient ?? ZERO_ADDRESS,
    host: values.rpcHost,
    port: values.rpcPort,
    access: { allowedHosts: values.rpcAllowHost.flat(), corsOrigins: values.rpcCors.flat(), allowControl: false },
    log,
    observer: metrics.node,
    clockWrong: surroundings.clockWrong,
    fatal: (error) =>
      isOfDisk(error, node)
        ? surroundings.fatal(diskError(error, folder.layout.directory, node), EXIT_CODES.dataDirectory)
        : surroundings.fatal(error, EXIT_CODES.failure),
  };
}

function signingWith(
  { publicKey, secretKey }: HeldKey,
  { isAtHome, markHome }: ValidatorFolder,
  { keyActive }: ValidatorSurroundings,
): Signing {
  return {
    key: { publicKey, sign: (digest) => blsSign(secretKey, digest) },
    watchesKey: !isAtHome,
    validating: markHome,
    keyActive,
  };
}

function createLogger(
  node: ValidatorPackage,
  { logLevel, logFormat }: ValidatorSettings,
  { printError, wallMs }: ValidatorSurroundings,
): Logger {
  const levels = node.parseLogLevels(logLevel);
  if (levels === null) {
    throw new ConfigError(
      `log-level: "${logLevel}" is invalid. Give silent, error, warn, info, debug or trace, by module as in info,rpc=debug`,
    );
  }
  const unknown = node.unknownLogModule(levels);
  if (unknown !== null) {
    const hint = unknown.nearest === null ? '' : `; did you mean "${unknown.nearest}"?`;
    throw new ConfigError(`log-level: there is no module "${unknown.name}"${hint}`);
  }
  return node.createLogger({ levels, format: logFormat, write: printError, wallMs });
}

interface Announced {
  readonly running: RunningStandalone;
  /** Null without metrics. */
  readonly metricsUrl: string | null;
  readonly genesis: BuiltGenesis;
  readonly networkKey: NetworkKey;
  readonly settings: LoadedSettings;
}

/** One line, for scripts and service managers. */
function announce(
  { running, metricsUrl, genesis: { genesis, write }, networkKey, settings }: Announced,
  { print, version }: ValidatorSurroundings,
): void {
  const { httpUrl, wsUrl, headNumber } = running;
  const ready = {
    ready: true,
    urls: { http: httpUrl, ws: wsUrl, ...(metricsUrl === null ? {} : { metrics: metricsUrl }) },
    pid: process.pid,
    chainId: Number(genesis.chainId),
    genesisHash: write.blockHash,
    shards: genesis.shardCount,
    validators: genesis.validators.length,
    peerId: networkKey.peerId,
    head: Number(headNumber),
    dataDir: settings.dataDir,
    version,
  };
  print(`${JSON.stringify(ready)}\n`);
}

/** In the reverse order: the folder last. */
function release({ locks }: Held): void {
  for (const lock of locks.splice(0).reverse()) lock.release();
}

function startError(
  error: unknown,
  { rpcHost, rpcPort }: ValidatorSettings,
  dataDir: string,
  node: ValidatorPackage,
): unknown {
  if (error instanceof HeddleError && error.code === 'LISTEN_FAILED') return new PeerAddressError(error.message);
  if (isAddressFailure(error)) return addressError(rpcHost, rpcPort, error, RPC_ADDRESS_FLAGS);
  return isOfDisk(error, node) ? diskError(error, dataDir, node) : error;
}

function diskError(error: unknown, dataDir: string, { isDiskFull }: ValidatorPackage): DataDirectoryError {
  const problem = isDiskFull(error)
    ? 'the disk is full. Nothing is lost or damaged; make room, then start again'
    : errorMessage(error);
  return new DataDirectoryError(dataDir, problem);
}

function isOfDisk(error: unknown, { StorageError, isStorageFailure }: ValidatorPackage): boolean {
  if (error instanceof StorageError || isStorageFailure(error)) return true;
  return /^E(?:NOSPC|ACCES|PERM|ROFS|IO|DQUOT|NOTDIR)$/.test(systemErrorCode(error) ?? '');
}
