import type { Block, Hash, ValidatorIndex } from '@heddle/types';
import { type ConsensusMessage, seededPermutation } from '../../src/index.ts';
import { GENESIS_HASH } from './blocks.ts';
import { EvidenceSearch } from './evidence-search.ts';
import { Invariants } from './invariants.ts';
import { Rng, Scheduler } from './scheduler.ts';
import { type CrashPoint, VirtualNode, type World } from './virtual-node.ts';

export interface SimulationOptions {
  readonly n: number;
  readonly seed: number;
  /** Validators whose key runs twice, each half of the network hearing one of the two more often. */
  readonly twins: number;
  readonly lossRate: number;
  readonly maxDelayMs: number;
  readonly crashRate: number;
  /** When chaos ends, virtual milliseconds. */
  readonly stableAtMs: number;
  readonly maxIdleMs: number | null;
}

export interface SimulationResult {
  readonly height: number;
  readonly steps: number;
  /** Virtual milliseconds from the end of chaos until everyone had finalized the blocks asked for. */
  readonly recoveryMs: number;
  /** Validators that something said in this run convicts. */
  readonly convicted: number;
}

const DELTA_MS = 200;
const CAP_MS = 4000;
const BLOCKS_AFTER_CHAOS = 4;
const DEADLINE_MS = 120_000;

/** One seeded run: chaos, then a quiet network that has to make progress and, with work gone, come to rest. */
export function simulate(options: SimulationOptions): SimulationResult {
  const run = new Run(options);
  return run.execute();
}

class Run implements World {
  readonly scheduler: Scheduler = new Scheduler();
  readonly rng: Rng;
  readonly blocks: Map<Hash, Block> = new Map();
  readonly #options: SimulationOptions;
  readonly #nodes: readonly VirtualNode[];
  readonly #invariants: Invariants;
  readonly #search: EvidenceSearch;
  #steps = 0;
  #chaos = true;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.rng = new Rng(options.seed);
    const { n, twins, maxIdleMs, crashRate } = options;
    this.#search = new EvidenceSearch(n);
    const lax = crashRate === 0; // without crashes the engine alone has to keep the vote rules
    const leaders = seededPermutation(Uint8Array.of(options.seed & 255, options.seed >> 8), n);
    const make = (validatorIndex: ValidatorIndex, suffix: string): VirtualNode => {
      const fixed = {
        validatorCount: n,
        epoch: 3n,
        leaders,
        deltaMs: DELTA_MS,
        capMs: CAP_MS,
        genesisHash: GENESIS_HASH,
      };
      return new VirtualNode({ ...fixed, validatorIndex, maxIdleMs }, `${validatorIndex}${suffix}`, lax, this);
    };
    const first = Array.from({ length: n }, (_, index) => make(index, index < twins ? 'a' : ''));
    this.#nodes = [...first, ...Array.from({ length: twins }, (_, index) => make(index, 'b'))];
    const faulty = new Set(Array.from({ length: twins }, (_, index) => index));
    this.#invariants = new Invariants(new Set(this.#honest().map(({ name }) => name)), faulty, this.blocks);
  }

  execute(): SimulationResult {
    for (const node of this.#nodes) {
      node.start();
      node.setWork(true);
    }
    this.scheduler.run(this.#options.stableAtMs, () => false);
    this.#chaos = false;
    const from = this.#honest().reduce(
      (most, { state }) => (state.finalizedView > most ? state.finalizedView : most),
      0n,
    );
    const target = this.#invariants.height + BLOCKS_AFTER_CHAOS;
    const caughtUp = (): boolean =>
      this.#invariants.height >= target && this.#honest().every(({ state, up }) => up && state.finalizedView > from);
    const deadlineMs = this.scheduler.nowMs + DEADLINE_MS;
    if (!this.scheduler.run(deadlineMs, caughtUp)) throw new Error(`no progress: ${this.#describe()}`);
    const recoveryMs = this.scheduler.nowMs - this.#options.stableAtMs;
    this.#comeToRest();
    return { height: this.#invariants.height, steps: this.#steps, recoveryMs, convicted: this.#convict() };
  }

  /** Nothing that was ever said may convict an honest validator, whoever puts it together. */
  #convict(): number {
    const convicted = this.#search.convicted();
    for (const index of convicted) {
      if (index >= this.#options.twins) throw new Error(`honest validator ${index} convicted: ${this.#describe()}`);
    }
    return convicted.size;
  }

  /** Without work and without faults: no timer runs, and everyone has the same final view. */
  #comeToRest(): void {
    if (this.#options.twins > 0 || this.#options.maxIdleMs !== null) return;
    for (const node of this.#nodes) node.setWork(false);
    this.scheduler.run(this.scheduler.nowMs + DEADLINE_MS, () => false);
    const [first] = this.#nodes;
    for (const { timers, state } of this.#nodes) {
      const rests = timers.size === 0 && state.requests.size === 0 && state.currentView === state.finalizedView + 1n;
      if (!rests || state.finalizedView !== first?.state.finalizedView) throw new Error(`no rest: ${this.#describe()}`);
    }
  }

  send(from: VirtualNode, to: ValidatorIndex, message: ConsensusMessage): void {
    const sender = from.config.validatorIndex;
    this.#search.hear(message);
    for (const node of this.#nodes) {
      if (node.config.validatorIndex !== to || to === sender) continue;
      const late = this.#chaos ? this.rng.below(this.#options.maxDelayMs) : 5 + this.rng.below(40);
      if (this.#chaos && this.rng.chance(this.#options.lossRate)) continue;
      this.scheduler.after(1 + late, () => node.give({ ...message, from: sender }));
    }
  }

  journaled(node: VirtualNode, record: Parameters<World['journaled']>[1]): void {
    this.#invariants.journaled(node.name, record);
  }

  finalized(node: VirtualNode, certificate: Parameters<World['finalized']>[1]): void {
    if (this.#honest().includes(node)) this.#invariants.finalized(certificate);
  }

  accused(_node: VirtualNode, evidence: Parameters<World['accused']>[1]): void {
    this.#invariants.accused(evidence);
  }

  crashPoint(): CrashPoint | null {
    this.#steps += 1;
    if (!this.#chaos || !this.rng.chance(this.#options.crashRate)) return null;
    const whole = Number.POSITIVE_INFINITY;
    const records = this.rng.chance(0.5) ? this.rng.below(3) : whole;
    return { records, effects: this.rng.below(6), downMs: 10 + this.rng.below(3000) };
  }

  #honest(): readonly VirtualNode[] {
    return this.#nodes.filter(({ config }) => config.validatorIndex >= this.#options.twins);
  }

  #describe(): string {
    const views = this.#nodes.map(({ name, state, up, timers, config }) => {
      const clock = `${state.clock}/${[...timers.keys()].join('+')}`;
      const leader = config.leaders[Number(state.currentView % BigInt(config.validatorCount))];
      return `${name}${up ? '' : ' down'}: view ${state.currentView} (leader ${leader}) final ${state.finalizedView} ${clock}`;
    });
    return `${JSON.stringify(this.#options)}\n${views.join('\n')}`;
  }
}
