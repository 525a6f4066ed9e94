import { systemClock } from '@heddle/runtime';
import { StorageDamagedError, type ValidatorStorage } from '@heddle/storage';
import type { Address, ValidatorIndex } from '@heddle/types';
import { isStorageFailure } from '../errors.ts';
import { asError } from '../logger.ts';
import type { OpenValidator } from '../open-validator.ts';
import type { ValidatorSwitch } from '../rpc-backend/devnet-control.ts';
import { NodeGroup } from '../rpc-backend/node-group.ts';
import { RequestGate } from '../rpc-backend/request-gate.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { DevnetClock } from './devnet-clock.ts';
import { DevnetMachines, type DevnetMedia, newestEpoch, openMedia } from './devnet-machines.ts';
import type { DevnetOptions } from './devnet-options.ts';
import { type DevnetChains, DevnetRewinds } from './devnet-rewinds.ts';

/** The validators of a devnet, which can be stopped and started one by one, and whose chains can be taken back together. */
export class DevnetValidators implements ValidatorSwitch, DevnetChains {
  readonly group: NodeGroup;
  /** Of all validators. */
  readonly clock: DevnetClock;
  /** Every request of RPC is let in here. */
  readonly gate: RequestGate;
  readonly rewinds: DevnetRewinds;
  readonly #options: DevnetOptions;
  readonly #machines: DevnetMachines;
  /** Null for one that has been stopped: its storage is closed. */
  readonly #opened: (OpenValidator | null)[];
  /** Validators that are being stopped: none is started on a store that is being closed. */
  #halted: Promise<void> = Promise.resolve();
  /** What changes which validators are open: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    options: DevnetOptions,
    clock: DevnetClock,
    machines: DevnetMachines,
    opened: readonly OpenValidator[],
  ) {
    this.#options = options;
    this.clock = clock;
    this.#machines = machines;
    this.#opened = [...opened];
    this.gate = new RequestGate(machines.scheduler);
    this.rewinds = new DevnetRewinds(this, machines);
    const heads = opened.map(({ node }) => node.chain.tree.root.height);
    this.group = new NodeGroup(heads.reduce((most, head) => (head > most ? head : most)));
    for (const { node } of opened) clock.notBefore(node.chain.tree.root.block.header.timestamp);
    this.group.onBlock(({ block }) => clock.blockFinal(block));
    if (options.hasBlocks) return;
    const unsubscribe = this.group.onBlock(() => {
      unsubscribe();
      options.firstBlock();
    });
  }

  /** None is started yet. */
  static async open(options: DevnetOptions, media: DevnetMedia = openMedia(options)): Promise<DevnetValidators> {
    const clock = new DevnetClock(systemClock);
    const machines = new DevnetMachines(options, media, clock, (index, error) => validators.#lost(index, error));
    const opened = await machines.openAll();
    const validators: DevnetValidators = new DevnetValidators(options, clock, machines, opened);
    return validators;
  }

  get validatorCount(): number {
    return this.#opened.length;
  }

  setCoinbase(coinbase: Address): void {
    this.#machines.setCoinbase(coinbase);
  }

  async startAll(): Promise<void> {
    for (const index of this.#opened.keys()) await this.start(index);
  }

  start(index: ValidatorIndex): Promise<boolean> {
    return this.#inTurn(() => this.#start(index));
  }

  stop(index: ValidatorIndex): Promise<boolean> {
    return this.#inTurn(() => this.#stop(index));
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const index of this.#opened.keys()) {
        this.group.remove(index);
        await this.#halt(index);
      }
      await this.#machines.close();
    });
  }

  running(): readonly ValidatorStorage[] {
    return this.#opened.flatMap((validator, index) =>
      validator !== null && this.group.running.has(index) ? [validator.storage] : [],
    );
  }

  withAll<Result>(use: (storages: readonly ValidatorStorage[]) => Promise<Result>): Promise<Result> {
    return this.#inTurn(() => this.#withStopped(use));
  }

  whileAllStand(take: (storages: readonly ValidatorStorage[]) => Promise<void>): Promise<void> {
    return this.#inTurn(() => this.gate.closedFor(() => this.#whileAllStand(take)));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #start(index: ValidatorIndex): Promise<boolean> {
    if (this.#opened[index] === undefined || this.group.running.has(index)) return false;
    await this.#halted;
    const validator = this.#opened[index] ?? (await this.#machines.open(index, newestEpoch(this.running())));
    this.#opened[index] = validator;
    this.group.add(index, validator.node);
    await validator.node.start();
    await validator.node.poolFilled();
    return true;
  }

  async #stop(index: ValidatorIndex): Promise<boolean> {
    const node = this.group.running.get(index);
    if (node === undefined) return false;
    this.group.remove(index);
    await this.#handOver(node);
    await this.#halt(index);
    return true;
  }

  /** Stopped ones are opened for it, and closed again. */
  async #withStopped<Result>(use: (storages: readonly ValidatorStorage[]) => Promise<Result>): Promise<Result> {
    await this.#halted;
    const epoch = newestEpoch(this.running());
    const stopped: ValidatorStorage[] = [];
    try {
      const all: ValidatorStorage[] = [];
      for (const [index, validator] of this.#opened.entries()) {
        const storage = validator?.storage ?? (await this.#openStopped(index, epoch));
        if (storage === null) continue;
        if (validator === null) stopped.push(storage);
        all.push(storage);
      }
      return await use(all);
    } finally {
      for (const storage of stopped) await storage.close();
    }
  }

  /** Null where its chain is damaged: its folder has to be removed, and then it begins anew. */
  async #openStopped(index: ValidatorIndex, epoch: bigint): Promise<ValidatorStorage | null> {
    try {
      return await this.#machines.openStorage(index, epoch);
    } catch (error) {
      if (!(error instanceof StorageDamagedError)) throw error;
      this.#options.log.warn(`validator ${index} is left out`, { error });
      return null;
    }
  }

  async #whileAllStand(take: (storages: readonly ValidatorStorage[]) => Promise<void>): Promise<void> {
    const ran = new Set(this.group.running.keys());
    this.group.suspend();
    try {
      await Promise.all(this.#opened.map((validator) => validator?.node.stop()));
      await this.#withStopped(take);
      for (const [index, validator] of this.#opened.entries()) {
        if (validator !== null) this.#opened[index] = await this.#machines.openNode(index, validator.storage);
      }
    } catch (error) {
      // Some may be here and some there: only the next start makes it whole.
      this.#options.fatal(error);
      throw error;
    }
    await this.#goOn(ran);
  }

  /** Only now anybody sees them. */
  async #goOn(ran: ReadonlySet<ValidatorIndex>): Promise<void> {
    const nodes = [...this.#opened.entries()].flatMap(([index, validator]) =>
      validator !== null && ran.has(index) ? [{ index, node: validator.node }] : [],
    );
    const heads = nodes.map(({ node }) => node.chain.tree.root.height);
    this.group.resume(heads.reduce((most, head) => (head > most ? head : most), 0n));
    for (const { index, node } of nodes) this.group.add(index, node);
    await Promise.all(nodes.map(({ node }) => node.start()));
  }

  /** Users gave their transactions to the one RPC, not to this validator: what it has not told the others yet stays. */
  async #handOver(node: ValidatorNode): Promise<void> {
    if (this.group.running.size === 0) return;
    const heir = this.group.primary();
    for (const transaction of node.pool.all()) heir.submit(transaction);
    await heir.submissionsKept();
  }

  #halt(index: ValidatorIndex): Promise<void> {
    const halt = async (): Promise<void> => {
      await this.#opened[index]?.close();
      this.#opened[index] = null;
    };
    const halting = halt();
    this.#halted = Promise.allSettled([this.#halted, halting]).then(() => undefined);
    return halting;
  }

  /**
   * A validator that hit an impossible state, or whose database is damaged, is out; the network goes on while a quorum is
   * left. A failure of the disk ends everything.
   */
  #lost(index: ValidatorIndex, error: unknown): void {
    const node = this.group.running.get(index);
    this.group.remove(index);
    this.#options.log.error(`validator ${index} stopped for good`, { error: asError(error) });
    if (isStorageFailure(error)) this.#options.fatal(error);
    else if (node !== undefined) void this.#inTurn(() => this.#settleLost(index, node));
  }

  /** Its folder is let go of, so that it can be removed and the validator started again. */
  async #settleLost(index: ValidatorIndex, node: ValidatorNode): Promise<void> {
    try {
      await this.#handOver(node);
      await this.#halt(index);
    } catch (error) {
      this.#options.log.warn(`validator ${index} did not stop in order`, { error: asError(error) });
    }
  }
}
