import {
  type ChunkEffect,
  type ChunkInput,
  type ChunkProtocolState,
  type ChunkVerdict,
  type Signer,
  stepChunks,
} from '@heddle/consensus';
import type { TransactionPool } from '@heddle/mempool';
import type { PeerId } from '@heddle/network';
import type { Cancel, Clock, Scheduler } from '@heddle/runtime';
import type {
  Address,
  Chunk,
  ChunkAnnouncement,
  ChunkEvidence,
  ChunkHeader,
  EndorsementCertificate,
  Hash,
  ShardId,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import { type BuiltChunk, baseFeesOn, type ChunkExecution } from '../chain/chunk-execution.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import { SupersededError, UnavailableError } from '../errors.ts';
import { EARLY_RECHECK_MS, MAX_CLOCK_AHEAD_MS, MAX_HOLD_MS, PATIENCE_DELTAS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import type { PeerLink } from '../peers/peer-link.ts';
import { Patience } from './patience.ts';

export interface ChunkDriverPorts {
  readonly self: ValidatorIndex;
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly blocks: BlockService;
  readonly execution: ChunkExecution;
  readonly pool: TransactionPool;
  readonly signer: Signer;
  readonly validators: EpochValidators;
  readonly link: PeerLink;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  homeOf(address: Address): ShardId;
  /** COINBASE of the chunks that this validator builds for a shard. */
  feeRecipient(shard: ShardId): Address;
  /** The leader's chunks are there: make the block. */
  chunksReady(view: bigint, parentHash: Hash, certificates: readonly (EndorsementCertificate | null)[]): void;
  /** Contents that contradict each other; no signature is checked yet. */
  evidence(evidence: ChunkEvidence): void;
  /** A peer sent what it can't have believed. */
  blame(peer: PeerId, reason: string): void;
  fatal(error: unknown): void;
}

/** Runs the chunk protocol: feeds it inputs and performs its effects. Nothing of it is journaled; the signer keeps it honest. */
export class ChunkDriver {
  #state: ChunkProtocolState;
  readonly #ports: ChunkDriverPorts;
  /** Own chunks that wait for their signature. */
  readonly #built = new Map<Hash, Omit<Chunk, 'signature'>>();
  /** Timers that run. */
  readonly #timers = new Set<Cancel>();
  readonly #patience: Patience;
  /** The view whose deadline was set last. */
  #deadlineOf = 0n;
  #stopped = false;

  constructor(initial: ChunkProtocolState, ports: ChunkDriverPorts) {
    this.#state = initial;
    this.#ports = ports;
    this.#patience = new Patience(ports.chain.genesis.deltaMs * PATIENCE_DELTAS);
  }

  push(input: ChunkInput): void {
    if (this.#stopped) return;
    this.#time(input);
    const next = stepChunks(this.#state, input);
    this.#state = next.state;
    for (const effect of next.effects) this.#perform(effect);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #perform(effect: ChunkEffect): void {
    const { link, validators, chunks, scheduler } = this.#ports;
    switch (effect.kind) {
      case 'buildChunk':
        return this.#spawn(() => this.#build(effect.parentHash, effect.shard));
      case 'broadcastChunk': {
        const chunk = chunks.executed(effect.chunkHash)?.chunk ?? null;
        if (chunk !== null) link.broadcastChunk(chunk);
        return;
      }
      case 'validateChunk':
        return this.#spawn(() => this.#validate(effect.announcement, effect.judgeTime));
      case 'sendEndorsement':
        return link.sendEndorsement(validators.peerAt(effect.to), effect.endorsement);
      case 'sign':
        return this.#spawn(() => this.#sign(effect.requestId, effect.request));
      case 'aggregate': {
        const result = validators.verifier.aggregateEndorsements(effect.endorsements);
        return scheduler.soon(() => this.push({ kind: 'aggregated', requestId: effect.requestId, result }));
      }
      case 'setDeadline':
        return this.#setDeadline(effect);
      case 'chunksReady':
        return this.#ports.chunksReady(effect.view, effect.parentHash, effect.certificates);
      case 'fetchChunk':
        return this.#spawn(() => this.#fetch(effect.chunkHash, effect.holders));
      case 'evidence':
        return this.#ports.evidence(effect.evidence);
      case 'blockPeer':
        return this.#ports.blame(validators.peerAt(effect.peer), effect.reason);
    }
  }

  #time(input: ChunkInput): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (input.kind === 'view') this.#patience.begin(input.parentHash, nowMs);
    if (input.kind === 'chunk') this.#patience.arrived(input.announcement.header.parentBlockHash, nowMs);
  }

  /** A view's first one is as long as chunks took lately. */
  #setDeadline({ view, parentHash, delayMs }: Extract<ChunkEffect, { readonly kind: 'setDeadline' }>): void {
    const leastMs = view === this.#deadlineOf ? 0 : this.#patience.waitMs;
    this.#deadlineOf = view;
    // After a stall of the event loop, chunks and endorsements that have arrived meanwhile get their turn first.
    this.#after(Math.max(delayMs, leastMs), () =>
      this.#ports.scheduler.soon(() => this.push({ kind: 'deadline', view, parentHash })),
    );
  }

  #spawn(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#ports.fatal(error));
  }

  #after(delayMs: number, task: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#ports.scheduler.after(delayMs, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }

  async #build(parentHash: Hash, shard: ShardId): Promise<void> {
    const parent = this.#ports.chain.tree.get(parentHash);
    const built = parent === null ? null : await this.#produce(parent, shard);
    // The epoch may have ended meanwhile.
    if (this.#stopped) return;
    if (parent === null || built === null) return this.push({ kind: 'buildFailed', parentHash, shard });
    this.#dropRejected(parent, built, shard);
    const body = { transactions: built.outcome.included.map(({ raw }) => raw), accessList: built.outcome.accessList };
    this.#built.set(built.hash, { header: built.header, body });
    this.#ports.chunks.remember({ ...built, chunk: null });
    this.push({ kind: 'built', parentHash, header: built.header, chunkHash: built.hash });
  }

  /** Null when nobody needs the chunk: it could only come too late, or the parent has fallen below the final block. */
  async #produce(parent: ExecutedBlock, shard: ShardId): Promise<BuiltChunk | null> {
    const { pool, clock, homeOf, feeRecipient, self, execution } = this.#ports;
    if (execution.isHopeless(parent, shard)) return null;
    const now = BigInt(Math.floor(clock.wallMs() / 1000));
    const earliest = parent.block.header.timestamp;
    const terms = { timestamp: now > earliest ? now : earliest, coinbase: feeRecipient(shard) };
    const baseFee = baseFeesOn(parent)[shard] ?? 0n;
    const candidates = pool.candidates((sender) => homeOf(sender) === shard, baseFee);
    try {
      return await execution.build(parent, shard, terms, self, candidates);
    } catch (error) {
      if (error instanceof SupersededError) return null;
      throw error;
    }
  }

  #dropRejected(parent: ExecutedBlock, { outcome }: BuiltChunk, shard: ShardId): void {
    const { chain, pool } = this.#ports;
    const { state } = chain.shardTip(parent, shard);
    for (const { transaction, permanent } of outcome.rejected) {
      // Executed on this branch already: the pool lets go of it when that is final, since the branch may yet be skipped.
      const isSpent = transaction.fields.nonce < (state.account(transaction.sender)?.nonce ?? 0n);
      if (permanent && !isSpent) pool.drop(transaction.hash);
    }
  }

  async #validate(announcement: ChunkAnnouncement, judgeTime: boolean): Promise<void> {
    const verdict = await this.#judge(announcement, judgeTime);
    this.push({ kind: 'validated', chunkHash: announcement.chunkHash, verdict });
  }

  async #judge({ header, chunkHash }: ChunkAnnouncement, judgeTime: boolean): Promise<ChunkVerdict> {
    const { chunks, chain, blocks, log } = this.#ports;
    const chunk = chunks.get(chunkHash);
    const parent = chain.tree.get(header.parentBlockHash);
    if (chunk === null || parent === null) return 'gone';
    const aheadMs = judgeTime ? this.#aheadMs(header, parent) : 0;
    if (aheadMs > MAX_HOLD_MS) {
      chunks.drop(chunkHash);
      return 'gone';
    }
    if (aheadMs > 0) {
      // Looked at again before its time: the clock may be set meanwhile.
      this.#after(Math.min(aheadMs, EARLY_RECHECK_MS), () => this.push({ kind: 'timely', chunkHash }));
      return 'early';
    }
    const result = await blocks.executeChunk(parent, chunk, chunkHash);
    // The epoch may have ended meanwhile.
    if (result.kind === 'stale' || this.#stopped) return 'gone';
    if (result.kind === 'invalid') {
      log.warn('chunk refused', { hash: chunkHash, reason: result.rule });
      return 'invalid';
    }
    await chain.store.putChunk(chunkHash, chunk);
    return 'valid';
  }

  /**
   * How long the timestamp is more than 500 ms ahead of the local clock, ms. A chunk of its parent's time is never early:
   * that is what an honest producer makes whose clock is behind the chain's.
   */
  #aheadMs({ timestamp }: ChunkHeader, parent: ExecutedBlock): number {
    if (timestamp <= parent.block.header.timestamp) return 0;
    return Math.max(0, Number(timestamp) * 1000 - MAX_CLOCK_AHEAD_MS - this.#ports.clock.wallMs());
  }

  async #fetch(hash: Hash, holders: readonly ValidatorIndex[]): Promise<void> {
    const { fetcher, validators, chain, blocks } = this.#ports;
    const [holder] = holders;
    const hint = holder === undefined ? null : validators.peerAt(holder);
    const isGenuine = (copy: Chunk): boolean => validators.isGenuine(copy, hash);
    const chunk = await fetcher.chunk(hash, hint, isGenuine).catch((error: unknown) => {
      // When nobody has one, the shard is missing from this block.
      if (error instanceof UnavailableError) return null;
      throw error;
    });
    const parent = chunk === null ? null : chain.tree.get(chunk.header.parentBlockHash);
    if (chunk === null || parent === null || this.#stopped) return;
    // At once, so that it needs no room among what waits.
    const { kind } = await blocks.executeChunk(parent, chunk, hash);
    if (kind !== 'executed') return;
    const { header, signature } = chunk;
    this.push({ kind: 'chunk', announcement: { header, chunkHash: hash, signature } });
  }

  async #sign(requestId: number, request: SigningRequest): Promise<void> {
    const answer = await this.#ports.signer.sign(request);
    if (!answer.ok) return this.push({ kind: 'signRefused', requestId, reason: answer.reason });
    if (request.kind === 'produce') await this.#complete(request.chunkHash, answer.signature);
    this.push({ kind: 'signed', requestId, signature: answer.signature });
  }

  /** The own chunk with its signature, durable before anyone hears of it. */
  async #complete(hash: Hash, signature: Uint8Array): Promise<void> {
    const { chunks, chain } = this.#ports;
    const unsigned = this.#built.get(hash);
    const executed = chunks.executed(hash);
    this.#built.delete(hash);
    if (unsigned === undefined || executed === null) return;
    const chunk: Chunk = { ...unsigned, signature };
    chunks.remember({ ...executed, chunk });
    await chain.store.putChunk(hash, chunk);
  }
}
