import type { Speaker, Speech } from '@heddle/byzantine/without-nodes';
import type { ConsensusMessage, EngineConfig, EpochContext, Input, JournalRecord } from '@heddle/consensus';
import { EPOCH, GENESIS_HASH, HashSignatures, type SeededRandom, verificationContext } from '@heddle/consensus/testing';
import type { Evidence, TupleCertificate, ValidatorIndex } from '@heddle/types';
import { BlockStore } from './block-store.ts';
import { Checks, type ForkPolicy } from './checks.ts';
import type { EngineUnderTest } from './engine-under-test.ts';
import { Events } from './events.ts';
import { MAX_REQUESTS_PER_ENGINE, MAX_VIEWS_PER_ENGINE } from './limits.ts';
import type { NetworkPolicy } from './network.ts';
import { type CutStep, EngineNode, type NodeHost, type SignerKind } from './node.ts';
import type { EngineReport } from './report.ts';
import { RunHash } from './run-hash.ts';
import { speakerTools } from './speaking.ts';
import { EngineViolation } from './violation.ts';

/** Whether a node's process dies in this step. */
export type CrashPolicy = (node: EngineNode) => CutStep | null;

/** One process. Two members with one index are twins: one key that runs twice. */
export interface EngineMember {
  readonly index: ValidatorIndex;
  readonly name: string;
  readonly signer: SignerKind;
  readonly faulty: boolean;
  /** Null = it says what its engine says. */
  readonly actor: Speaker | null;
}

export interface EngineWorldOptions {
  readonly validatorCount: number;
  readonly members: readonly EngineMember[];
  readonly leaders: readonly ValidatorIndex[];
  readonly deltaMs: number;
  readonly capMs: number;
  readonly maxIdleMs: number | null;
  readonly random: SeededRandom;
  readonly network: NetworkPolicy;
  readonly crashes: CrashPolicy;
  /** How long drivers take for an answer; 0 = at once, before anything else happens. */
  readonly answerDelayMs: () => number;
  readonly forks: ForkPolicy;
  readonly engine: EngineUnderTest;
}

/** Engines, their drivers and a network in virtual time. What goes wrong is for whoever drives the world to decide. */
export class EngineWorld implements NodeHost {
  readonly engine: EngineUnderTest;
  readonly events: Events = new Events();
  readonly blocks: BlockStore = new BlockStore();
  readonly signatures: HashSignatures;
  /** For whoever judges evidence. */
  readonly context: EpochContext;
  readonly checks: Checks;
  readonly nodes: readonly EngineNode[];
  readonly honest: readonly EngineNode[];
  network: NetworkPolicy;
  crashes: CrashPolicy;
  answerDelayMs: () => number;
  steps = 0;
  messages = 0;
  readonly #random: SeededRandom;
  readonly #trace: RunHash = new RunHash();
  readonly #faulty: ReadonlySet<ValidatorIndex>;
  readonly #speeches: readonly (Speech | null)[];

  constructor(options: EngineWorldOptions) {
    const { members, validatorCount } = options;
    this.engine = options.engine;
    this.network = options.network;
    this.crashes = options.crashes;
    this.answerDelayMs = options.answerDelayMs;
    this.#random = options.random;
    this.signatures = new HashSignatures(validatorCount);
    this.#faulty = new Set(members.filter(({ faulty }) => faulty).map(({ index }) => index));
    this.context = verificationContext(validatorCount);
    this.checks = new Checks(this.#faulty, this.context, this.blocks, options.forks);
    this.nodes = members.map(({ index, name, signer }, id) => {
      return new EngineNode(id, name, configOf(options, index), signer, this);
    });
    this.honest = this.nodes.filter(({ index }) => !this.#faulty.has(index));
    this.#speeches = this.nodes.map((node) => this.#speechOf(node, members[node.id]?.actor ?? null));
  }

  /** Starts every node, with work to do. */
  start(): void {
    for (const node of this.nodes) {
      node.start();
      node.setWork(true);
    }
  }

  /** The node at `id`. */
  node(id: number): EngineNode {
    const node = this.nodes[id];
    if (node === undefined) throw new EngineViolation('scenario', `there is no node ${id}`);
    return node;
  }

  /** Runs up to `untilMs` or until `done` holds; false when the time ran out first. */
  run(untilMs: number, done: () => boolean): boolean {
    return this.events.run(untilMs, done);
  }

  /** Runs for so long, whatever happens. */
  runFor(durationMs: number): void {
    this.events.run(this.events.nowMs + durationMs, () => false);
  }

  /** Honest validators finalize `views` more views than anyone has entered so far. Throws EngineViolation (progress). */
  expectProgress(views: number, deadlineMs: number): void {
    const target = highest(this.honest.map(({ state }) => state.currentView)) + BigInt(views) - 1n;
    const reached = (): boolean => this.honest.every(({ state, up }) => up && state.finalizedView >= target);
    if (this.run(this.events.nowMs + deadlineMs, reached)) return;
    throw new EngineViolation('progress', `view ${target} is not final after ${deadlineMs} ms\n${this.describe()}`);
  }

  /** Without work: no timer runs, nothing is asked for, everyone has the same final view. Throws EngineViolation (rest). */
  expectRest(deadlineMs: number): void {
    for (const node of this.nodes) node.setWork(false);
    this.runFor(deadlineMs);
    for (const { timers, state } of this.nodes) {
      const still = timers.size === 0 && state.requests.size === 0 && state.currentView === state.finalizedView + 1n;
      if (still && state.finalizedView === this.nodes[0]?.state.finalizedView) continue;
      throw new EngineViolation('rest', this.describe());
    }
  }

  report(scenario: string, seed: number): EngineReport {
    return {
      scenario,
      seed,
      n: this.nodes[0]?.config.validatorCount ?? 0,
      faulty: [...this.#faulty],
      blocks: this.checks.height,
      views: Number(highest(this.honest.map(({ state }) => state.currentView))),
      crashes: this.nodes.reduce((sum, { crashes }) => sum + crashes, 0),
      messages: this.messages,
      steps: this.steps,
      elapsedMs: this.events.nowMs,
      traceHash: this.#trace.digest(),
    };
  }

  /** Where everyone stands, for a violation's message. */
  describe(): string {
    const lines = this.nodes.map(({ name, state, up, timers, config }) => {
      const leader = config.leaders[Number(state.currentView % BigInt(config.validatorCount))];
      const clock = `${state.clock}/${[...timers.keys()].join('+')}`;
      const where = `view ${state.currentView} (leader ${leader}), final ${state.finalizedView}`;
      return `${name}${up ? '' : ' (down)'}: ${where}, ${clock}, ${state.requests.size} requests`;
    });
    return `at ${this.events.nowMs} ms\n${lines.join('\n')}`;
  }

  /** Puts a message on the network as if `from` had said it. */
  say(from: EngineNode, to: ValidatorIndex, message: ConsensusMessage): void {
    const input: Input = { ...message, from: from.index };
    for (const node of this.nodes) if (node.index === to) this.#route(from, node, message, input, 0);
  }

  blockSalt(): number {
    return this.#random.below(1 << 16);
  }

  broadcast(node: EngineNode, message: ConsensusMessage): void {
    if (message.kind === 'vote') this.checks.sent(node, message.vote);
    const input: Input = { ...message, from: node.index };
    for (const to of this.nodes) if (to.index !== node.index) this.#utter(node, to, message, input);
  }

  send(node: EngineNode, to: ValidatorIndex, message: ConsensusMessage): void {
    if (to === node.index) return;
    const input: Input = { ...message, from: node.index };
    for (const target of this.nodes) if (target.index === to) this.#utter(node, target, message, input);
  }

  cutStep(node: EngineNode): CutStep | null {
    return this.crashes(node);
  }

  stepped(node: EngineNode, input: Input, recordCount: number, effectCount: number): void {
    this.steps += 1;
    const { state } = node;
    this.#trace.mix(node.id + (input.kind.length << 8) + (recordCount << 16) + (effectCount << 24));
    this.#trace.mix(this.events.nowMs);
    this.#trace.mix(Number(state.currentView));
    if (state.views.size > MAX_VIEWS_PER_ENGINE || state.requests.size > MAX_REQUESTS_PER_ENGINE) {
      const what = `${node.name} holds ${state.views.size} views and ${state.requests.size} requests`;
      throw new EngineViolation('bounded memory', what);
    }
  }

  journaled(node: EngineNode, record: JournalRecord): void {
    this.checks.journaled(node, record);
  }

  finalized(node: EngineNode, certificate: TupleCertificate): void {
    this.#trace.mixText(certificate.tuple.blockHash);
    this.checks.finalized(node, certificate);
  }

  accused(node: EngineNode, evidence: Evidence): void {
    if (!this.#faulty.has(node.index)) this.checks.accused(evidence);
  }

  #utter(from: EngineNode, to: EngineNode, message: ConsensusMessage, input: Input): void {
    const speech = this.#speeches[from.id] ?? null;
    if (speech === null) {
      this.#route(from, to, message, input, 0);
      return;
    }
    for (const said of speech.say(message, to.index)) {
      this.#route(from, to, said, { ...said, from: from.index }, 0);
    }
  }

  #route(from: EngineNode, to: EngineNode, message: ConsensusMessage, input: Input, delayMs: number): void {
    this.messages += 1;
    const hear = this.#speeches[to.id]?.hear ?? null;
    for (const late of this.network({ from, to, message, atMs: this.events.nowMs })) {
      this.events.after(delayMs + late, () => {
        if (to.up) hear?.(message);
        to.give(input);
      });
    }
  }

  #speechOf(node: EngineNode, actor: Speaker | null): Speech | null {
    if (actor === null) return null;
    const sayLater = (delayMs: number, to: ValidatorIndex, message: ConsensusMessage): void => {
      const input: Input = { ...message, from: node.index };
      for (const target of this.nodes) if (target.index === to) this.#route(node, target, message, input, delayMs);
    };
    return actor.start(speakerTools(node, { random: this.#random, signatures: this.signatures, sayLater }));
  }
}

export function highest(views: readonly bigint[]): bigint {
  return views.reduce((most, view) => (view > most ? view : most), 0n);
}

function configOf(options: EngineWorldOptions, validatorIndex: ValidatorIndex): EngineConfig {
  const { validatorCount, leaders, deltaMs, capMs, maxIdleMs } = options;
  return {
    validatorIndex,
    validatorCount,
    epoch: EPOCH,
    leaders,
    deltaMs,
    capMs,
    maxIdleMs,
    genesisHash: GENESIS_HASH,
  };
}
