import {
  type ChunkProtocolState,
  type ConsensusMessage,
  createChunkProtocol,
  type EngineConfig,
  journalHead,
  recoverEngine,
  statusOf,
} from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Chunk, Endorsement, Status } from '@heddle/types';
import { ChunkDriver } from '../consensus/chunk-driver.ts';
import { ChunkProducer } from '../consensus/chunk-producer.ts';
import { DroppedInputs } from '../consensus/dropped-inputs.ts';
import { EffectPerformer } from '../consensus/effect-performer.ts';
import { InputQueue } from '../consensus/input-queue.ts';
import { ProposalJudge } from '../consensus/proposal-judge.ts';
import { Proposer } from '../consensus/proposer.ts';
import { ViewTimers } from '../consensus/timers.ts';
import { ViewDriver } from '../consensus/view-driver.ts';
import { VIEW_TIMEOUT_CAP_MS } from '../limits.ts';
import type { EpochRuntime } from './epoch-runtime.ts';
import type { MemberInputs, MemberParts } from './member-parts.ts';

/**
 * A validator in one epoch: engine, chunk protocol, signer and journal, wired by hand. The way of a block:
 * InputQueue → step → EffectPerformer → (ViewDriver, ChunkDriver, Proposer, ProposalJudge) → finalized.
 */
export class Member implements EpochRuntime {
  readonly #parts: MemberParts;
  readonly #timers: ViewTimers;
  readonly #chunkDriver: ChunkDriver;
  readonly #views: ViewDriver;
  readonly #proposer: Proposer;
  readonly #queue: InputQueue;

  /**
   * Recovers from the journal; a fresh one says first whose it is, so that no other epoch or chain takes it for its own.
   * Throws InvalidJournalError for the journal of another.
   */
  static async open(parts: MemberParts): Promise<Member> {
    const member = new Member(parts);
    const { journal, validators } = parts;
    if (journal.replay().length === 0) {
      await journal.append([journalHead(engineConfig(parts), validators.set.hash)]);
    }
    return member;
  }

  private constructor(parts: MemberParts) {
    const { scheduler, link, log } = parts;
    const inputs: MemberInputs = {
      engine: (input) => this.#queue.push(input),
      chunks: (input) => this.#chunkDriver.push(input),
    };
    const timers = new ViewTimers(scheduler, (timer, view) => inputs.engine({ kind: 'timer', timer, view }));
    const producer = new ChunkProducer(parts);
    const proposer = new Proposer({ ...parts, inputs });
    const views = new ViewDriver({ ...parts, inputs, proposer, timers }, () =>
      link.broadcast({ kind: 'status', status: this.status() }),
    );
    const judge = new ProposalJudge(parts);
    const performer = new EffectPerformer({ ...parts, inputs, timers, judge, proposer, views });
    const dropped = new DroppedInputs(log.child('inputs'));
    this.#parts = parts;
    this.#timers = timers;
    this.#views = views;
    this.#proposer = proposer;
    this.#chunkDriver = new ChunkDriver(chunkProtocol(parts), { ...parts, producer, proposer });
    this.#queue = new InputQueue(recoveredEngine(parts), { ...parts, performer, dropped });
  }

  start(): void {
    this.#queue.start();
    const best = this.#queue.state.finalization;
    if (best !== null) this.#parts.catchUp.finalized(best);
  }

  stop(): Promise<void> {
    const written = this.#queue.stop();
    this.#chunkDriver.stop();
    this.#views.stop();
    this.#timers.cancelAll();
    return written;
  }

  status(): Status {
    return statusOf(this.#queue.state);
  }

  get views(): number {
    return this.#queue.state.views.size;
  }

  get heldBytes(): number {
    return this.#queue.heldBytes;
  }

  /** The engine is to forget what it has of the peer, and the link reads no more of it: not even until the engine says so. */
  blame(peer: PeerId, reason: string): void {
    const { validators, blocked } = this.#parts;
    const index = validators.indexOf(peer);
    if (index !== null) this.#queue.push({ kind: 'peerFault', peer: index, reason });
    blocked.add(peer, reason);
  }

  receive(from: PeerId, message: ConsensusMessage, bytes: number): void {
    const index = this.#parts.validators.indexOf(from);
    if (index !== null) this.#queue.push({ ...message, from: index }, bytes);
    else if (message.kind === 'status') this.#tellObserver(from, message.status);
  }

  receiveChunk(from: PeerId, chunk: Chunk, bytes: number): void {
    const announcement = this.#parts.intake.take(from, chunk, bytes);
    if (announcement !== null) this.#chunkDriver.push({ kind: 'chunk', announcement });
  }

  receiveEndorsement(from: PeerId, endorsement: Endorsement): void {
    const index = this.#parts.validators.indexOf(from);
    if (index !== null) this.#chunkDriver.push({ kind: 'endorsement', from: index, endorsement });
  }

  finalized(height: bigint): void {
    this.#chunkDriver.push({ kind: 'finalized', height });
  }

  controlSubmitted(): void {
    this.#proposer.controlSubmitted();
  }

  work(pending: boolean): void {
    this.#queue.push({ kind: 'work', pending });
    this.#chunkDriver.push({ kind: 'work', pending });
  }

  /** The engine speaks to members only; who looks on gets what is final, and nothing of theirs is believed. */
  #tellObserver(peer: PeerId, { bestFinalization: known }: Status): void {
    const { finalization } = this.#queue.state;
    if (finalization === null || (known !== null && known.tuple.view >= finalization.tuple.view)) return;
    this.#parts.link.send(peer, { kind: 'certificate', certificate: finalization });
  }
}

function chunkProtocol({ self, validators, chain }: MemberParts): ChunkProtocolState {
  return createChunkProtocol({
    validatorIndex: self,
    validatorCount: validators.size,
    shardCount: chain.genesis.shardCount,
    producers: validators.producers,
    chunkDeadlineMs: chain.genesis.chunkDeadlineMs,
  });
}

function recoveredEngine(parts: MemberParts): ReturnType<typeof recoverEngine> {
  const { journal, chain, validators } = parts;
  return recoverEngine(engineConfig(parts), journal.replay(), chain.store.finalizationOf(validators.epoch));
}

function engineConfig({ self, validators, base, leaders, chain }: MemberParts): EngineConfig {
  const { deltaMs, maxIdleMs } = chain.genesis;
  return {
    validatorIndex: self,
    validatorCount: validators.size,
    epoch: validators.epoch,
    leaders,
    deltaMs,
    capMs: Math.max(VIEW_TIMEOUT_CAP_MS, deltaMs),
    maxIdleMs,
    genesisHash: base.hash,
  };
}
