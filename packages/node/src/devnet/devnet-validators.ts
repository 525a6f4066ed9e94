import { systemClock } from '@heddle/runtime';
import type { Address, ValidatorIndex } from '@heddle/types';
import { isStorageFailure } from '../errors.ts';
import { asError } from '../logger.ts';
import type { OpenValidator } from '../open-validator.ts';
import type { ValidatorSwitch } from '../rpc-backend/devnet-control.ts';
import { groupFaults } from '../rpc-backend/group-faults.ts';
import { NodeGroup } from '../rpc-backend/node-group.ts';
import type { ValidatorNode } from '../validator-node.ts';
import type { Corruption } from './corruption.ts';
import { DevnetClock } from './devnet-clock.ts';
import { DevnetMachines, newestEpoch } from './devnet-machines.ts';
import type { DevnetOptions } from './devnet-options.ts';
import type { NetworkFaults } from './network-faults.ts';

/** The validators of a devnet, which can be stopped and started one by one. */
export class DevnetValidators implements ValidatorSwitch {
  readonly group: NodeGroup;
  /** Of all validators. */
  readonly clock: DevnetClock;
  readonly #options: DevnetOptions;
  readonly #machines: DevnetMachines;
  /** Null for one that has been stopped: its storage is closed. */
  readonly #opened: (OpenValidator | null)[];
  /** Validators that are being stopped: none is started on a store that is being closed. */
  #halted: Promise<void> = Promise.resolve();

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
    const heads = opened.map(({ node }) => node.chain.tree.root.height);
    const head = heads.reduce((most, each) => (each > most ? each : most));
    this.group = new NodeGroup(head, groupFaults(machines.network, machines.corruption));
    for (const { node } of opened) clock.notBefore(node.chain.tree.root.block.header.timestamp);
    this.group.onBlock(({ block }) => clock.blockFinal(block));
    if (options.hasBlocks) return;
    const unsubscribe = this.group.onBlock(() => {
      unsubscribe();
      options.firstBlock();
    });
  }

  /** None is started yet. */
  static async open(options: DevnetOptions): Promise<DevnetValidators> {
    const clock = new DevnetClock(systemClock);
    const machines = new DevnetMachines(options, clock, (index, error) => validators.#lost(index, error));
    const opened = await machines.openAll();
    const validators: DevnetValidators = new DevnetValidators(options, clock, machines, opened);
    return validators;
  }

  get validatorCount(): number {
    return this.#opened.length;
  }

  /** What is wrong with the network between them. */
  get network(): NetworkFaults {
    return this.#machines.network;
  }

  /** Which of them are dishonest. */
  get corruption(): Corruption {
    return this.#machines.corruption;
  }

  setCoinbase(coinbase: Address): void {
    this.#machines.setCoinbase(coinbase);
  }

  async startAll(): Promise<void> {
    for (const index of this.#opened.keys()) await this.start(index);
  }

  async start(index: ValidatorIndex): Promise<boolean> {
    if (this.#opened[index] === undefined || this.group.running.has(index)) return false;
    await this.#halted;
    const validator = this.#opened[index] ?? (await this.#machines.open(index, newestEpoch(this.#running())));
    this.#opened[index] = validator;
    this.group.add(index, validator.node);
    await validator.node.start();
    await validator.node.poolFilled();
    return true;
  }

  async stop(index: ValidatorIndex): Promise<boolean> {
    const node = this.group.running.get(index);
    if (node === undefined) return false;
    this.group.remove(index);
    await this.#handOver(node);
    await this.#halt(index);
    return true;
  }

  async close(): Promise<void> {
    for (const index of this.#opened.keys()) {
      this.group.remove(index);
      await this.#halt(index);
    }
    await this.#machines.close();
  }

  #running(): readonly Pick<OpenValidator, 'node'>[] {
    return [...this.group.running.values()].map((node) => ({ node }));
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
    else if (node !== undefined) void this.#settleLost(index, node);
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
