import type { Actor } from '@heddle/byzantine';
import type { ExecutedBlock } from '@heddle/node';
import { createVirtualTime, Dice, type VirtualTime } from '@heddle/runtime';
import type { Hash, ValidatorIndex } from '@heddle/types';
import { type Checker, createCheckers, type Invariant } from '../checkers/checker.ts';
import { UnknownNameError, ViolationError } from '../errors.ts';
import { describeEvent } from './describe-event.ts';
import { MachineDisk } from './disk.ts';
import type { LiveMachine, WorldEvent, WorldView } from './events.ts';
import { type SimulatedGenesis, START_SECONDS, simulatedGenesis } from './genesis.ts';
import { Machine } from './machine.ts';
import { Owner } from './owner.ts';
import { Registry } from './registry.ts';
import { type SeedPlan, STREAMS } from './seed-plan.ts';
import { SimNetwork } from './sim-network.ts';
import type { Trace } from './trace.ts';
import { Users } from './users.ts';

/** One simulated network: machines, the network between them, users, and the checkers that watch. */
export class NodeWorld implements WorldView {
  readonly plan: SeedPlan;
  readonly genesis: SimulatedGenesis;
  readonly time: VirtualTime = createVirtualTime({ startWallMs: Number(START_SECONDS) * 1_000 });
  /** What the scenario draws from. */
  readonly dice: Dice;
  readonly network: SimNetwork;
  readonly users: Users;
  readonly registry: Registry;
  /** Null where nobody submits control operations. */
  readonly owner: Owner | null;
  readonly trace: Trace;
  readonly byzantine: Set<ValidatorIndex> = new Set();
  readonly tried: Map<ValidatorIndex, Actor> = new Map();
  readonly machines: readonly Machine[];
  /** Told of each event after the checkers. */
  readonly listeners: ((event: WorldEvent) => void)[] = [];
  readonly #heights = new Map<ValidatorIndex, bigint>();
  readonly #checkers: readonly Checker[];
  #delivered = 0;
  #inSections = 0;
  #controls = 0;
  #countedHeight = 0n;
  #wantedHeight = 0n;
  #violation: ViolationError | null = null;

  constructor(plan: SeedPlan, invariants: readonly Invariant[], trace: Trace) {
    const genesis = simulatedGenesis(plan);
    this.plan = plan;
    this.genesis = genesis;
    this.trace = trace;
    this.dice = Dice.of(plan.seed, STREAMS.scenario);
    this.network = new SimNetwork(genesis.peers, this.time, Dice.of(plan.seed, STREAMS.network), trace);
    const actorDice = Dice.of(plan.seed, STREAMS.actors);
    const ports = {
      plan,
      genesis,
      time: this.time,
      network: this.network,
      actorDice,
      emit: (event: WorldEvent) => this.#emit(event),
      brokeDown: (machine: ValidatorIndex, error: unknown) =>
        this.fail(new ViolationError('no-breakdown', `validator ${machine} could not go on: ${describe(error)}`)),
    };
    const diskDice = Dice.of(plan.seed, STREAMS.disks);
    this.machines = genesis.candidates.map((_, index) => {
      return new Machine(index, new MachineDisk(genesis.built, this.time, diskDice), ports);
    });
    this.registry = new Registry(genesis, (call) => this.users.changeRegistry(call));
    this.users = new Users({
      genesis,
      time: this.time,
      dice: Dice.of(plan.seed, STREAMS.users),
      nodes: () => this.machines.flatMap(({ node }) => (node === null ? [] : [node])),
      submitted: (transaction) => this.#emit({ kind: 'submitted', transaction }),
    });
    this.owner = plan.owner ? this.#createOwner() : null;
    this.#checkers = createCheckers(invariants, this);
  }

  get violation(): ViolationError | null {
    return this.#violation;
  }

  get faultBound(): number {
    return Math.floor((this.plan.validators - 1) / 3);
  }

  get slowdown(): number {
    return this.machines.reduce((most, { slowdown }) => Math.max(most, slowdown), 0);
  }

  /** Highest final block of any honest machine. */
  get height(): bigint {
    return [...this.#heights.values()].reduce((most, height) => (height > most ? height : most), 0n);
  }

  get delivered(): number {
    return this.#delivered;
  }

  /** Transactions that sections of final blocks have executed. */
  get inSections(): number {
    return this.#inSections;
  }

  /** Control blocks that are final. */
  get controls(): number {
    return this.#controls;
  }

  /** Every honest machine runs and has the block at `height`. */
  hasEverywhere(height: bigint): boolean {
    return this.machines.every(
      ({ index, node, isHonest }) => !isHonest || (node !== null && (this.#heights.get(index) ?? 0n) >= height),
    );
  }

  nowMs(): number {
    return this.time.clock.monotonicMs();
  }

  live(): readonly LiveMachine[] {
    return this.machines.flatMap(({ index, node, isHonest }) =>
      node === null || !isHonest ? [] : [{ index, chain: node.chain, footprint: node.footprint, pool: node.pool }],
    );
  }

  isBlocked(by: ValidatorIndex, peer: ValidatorIndex): boolean {
    return this.machine(by).node?.blockedPeers.has(this.machine(peer).peer) ?? false;
  }

  waiting(): readonly Hash[] {
    return this.users.waiting();
  }

  machine(index: ValidatorIndex): Machine {
    const machine = this.machines[index];
    if (machine === undefined) throw new UnknownNameError('validator', index);
    return machine;
  }

  /** From its next start on the validator follows the actor, and everybody knows that it may. */
  corrupt(index: ValidatorIndex, actor: Actor): void {
    this.byzantine.add(index);
    this.machine(index).corrupt(actor);
  }

  /** Machines that run, honest or not. */
  running(): readonly Machine[] {
    return this.machines.filter(({ node }) => node !== null);
  }

  start(index: ValidatorIndex): void {
    this.machine(index).start(() => this.#wantedHeight);
  }

  startAll(): void {
    for (const { index } of this.machines) this.start(index);
  }

  /** All machines together make blocks up to so many above the highest, even without work. */
  wantBlocks(count: bigint): void {
    this.#wantedHeight = this.height + count;
    for (const { node } of this.machines) node?.wantHeight(this.#wantedHeight);
  }

  /** Lets so much time pass, or stops at the first violation. */
  async pass(durationMs: number): Promise<void> {
    await this.until(() => false, durationMs);
  }

  /** Lets time run until `done`, a violation, or the limit; returns `done()`. */
  async until(done: () => boolean, limitMs: number): Promise<boolean> {
    const endMs = this.nowMs() + limitMs;
    const isOver = await this.time.runUntilAsync(() => this.#violation !== null || done(), limitMs);
    if (this.#violation !== null) throw this.#violation;
    // What is due later has not run; the clock still has to stand at the end of the wait.
    if (!isOver) await this.time.advanceAsync(endMs - this.nowMs());
    return isOver;
  }

  /** GST: the network is good, every machine runs, disks and event loops too. Clocks stay as wrong as they are. */
  heal(): void {
    this.network.heal();
    for (const machine of this.machines) {
      machine.disk.failure = null;
      machine.disk.delayMs = () => 0;
      this.start(machine.index);
    }
    this.#emit({ kind: 'healed' });
  }

  fail(violation: ViolationError): void {
    this.#violation ??= violation;
  }

  finish(): void {
    for (const checker of this.#checkers) checker.finish();
  }

  /** Where each machine stands, for messages. */
  describe(): string {
    return this.machines
      .map(({ index, node, isHonest }) => {
        const kind = isHonest ? '' : ' (byzantine)';
        if (node === null) return `${index}${kind}: down`;
        return `${index}${kind}: block ${node.chain.tree.root.height}, ${node.pool.size} pooled`;
      })
      .join('; ');
  }

  /** Ends every process. */
  close(): void {
    for (const machine of this.machines) machine.kill();
  }

  #createOwner(): Owner {
    return new Owner({
      genesis: this.genesis,
      time: this.time,
      dice: Dice.of(this.plan.seed, STREAMS.owner),
      nodes: () => this.machines.flatMap(({ node }) => (node === null ? [] : [node])),
      submitted: (submission) => this.#emit({ kind: 'controlSubmitted', submission }),
    });
  }

  #emit(event: WorldEvent): void {
    this.trace.add(`${this.nowMs()} ${describeEvent(event)}`);
    if (event.kind === 'started') this.#heights.set(event.machine, event.chain.tree.root.height);
    if (event.kind === 'final') {
      this.#heights.set(event.machine, event.block.height);
      this.users.onFinal(event.block);
      this.owner?.onFinal(event.block);
      this.#count(event.block);
    }
    try {
      for (const checker of this.#checkers) checker.on(event);
    } catch (error) {
      if (!(error instanceof ViolationError)) throw error;
      this.fail(error);
    }
    for (const listener of this.listeners) listener(event);
  }

  /** Each height once, on whichever honest machine it is final first. */
  #count({ height, shards, section }: ExecutedBlock): void {
    if (height <= this.#countedHeight) return;
    this.#countedHeight = height;
    for (const { executed } of shards) this.#delivered += executed?.outcome.delivered.length ?? 0;
    this.#inSections += section?.outcome.executed.length ?? 0;
    if (section !== null && section.control !== null) this.#controls += 1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
