import { blsScheme } from '@heddle/consensus';
import { createMemoryHub, MAX_RANGE_BYTES } from '@heddle/network';
import { blsSign } from '@heddle/primitives';
import { createRpcServer, type RpcObserver, type RpcServer } from '@heddle/rpc';
import { systemClock, systemScheduler } from '@heddle/runtime';
import {
  type ChainStore,
  directoryMedium,
  hasSignerFile,
  openValidatorStorage,
  STATE_CACHE_BYTES,
  type ValidatorStorage,
} from '@heddle/storage';
import type { Address } from '@heddle/types';
import { rememberedScheme } from './consensus/remembered-scheme.ts';
import type { DevnetOptions, RunningDevnet } from './devnet-types.ts';
import { isStorageFailure } from './errors.ts';
import { type BuiltGenesis, buildGenesis } from './genesis/genesis-block.ts';
import { type Lanes, openLanes } from './lanes/open-lanes.ts';
import { LANE_THRESHOLD_MICROSECONDS } from './limits.ts';
import type { Logger } from './logger.ts';
import { peerOf } from './peers/peer-names.ts';
import { createRpcBackend } from './rpc-backend/create-backend.ts';
import type { ValidatorSwitch } from './rpc-backend/devnet-control.ts';
import { NodeGroup } from './rpc-backend/node-group.ts';
import { StateAt } from './rpc-backend/state-at.ts';
import { validatorDirectory } from './validator-directory.ts';
import { ValidatorNode } from './validator-node.ts';

/** Starts a whole network in this process: validators with keys, votes, state and stores of their own, behind one RPC. */
export async function startDevnet(options: DevnetOptions): Promise<RunningDevnet> {
  const validators = await DevnetValidators.open(options);
  try {
    await validators.startAll();
    const server = createRpcServer({
      backend: createRpcBackend(validators.group, options, validators),
      host: options.host,
      port: options.port,
      // A devnet is there for any page and tool on this machine; it listens on loopback unless told otherwise.
      corsOrigins: ['*'],
      allowedHosts: ['*'],
      observer: rpcObserver(options.log.child('rpc')),
      nowMs: () => systemClock.monotonicMs(),
    });
    const { url, wsUrl } = await server.start();
    return runningDevnet(validators, server, url, wsUrl);
  } catch (error) {
    await validators.close();
    throw error;
  }
}

function runningDevnet(validators: DevnetValidators, server: RpcServer, httpUrl: string, wsUrl: string): RunningDevnet {
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await server.stop();
    await validators.close();
  };
  return {
    httpUrl,
    wsUrl,
    headNumber: validators.group.primary().chain.tree.root.height,
    residence: (address: Address) => {
      const { chain } = validators.group.primary();
      return new StateAt(chain, chain.tree.root.height).residence(address);
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function rpcObserver(log: Logger): RpcObserver {
  return {
    requestDone: (method, rpcCode, durationMs) => {
      if (log.isEnabled('debug')) log.debug('request', { method, code: rpcCode, ms: Math.round(durationMs) });
    },
    internalError: (method, error) => log.error('internal error', { method, error: asError(error) }),
    connections: (webSockets, subscriptions) => log.debug('connections', { webSockets, subscriptions }),
    connectionCut: (reason) => log.warn('connection cut', { reason }),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The validators of a devnet and what they run on. */
class DevnetValidators implements ValidatorSwitch {
  readonly group: NodeGroup;
  readonly #options: DevnetOptions;
  readonly #genesis: BuiltGenesis;
  /** On disk a stopped validator has its store closed (null); in memory it stays, since closing would forget it. */
  readonly #storages: (ValidatorStorage | null)[];
  /** One memory for all: each is shown the same signatures. Its keys hold the message, which names chain and epoch. */
  readonly #signatureScheme = rememberedScheme(blsScheme);
  /** One set of threads for all: each executes the same chunks at about the same time. */
  readonly #lanes: Lanes;
  readonly #hub = createMemoryHub({ scheduler: systemScheduler });
  /** Validators that are being stopped: none is started on a store that is being closed. */
  #halted: Promise<void> = Promise.resolve();

  private constructor(options: DevnetOptions, genesis: BuiltGenesis, storages: readonly ValidatorStorage[]) {
    this.#options = options;
    this.#genesis = genesis;
    this.#storages = [...storages];
    const thresholdMicroseconds = options.laneThresholdMicroseconds ?? LANE_THRESHOLD_MICROSECONDS;
    this.#lanes = openLanes({ workers: options.lanes, thresholdMicroseconds, clock: systemClock });
    const heads = storages.map((storage) => storage.chain.head().block.header.number);
    this.group = new NodeGroup(heads.reduce((most, head) => (head > most ? head : most)));
    if (options.hasBlocks) return;
    const unsubscribe = this.group.onBlock(() => {
      unsubscribe();
      options.firstBlock();
    });
  }

  static async open(options: DevnetOptions): Promise<DevnetValidators> {
    const genesis = buildGenesis(options.genesis);
    return new DevnetValidators(options, genesis, await openStorages(options, genesis));
  }

  get validatorCount(): number {
    return this.#storages.length;
  }

  async startAll(): Promise<void> {
    for (const index of this.#storages.keys()) await this.start(index);
  }

  async start(index: number): Promise<boolean> {
    const secretKey = this.#options.validatorSecretKeys[index];
    const publicKey = this.#options.genesis.validators[index]?.publicKey;
    if (secretKey === undefined || publicKey === undefined || this.group.running.has(index)) return false;
    await this.#halted;
    const storage =
      this.#storages[index] ?? (await openStorage(this.#options, this.#genesis, index, this.#newestEpoch()));
    this.#storages[index] = storage;
    const node = new ValidatorNode({
      publicKey,
      signDigest: (digest) => blsSign(secretKey, digest),
      genesis: this.#options.genesis,
      genesisHash: this.#genesis.write.blockHash,
      validatorSet: this.#genesis.validatorSet,
      signatureScheme: this.#signatureScheme,
      executor: this.#lanes.executor,
      storage,
      transport: this.#hub.transport(peerOf(publicKey)),
      clock: systemClock,
      scheduler: systemScheduler,
      feeRecipients: this.#options.feeRecipients[index] ?? [],
      maxRangeBytes: MAX_RANGE_BYTES,
      log: this.#options.log.child(`validator-${index}`),
      fatal: (error) => this.#lost(index, error),
    });
    this.group.add(index, node);
    await node.start();
    await node.poolFilled();
    return true;
  }

  async stop(index: number): Promise<boolean> {
    const node = this.group.running.get(index);
    if (node === undefined) return false;
    this.group.remove(index);
    await this.#handOver(node);
    await this.#halt(index, node);
    return true;
  }

  async close(): Promise<void> {
    for (const [index, node] of [...this.group.running]) {
      this.group.remove(index);
      await this.#halt(index, node);
    }
    await this.#lanes.close();
    for (const index of this.#storages.keys()) await this.#closeStorage(index);
  }

  #newestEpoch(): bigint {
    return newestEpoch([...this.group.running.values()].map(({ chain }) => chain.store));
  }

  /** Users gave their transactions to the one RPC, not to this validator: what it has not told the others yet stays. */
  async #handOver(node: ValidatorNode): Promise<void> {
    if (this.group.running.size === 0) return;
    const heir = this.group.primary();
    for (const transaction of node.pool.all()) heir.submit(transaction);
    await heir.submissionsKept();
  }

  #halt(index: number, node: ValidatorNode): Promise<void> {
    const halt = async (): Promise<void> => {
      await node.stop();
      if (this.#options.dataDir !== null) await this.#closeStorage(index);
    };
    const halting = halt();
    this.#halted = Promise.allSettled([this.#halted, halting]).then(() => undefined);
    return halting;
  }

  async #closeStorage(index: number): Promise<void> {
    const storage = this.#storages[index];
    this.#storages[index] = null;
    await storage?.close();
  }

  /**
   * A validator that hit an impossible state, or whose database is damaged, is out; the network goes on while a quorum is
   * left. A failure of the disk ends everything.
   */
  #lost(index: number, error: unknown): void {
    const node = this.group.running.get(index);
    this.group.remove(index);
    this.#options.log.error(`validator ${index} stopped for good`, { error: asError(error) });
    if (isStorageFailure(error)) this.#options.fatal(error);
    else if (node !== undefined) void this.#settleLost(index, node);
  }

  /** Its folder is let go of, so that it can be removed and the validator started again. */
  async #settleLost(index: number, node: ValidatorNode): Promise<void> {
    try {
      await this.#handOver(node);
      await this.#halt(index, node);
    } catch (error) {
      this.#options.log.warn(`validator ${index} did not stop in order`, { error: asError(error) });
    }
  }
}

/** In order. What has been lost is opened last, when the others have told which epoch it is. */
async function openStorages(options: DevnetOptions, genesis: BuiltGenesis): Promise<readonly ValidatorStorage[]> {
  const opened = new Map<number, ValidatorStorage>();
  try {
    const lost: number[] = [];
    for (const index of options.genesis.validators.keys()) {
      if (await hasLostRecords(options, index)) lost.push(index);
      else opened.set(index, await openStorage(options, genesis, index, null));
    }
    const epoch = newestEpoch([...opened.values()].map(({ chain }) => chain));
    for (const index of lost) opened.set(index, await openStorage(options, genesis, index, epoch));
  } catch (error) {
    for (const storage of opened.values()) await storage.close();
    throw error;
  }
  return [...opened].sort(([a], [b]) => a - b).map(([, storage]) => storage);
}

function newestEpoch(chains: readonly ChainStore[]): bigint {
  const epochs = chains.map((chain) => chain.bestFinalization()?.tuple.epoch ?? 0n);
  return epochs.reduce((latest, epoch) => (epoch > latest ? epoch : latest), 0n);
}

async function hasLostRecords({ dataDir, hasBlocks }: DevnetOptions, index: number): Promise<boolean> {
  if (dataDir === null || !hasBlocks) return false;
  return !(await hasSignerFile(directoryMedium(validatorDirectory(dataDir, index))));
}

function openStorage(
  options: DevnetOptions,
  genesis: BuiltGenesis,
  index: number,
  ranInEpoch: bigint | null,
): Promise<ValidatorStorage> {
  const directory = options.dataDir === null ? null : validatorDirectory(options.dataDir, index);
  const cacheBytes = options.cacheBytes ?? STATE_CACHE_BYTES;
  return openValidatorStorage({ directory, genesis: genesis.write }, cacheBytes, ranInEpoch);
}
