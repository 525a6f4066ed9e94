import {
  type ConsensusMessage,
  type Effect,
  type EngineConfig,
  type EngineState,
  type Input,
  type JournalRecord,
  SignerJudge,
  type SignerRecord,
  type TimerKind,
} from '@heddle/consensus';
import { answerCheck, type HashSignatures, hashBlock, makeBlock, signDigest } from '@heddle/consensus/testing';
import type { Evidence, SigningRequest, TupleCertificate, ValidatorIndex } from '@heddle/types';
import type { BlockStore } from './block-store.ts';
import type { EngineUnderTest } from './engine-under-test.ts';
import type { Events } from './events.ts';

/** What a node needs of the world around it. */
export interface NodeHost {
  readonly engine: EngineUnderTest;
  readonly events: Events;
  readonly blocks: BlockStore;
  readonly signatures: HashSignatures;
  /** How long the driver takes for the next answer to an effect; 0 = it is the node's next input. */
  answerDelayMs(): number;
  /** Makes the siblings of one parent differ. */
  blockSalt(): number;
  broadcast(node: EngineNode, message: ConsensusMessage): void;
  send(node: EngineNode, to: ValidatorIndex, message: ConsensusMessage): void;
  /** Whether the process dies in the step that an input has just led to, and how far that step gets. */
  cutStep(node: EngineNode): CutStep | null;
  stepped(node: EngineNode, input: Input, recordCount: number, effectCount: number): void;
  journaled(node: EngineNode, record: JournalRecord): void;
  finalized(node: EngineNode, certificate: TupleCertificate): void;
  accused(node: EngineNode, evidence: Evidence): void;
}

/** How much of a step happens before the process dies: so many records on disk; if all, so many effects. */
export interface CutStep {
  readonly records: number;
  readonly effects: number;
  /** Until it starts again; null = not by itself. */
  readonly downMs: number | null;
}

/**
 * rules: the real signer's rules over records that outlive crashes. none: it signs whatever it is asked, so that the
 * engine's own rules are what is tested.
 */
export type SignerKind = 'rules' | 'none';

/** The driver of one engine in virtual time. Journal, signer records and `lastFinal` outlive a crash, nothing else. */
export class EngineNode {
  readonly id: number;
  readonly name: string;
  readonly config: EngineConfig;
  readonly timers: Map<TimerKind, number> = new Map();
  journal: JournalRecord[] = [];
  readonly signerRecords: SignerRecord[] = [];
  /** What the application has committed. */
  lastFinal: TupleCertificate | null = null;
  state: EngineState;
  up = false;
  crashes = 0;
  /** Effects whose answers never come, by kind: a driver that hangs. */
  readonly hung: Set<Effect['kind']> = new Set();
  readonly #host: NodeHost;
  readonly #signerKind: SignerKind;
  #judge: SignerJudge;
  #answers: Input[] = [];
  #life = 0;
  #timerId = 0;
  #work = false;

  constructor(id: number, name: string, config: EngineConfig, signerKind: SignerKind, host: NodeHost) {
    this.id = id;
    this.name = name;
    this.config = config;
    this.#host = host;
    this.#signerKind = signerKind;
    this.state = host.engine.create(config);
    this.#judge = this.#openSigner();
  }

  get index(): ValidatorIndex {
    return this.config.validatorIndex;
  }

  start(): void {
    this.up = true;
    this.give({ kind: 'start' });
    if (this.#work) this.give({ kind: 'work', pending: true });
  }

  /** From now on, over restarts too. */
  setWork(pending: boolean): void {
    this.#work = pending;
    this.give({ kind: 'work', pending });
  }

  /** The process dies. `downMs` until it starts again; null = not by itself. */
  crash(downMs: number | null): void {
    this.up = false;
    this.crashes += 1;
    this.#life += 1;
    this.timers.clear();
    this.#answers = [];
    if (downMs !== null) this.#host.events.after(downMs, () => this.restart());
  }

  restart(): void {
    if (this.up) return;
    this.#judge = this.#openSigner();
    this.state = this.#host.engine.recover(this.config, this.journal, this.lastFinal);
    this.start();
  }

  /** An input, then the answers that need no time. */
  give(input: Input): void {
    this.#step(input);
    for (let answer = this.#answers.shift(); answer !== undefined; answer = this.#answers.shift()) this.#step(answer);
  }

  #step(input: Input): void {
    if (!this.up) return;
    const next = this.#host.engine.step(this.state, input);
    const { records, effects } = next;
    this.#host.stepped(this, input, records.length, effects.length);
    const crash = this.#host.cutStep(this);
    if (crash === null) {
      if (records.length > 0) this.#append(records);
      this.state = next.state;
      for (const effect of effects) this.#perform(effect);
      return;
    }
    this.#append(records.slice(0, crash.records));
    if (crash.records >= records.length) {
      this.state = next.state;
      for (const effect of effects.slice(0, crash.effects)) this.#perform(effect);
    }
    this.crash(crash.downMs);
  }

  /** What stands before a floor goes once its whole step is there. */
  #append(records: readonly JournalRecord[]): void {
    for (const record of records) {
      this.journal.push(record);
      this.#host.journaled(this, record);
    }
    if (!records.some(({ kind }) => kind === 'floor')) return;
    this.journal = this.journal.slice(this.journal.findLastIndex(({ kind }) => kind === 'floor'));
  }

  /** An answer after a while, unless the process has died meanwhile. */
  #answer(input: Input): void {
    const delayMs = this.#host.answerDelayMs();
    if (delayMs === 0) {
      this.#answers.push(input);
      return;
    }
    const life = this.#life;
    this.#host.events.after(delayMs, () => {
      if (life === this.#life) this.give(input);
    });
  }

  #perform(effect: Effect): void {
    if (this.hung.has(effect.kind)) return;
    switch (effect.kind) {
      case 'broadcast':
        this.#host.broadcast(this, effect.message);
        return;
      case 'send':
        this.#host.send(this, effect.to, effect.message);
        return;
      case 'buildBlock':
        this.#build(effect);
        return;
      case 'verifyBlock':
        this.#verifyBlock(effect);
        return;
      case 'enterView':
        if (this.#work) this.#answer({ kind: 'work', pending: true });
        return;
      case 'sign':
        this.#sign(effect.requestId, effect.request);
        return;
      case 'verifyProposal':
      case 'verifyCertificate':
      case 'aggregate':
        this.#answer(answerCheck(this.#host.signatures, effect));
        return;
      case 'setTimer':
        this.#setTimer(effect.timer, effect.view, effect.delayMs);
        return;
      case 'cancelTimer':
        this.timers.delete(effect.timer);
        return;
      case 'finalized':
        this.lastFinal = effect.certificate;
        this.#host.finalized(this, effect.certificate);
        return;
      case 'evidence':
        this.#host.accused(this, effect.evidence);
        return;
      case 'blockPeer':
        return;
    }
  }

  #build({ view, parentHash }: Extract<Effect, { readonly kind: 'buildBlock' }>): void {
    const { blocks } = this.#host;
    const block = makeBlock(view, this.index, parentHash, blocks.heightAbove(parentHash), this.#host.blockSalt());
    const blockHash = hashBlock(block);
    blocks.add(blockHash, block);
    this.#answer({ kind: 'blockBuilt', view, block, blockHash });
  }

  #verifyBlock({ view, tuple, block }: Extract<Effect, { readonly kind: 'verifyBlock' }>): void {
    const { blockHash, parentHash } = tuple;
    const { blocks } = this.#host;
    const valid = block.view === view && blocks.isValid(block, parentHash, blockHash);
    if (valid) blocks.add(blockHash, block); // durable before the answer [N7]
    this.#answer({ kind: 'blockVerified', view, blockHash, verdict: valid ? 'valid' : 'invalid' });
  }

  #sign(requestId: number, request: SigningRequest): void {
    if (this.#signerKind === 'none') {
      this.#answer({ kind: 'signed', requestId, signature: this.#host.signatures.sign(this.index, request) });
      return;
    }
    const judgement = this.#judge.judge(request);
    if (judgement.kind === 'refused') {
      this.#answer({ kind: 'signRefused', requestId, reason: judgement.reason });
      return;
    }
    if (judgement.kind === 'signed') this.signerRecords.push(judgement.record);
    const { signature } = judgement.kind === 'unrecorded' ? judgement : judgement.record;
    this.#answer({ kind: 'signed', requestId, signature });
  }

  #openSigner(): SignerJudge {
    const sign = (digest: Uint8Array): Uint8Array => signDigest(this.index, digest);
    return new SignerJudge(this.#host.signatures.domain, sign, this.signerRecords);
  }

  #setTimer(timer: TimerKind, view: bigint, delayMs: number): void {
    const id = ++this.#timerId;
    this.timers.set(timer, id);
    this.#host.events.after(delayMs, () => {
      if (this.timers.get(timer) !== id) return;
      this.timers.delete(timer);
      this.give({ kind: 'timer', timer, view });
    });
  }
}
