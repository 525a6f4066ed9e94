import {
  type ChunkEffect,
  type ChunkInput,
  type ChunkProtocolState,
  type ChunkVerdict,
  stepChunks,
} from '@heddle/consensus';
import type { Cancel } from '@heddle/runtime';
import type {
  Chunk,
  ChunkAnnouncement,
  ChunkHeader,
  Hash,
  ShardId,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { MemberParts } from '../epochs/member-parts.ts';
import { UnavailableError } from '../errors.ts';
import { EARLY_RECHECK_MS, MAX_CLOCK_AHEAD_MS, MAX_HOLD_MS, PATIENCE_DELTAS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { ChunkProducer } from './chunk-producer.ts';
import { Patience } from './patience.ts';
import type { Proposer } from './proposer.ts';

type Parts = Pick<MemberParts, 'validators' | 'signer' | 'chain' | 'chunks' | 'blocks' | 'evidence'> &
  Pick<MemberParts, 'link' | 'fetcher' | 'clock' | 'scheduler' | 'log' | 'events'> & {
    readonly producer: ChunkProducer;
    readonly proposer: Proposer;
  };

/** Runs the chunk protocol: feeds it inputs and performs its effects. Nothing of it is journaled; the signer keeps it honest. */
export class ChunkDriver {
  #state: ChunkProtocolState;
  readonly #parts: Parts;
  readonly #log: Logger;
  /** Timers that run. */
  readonly #timers = new Set<Cancel>();
  readonly #patience: Patience;
  /** The view whose deadline was set last. */
  #deadlineOf = 0n;
  #stopped = false;

  constructor(initial: ChunkProtocolState, parts: Parts) {
    this.#state = initial;
    this.#parts = parts;
    this.#log = parts.log.child('chunks');
    this.#patience = new Patience(parts.chain.genesis.deltaMs * PATIENCE_DELTAS);
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
    const { link, validators, chunks, scheduler } = this.#parts;
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
        return this.#parts.proposer.chunksReady(effect.view, effect.parentHash, effect.certificates);
      case 'fetchChunk':
        return this.#spawn(() => this.#fetch(effect.chunkHash, effect.holders));
      case 'evidence':
        return this.#parts.evidence.found({ epoch: validators.epoch, evidence: effect.evidence });
      case 'blockPeer':
        return this.#parts.events.blame(validators.peerAt(effect.peer), effect.reason);
    }
  }

  #time(input: ChunkInput): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (input.kind === 'view') this.#patience.begin(input.parentHash, nowMs);
    if (input.kind === 'chunk') this.#patience.arrived(input.announcement.header.parentBlockHash, nowMs);
  }

  /** A view's first one is as long as chunks took lately. */
  #setDeadline({ view, parentHash, delayMs }: Extract<ChunkEffect, { readonly kind: 'setDeadline' }>): void {
    const leastMs = view === this.#deadlineOf ? 0 : this.#patience.waitMs;
    this.#deadlineOf = view;
    // After a stall of the event loop, chunks and endorsements that have arrived meanwhile get their turn first.
    this.#after(Math.max(delayMs, leastMs), () =>
      this.#parts.scheduler.soon(() => this.push({ kind: 'deadline', view, parentHash })),
    );
  }

  #spawn(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#parts.events.fatal(error));
  }

  #after(delayMs: number, task: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#parts.scheduler.after(delayMs, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }

  async #build(parentHash: Hash, shard: ShardId): Promise<void> {
    const parent = this.#parts.chain.tree.get(parentHash);
    const built = parent === null ? null : await this.#parts.producer.produce(parent, shard);
    // The epoch may have ended meanwhile.
    if (this.#stopped) return;
    if (parent === null || built === null) return this.push({ kind: 'buildFailed', parentHash, shard });
    this.#parts.producer.keep(parent, built);
    this.push({ kind: 'built', parentHash, header: built.header, chunkHash: built.hash });
    this.#parts.proposer.chunkExecuted(parentHash);
  }

  async #validate(announcement: ChunkAnnouncement, judgeTime: boolean): Promise<void> {
    const verdict = await this.#judge(announcement, judgeTime);
    this.push({ kind: 'validated', chunkHash: announcement.chunkHash, verdict });
    if (verdict === 'valid') this.#parts.proposer.chunkExecuted(announcement.header.parentBlockHash);
  }

  async #judge({ header, chunkHash }: ChunkAnnouncement, judgeTime: boolean): Promise<ChunkVerdict> {
    const { chunks, chain, blocks } = this.#parts;
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
      this.#log.warn('chunk refused', { hash: chunkHash, reason: result.rule });
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
    return Math.max(0, Number(timestamp) * 1000 - MAX_CLOCK_AHEAD_MS - this.#parts.clock.wallMs());
  }

  async #fetch(hash: Hash, holders: readonly ValidatorIndex[]): Promise<void> {
    const { fetcher, validators, chain, blocks } = this.#parts;
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
    const answer = await this.#parts.signer.sign(request);
    if (!answer.ok) return this.push({ kind: 'signRefused', requestId, reason: answer.reason });
    if (request.kind === 'produce') await this.#parts.producer.complete(request.chunkHash, answer.signature);
    this.push({ kind: 'signed', requestId, signature: answer.signature });
  }
}
