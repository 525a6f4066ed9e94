import {
  type ConsensusMessage,
  createChunkProtocol,
  type EngineConfig,
  type Journal,
  journalHead,
  leaderOf,
  recoverEngine,
  type Signer,
  statusOf,
} from '@heddle/consensus';
import type { TransactionPool } from '@heddle/mempool';
import type { PeerId } from '@heddle/network';
import type { Clock, Scheduler } from '@heddle/runtime';
import { home } from '@heddle/sharding';
import {
  type Address,
  type AnyEvidence,
  type Chunk,
  type Endorsement,
  type Status,
  type TupleCertificate,
  type ValidatorIndex,
  ZERO_ADDRESS,
} from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import type { ChunkExecution } from '../chain/chunk-execution.ts';
import { ChunkDriver } from '../consensus/chunk-driver.ts';
import type { ChunkIntake } from '../consensus/chunk-intake.ts';
import { DropCounter } from '../consensus/drop-counter.ts';
import { EffectPerformer, EXTENDED_TIMERS } from '../consensus/effect-performer.ts';
import { InputQueue } from '../consensus/input-queue.ts';
import { ProposalJudge } from '../consensus/proposal-judge.ts';
import { Proposer } from '../consensus/proposer.ts';
import { ViewTimers } from '../consensus/timers.ts';
import { ViewDriver } from '../consensus/view-driver.ts';
import type { WorkMonitor } from '../consensus/work-monitor.ts';
import { VIEW_TIMEOUT_CAP_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import type { PeerLink } from '../peers/peer-link.ts';
import type { EpochRuntime } from './epoch-runtime.ts';
import type { EpochValidators } from './epoch-validators.ts';
import { type EpochBase, epochLeaders } from './leaders.ts';

/** What a member needs for one epoch. The first part is the epoch's own, the rest outlives it. */
export interface MemberPorts {
  /** This validator in the epoch's set. */
  readonly self: ValidatorIndex;
  readonly validators: EpochValidators;
  readonly base: EpochBase;
  /** Of this epoch alone. */
  readonly journal: Journal;
  /** Of this epoch alone. */
  readonly signer: Signer;
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly intake: ChunkIntake;
  readonly blocks: BlockService;
  readonly execution: ChunkExecution;
  readonly fetcher: Fetcher;
  readonly pool: TransactionPool;
  readonly link: PeerLink;
  readonly work: WorkMonitor;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** COINBASE of the chunks that this validator builds, by shard. */
  readonly feeRecipients: readonly Address[];
  readonly log: Logger;
  /** The block and its ancestors are final. */
  finalize(certificate: TupleCertificate): void;
  /** Final blocks that are known of are being fetched. */
  isCatchingUp(): boolean;
  /** Contents that contradict each other; no signature is checked yet. */
  evidence(evidence: AnyEvidence): void;
  /** Nothing more of the peer is read in this epoch. */
  blockPeer(peer: PeerId, reason: string): void;
  fatal(error: unknown): void;
}

/**
 * A validator in one epoch: engine, chunk protocol, signer and journal, wired by hand. The way of a block:
 * InputQueue → step → EffectPerformer → (ViewDriver, ChunkDriver, Proposer, ProposalJudge) → finalize.
 */
export class Member implements EpochRuntime {
  readonly #ports: MemberPorts;
  /** Leader of view v = leaders[v mod n]. */
  readonly #leaders: readonly ValidatorIndex[];
  readonly #timers: ViewTimers;
  readonly #queue: InputQueue;
  readonly #proposer: Proposer;
  readonly #chunkDriver: ChunkDriver;
  readonly #views: ViewDriver;

  /**
   * Recovers from the journal; a fresh one says first whose it is, so that no other epoch or chain takes it for its own.
   * Throws InvalidJournalError for the journal of another.
   */
  static async open(ports: MemberPorts): Promise<Member> {
    const member = new Member(ports);
    const { journal, validators } = ports;
    if (journal.replay().length === 0) {
      await journal.append([journalHead(member.#engineConfig(), validators.set.hash)]);
    }
    return member;
  }

  private constructor(ports: MemberPorts) {
    this.#ports = ports;
    const { base, validators, scheduler } = ports;
    this.#leaders = epochLeaders(base, validators.size);
    this.#timers = new ViewTimers(scheduler, (timer, view) => this.#queue.push({ kind: 'timer', timer, view }));
    this.#proposer = this.#createProposer();
    this.#chunkDriver = this.#createChunkDriver();
    this.#views = this.#createViewDriver();
    this.#queue = this.#createInputQueue();
  }

  start(): void {
    this.#queue.start();
    const best = this.#queue.state.finalization;
    if (best !== null) this.#ports.finalize(best);
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
    const index = this.#ports.validators.indexOf(peer);
    if (index !== null) this.#queue.push({ kind: 'peerFault', peer: index, reason });
    this.#ports.blockPeer(peer, reason);
  }

  receive(from: PeerId, message: ConsensusMessage, bytes: number): void {
    const index = this.#ports.validators.indexOf(from);
    if (index !== null) this.#queue.push({ ...message, from: index }, bytes);
    else if (message.kind === 'status') this.#tellObserver(from, message.status);
  }

  receiveChunk(from: PeerId, chunk: Chunk, bytes: number): void {
    const announcement = this.#ports.intake.take(from, chunk, bytes);
    if (announcement !== null) this.#chunkDriver.push({ kind: 'chunk', announcement });
  }

  receiveEndorsement(from: PeerId, endorsement: Endorsement): void {
    const index = this.#ports.validators.indexOf(from);
    if (index !== null) this.#chunkDriver.push({ kind: 'endorsement', from: index, endorsement });
  }

  finalized(height: bigint): void {
    this.#chunkDriver.push({ kind: 'finalized', height });
  }

  work(pending: boolean): void {
    this.#queue.push({ kind: 'work', pending });
    this.#chunkDriver.push({ kind: 'work', pending });
  }

  /** The engine speaks to members only; who looks on gets what is final, and nothing of theirs is believed. */
  #tellObserver(peer: PeerId, { bestFinalization: known }: Status): void {
    const { finalization } = this.#queue.state;
    if (finalization === null || (known !== null && known.tuple.view >= finalization.tuple.view)) return;
    this.#ports.link.send(peer, { kind: 'certificate', certificate: finalization });
  }

  #createProposer(): Proposer {
    const { self, validators, chain, chunks, signer, log, fatal } = this.#ports;
    return new Proposer({
      self,
      epoch: validators.epoch,
      chain,
      chunks,
      signer,
      log: log.child('proposer'),
      pushChunk: (input) => this.#chunkDriver.push(input),
      push: (input) => this.#queue.push(input),
      fatal,
    });
  }

  #createChunkDriver(): ChunkDriver {
    const { self, validators, chain, chunks, blocks, execution, pool, signer, link, fetcher, clock, scheduler } =
      this.#ports;
    const { genesis } = chain;
    const protocol = createChunkProtocol({
      validatorIndex: self,
      validatorCount: validators.size,
      shardCount: genesis.shardCount,
      producers: validators.producers,
      chunkDeadlineMs: genesis.chunkDeadlineMs,
    });
    return new ChunkDriver(protocol, {
      self,
      validators,
      chain,
      chunks,
      blocks,
      execution,
      pool,
      signer,
      link,
      fetcher,
      clock,
      scheduler,
      log: this.#ports.log.child('chunks'),
      homeOf: (address) => home(address, genesis.shardCount),
      feeRecipient: (shard) => this.#ports.feeRecipients[shard] ?? ZERO_ADDRESS,
      chunksReady: (view, parentHash, certificates) => this.#proposer.chunksReady(view, parentHash, certificates),
      evidence: this.#ports.evidence,
      blame: (peer, reason) => this.blame(peer, reason),
      fatal: this.#ports.fatal,
    });
  }

  #createViewDriver(): ViewDriver {
    const { validators, chain, blocks, scheduler, work, log, fatal } = this.#ports;
    return new ViewDriver({
      blocks,
      scheduler,
      log: log.child('views'),
      work,
      chunkDeadlineMs: chain.genesis.chunkDeadlineMs,
      boundary: chain.epochs.boundaryOf(validators.epoch),
      executed: (hash) => chain.tree.get(hash),
      onBoundary: (view, boundary) => this.#proposer.onBoundary(view, boundary),
      pushChunk: (input) => this.#chunkDriver.push(input),
      askForFinal: () => this.#ports.link.broadcast({ kind: 'status', status: this.status() }),
      isCatchingUp: () => this.#ports.isCatchingUp(),
      prolong: (view, byMs) => {
        for (const timer of EXTENDED_TIMERS) this.#timers.prolong(timer, view, byMs);
      },
      fatal,
    });
  }

  #createInputQueue(): InputQueue {
    const { validators, chain, blocks, link, signer, scheduler, journal, finalize, fatal } = this.#ports;
    const leader = (view: bigint): ValidatorIndex => leaderOf(this.#leaders, view);
    const log = this.#ports.log.child('consensus');
    const performer = new EffectPerformer({
      link,
      signer,
      validators,
      timers: this.#timers,
      judge: new ProposalJudge({ chain, blocks, epoch: validators.epoch, leaderOf: leader }),
      scheduler,
      log,
      push: (input) => this.#queue.push(input),
      buildBlock: (view, parentHash) => this.#proposer.want(view, parentHash),
      enterView: (entered) => this.#views.enter(entered),
      timeoutExtensionMs: () => this.#views.extensionMs,
      finalized: finalize,
      evidence: this.#ports.evidence,
      blockPeer: (peer, reason) => this.#ports.blockPeer(validators.peerAt(peer), reason),
      fatal,
    });
    const drops = new DropCounter(this.#ports.log.child('inputs'));
    const lastFinal = chain.store.finalizationOf(validators.epoch);
    return new InputQueue(recoverEngine(this.#engineConfig(), journal.replay(), lastFinal), {
      journal,
      perform: (effect) => performer.perform(effect),
      dropped: (peer, queue) => drops.count(peer, queue),
      fatal,
    });
  }

  #engineConfig(): EngineConfig {
    const { self, validators, base, chain } = this.#ports;
    const { deltaMs, maxIdleMs } = chain.genesis;
    return {
      validatorIndex: self,
      validatorCount: validators.size,
      epoch: validators.epoch,
      leaders: this.#leaders,
      deltaMs,
      capMs: Math.max(VIEW_TIMEOUT_CAP_MS, deltaMs),
      maxIdleMs,
      genesisHash: base.hash,
    };
  }
}
