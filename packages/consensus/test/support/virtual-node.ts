import type { Block, Hash, Proposal, TupleCertificate, ValidatorIndex, Vote } from '@heddle/types';
import {
  type ConsensusMessage,
  createEngine,
  type Effect,
  type EngineConfig,
  type EngineState,
  type Evidence,
  type Input,
  type JournalRecord,
  recoverEngine,
  step,
  type TimerKind,
} from '../../src/index.ts';
import { GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
import {
  aggregate,
  certificateIsGood,
  justificationIsGood,
  leaderSignaturesAreGood,
  voteIsGood,
} from './fake-crypto.ts';
import { FakeSigner } from './fake-signer.ts';
import type { Rng, Scheduler } from './scheduler.ts';

/** What a node needs of the world around it. */
export interface World {
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  /** Every block ever made: what a node could fetch. */
  readonly blocks: Map<Hash, Block>;
  send(from: VirtualNode, to: ValidatorIndex, message: ConsensusMessage): void;
  journaled(node: VirtualNode, record: JournalRecord): void;
  finalized(node: VirtualNode, certificate: TupleCertificate): void;
  accused(node: VirtualNode, evidence: Evidence): void;
  /** Whether this input should crash the node, and how far its step gets. */
  crashPoint(node: VirtualNode): CrashPoint | null;
}

/** How much of a step happens before the process dies: so many records on disk; if all, so many effects. */
export interface CrashPoint {
  readonly records: number;
  readonly effects: number;
  readonly downMs: number;
}

/** The driver of one engine in virtual time. Journal and signer outlive a crash, nothing else does. */
export class VirtualNode {
  readonly config: EngineConfig;
  readonly name: string;
  readonly journal: JournalRecord[] = [];
  readonly timers: Map<TimerKind, number> = new Map();
  state: EngineState;
  up = true;
  lastFinal: TupleCertificate | null = null;
  readonly #world: World;
  readonly #signer: FakeSigner;
  #life = 0;
  #timerId = 0;
  #work = false;

  constructor(config: EngineConfig, name: string, laxSigner: boolean, world: World) {
    this.config = config;
    this.name = name;
    this.state = createEngine(config);
    this.#world = world;
    this.#signer = new FakeSigner(config.validatorIndex, laxSigner);
  }

  start(): void {
    this.up = true;
    this.give({ kind: 'start' });
    if (this.#work) this.give({ kind: 'work', pending: true });
  }

  setWork(pending: boolean): void {
    this.#work = pending;
    this.give({ kind: 'work', pending });
  }

  crash(downMs: number): void {
    this.up = false;
    this.#life += 1;
    this.timers.clear();
    this.#world.scheduler.after(downMs, () => {
      this.state = recoverEngine(this.config, this.journal, this.lastFinal);
      this.start();
    });
  }

  give(input: Input): void {
    if (!this.up) return;
    const next = step(this.state, input);
    const crash = this.#world.crashPoint(this);
    for (const record of next.records.slice(0, crash?.records)) {
      this.journal.push(record);
      this.#world.journaled(this, record);
    }
    if (crash !== null && crash.records < next.records.length) {
      this.crash(crash.downMs);
      return;
    }
    this.state = next.state;
    for (const effect of next.effects.slice(0, crash?.effects)) this.#perform(effect);
    if (crash !== null) this.crash(crash.downMs);
  }

  /** Gives an answer after a while, unless the process has died meanwhile. */
  #later(delayMs: number, answer: () => Input): void {
    const life = this.#life;
    this.#world.scheduler.after(delayMs, () => {
      if (life === this.#life) this.give(answer());
    });
  }

  #perform(effect: Effect): void {
    const n = this.config.validatorCount;
    switch (effect.kind) {
      case 'broadcast':
        for (let to = 0; to < n; to += 1) this.#world.send(this, to, effect.message);
        return;
      case 'send':
        this.#world.send(this, effect.to, effect.message);
        return;
      case 'buildBlock':
        this.#build(effect.view, effect.parentHash);
        return;
      case 'verifyBlock': {
        const verdict = this.#isValid(effect.block, effect.tuple.parentHash, effect.tuple.blockHash)
          ? 'valid'
          : 'invalid';
        const { view, tuple } = effect;
        this.#later(2, () => ({ kind: 'blockVerified', view, blockHash: tuple.blockHash, verdict }));
        return;
      }
      case 'enterView':
        if (this.#work) this.#later(0, () => ({ kind: 'work', pending: this.#work }));
        return;
      case 'sign': {
        const { requestId } = effect;
        const signature = this.#signer.sign(effect.request);
        if (signature === null) {
          this.#later(1, () => ({ kind: 'signRefused', requestId, reason: 'record' }));
          return;
        }
        this.#later(1, () => ({ kind: 'signed', requestId, signature }));
        return;
      }
      case 'verifyProposal': {
        const { requestId, proposal } = effect;
        this.#later(1, () => judge(requestId, proposal, n));
        return;
      }
      case 'verifyCertificate': {
        const { requestId } = effect;
        const valid = certificateIsGood(effect.certificate, n);
        this.#later(1, () => ({ kind: 'verified', requestId, valid }));
        return;
      }
      case 'aggregate':
        this.#aggregate(effect.requestId, effect.votes);
        return;
      case 'setTimer':
        this.#setTimer(effect.timer, effect.view, effect.delayMs);
        return;
      case 'cancelTimer':
        this.timers.delete(effect.timer);
        return;
      case 'finalized':
        this.lastFinal = effect.certificate;
        this.#world.finalized(this, effect.certificate);
        return;
      case 'evidence':
        this.#world.accused(this, effect.evidence);
        return;
      case 'blockPeer':
        return;
    }
  }

  #build(view: bigint, parentHash: Hash): void {
    const number = (this.#world.blocks.get(parentHash)?.header.number ?? 0n) + 1n;
    const block = makeBlock(view, this.config.validatorIndex, parentHash, number, this.#world.rng.below(1000));
    const blockHash = hashBlock(block);
    this.#world.blocks.set(blockHash, block);
    this.#later(3, () => ({ kind: 'blockBuilt', view, block, blockHash }));
  }

  #isValid(block: Block, parentHash: Hash, blockHash: Hash): boolean {
    const parent = this.#world.blocks.get(parentHash);
    const known = parentHash === GENESIS_HASH || parent !== undefined;
    return known && hashBlock(block) === blockHash && block.header.number === (parent?.header.number ?? 0n) + 1n;
  }

  #aggregate(requestId: number, votes: readonly Vote[]): void {
    const badSigners = votes.filter((vote) => !voteIsGood(vote)).map(({ signer }) => signer);
    const result =
      badSigners.length > 0
        ? ({ ok: false, badSigners } as const)
        : ({ ok: true, certificate: aggregate(votes, this.config.validatorCount) } as const);
    this.#later(1, () => ({ kind: 'aggregated', requestId, result }));
  }

  #setTimer(timer: TimerKind, view: bigint, delayMs: number): void {
    const id = ++this.#timerId;
    this.timers.set(timer, id);
    this.#world.scheduler.after(delayMs, () => {
      if (this.timers.get(timer) !== id) return;
      this.timers.delete(timer);
      this.give({ kind: 'timer', timer, view });
    });
  }
}

function judge(requestId: number, proposal: Proposal, n: number): Input {
  if (!leaderSignaturesAreGood(proposal)) return { kind: 'verified', requestId, valid: false };
  if (!justificationIsGood(proposal, n)) return { kind: 'badJustification', requestId };
  return { kind: 'verified', requestId, valid: true };
}
