import {
  type ChunkEffect,
  type ChunkEvidence,
  type ChunkInput,
  type ChunkProtocolState,
  type Signer,
  stepChunks,
} from '@heddle/consensus';
import type { TransactionPool } from '@heddle/mempool';
import type { Cancel, Clock, Scheduler } from '@heddle/runtime';
import type {
  Address,
  Chunk,
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
import type { Committee } from '../epochs/committee.ts';
import { InvalidBlockError, SupersededError, UnavailableError } from '../errors.ts';
import { MAX_CLOCK_AHEAD_MS, MAX_HOLD_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import type { PeerLink } from '../peers/peer-link.ts';

export interface ChunkDriverPorts {
  readonly self: ValidatorIndex;
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly blocks: BlockService;
  readonly execution: ChunkExecution;
  readonly pool: TransactionPool;
  readonly signer: Signer;
  readonly committee: Committee;
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
  #stopped = false;

  constructor(initial: ChunkProtocolState, ports: ChunkDriverPorts) {
    this.#state = initial;
    this.#ports = ports;
  }

  push(input: ChunkInput): void {
    if (this.#stopped) return;
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
    const { link, committee, chunks, scheduler } = this.#ports;
    switch (effect.kind) {
      case 'buildChunk':
        return this.#spawn(() => this.#build(effect.parentHash, effect.shard));
      case 'broadcastChunk': {
        const chunk = chunks.executed(effect.chunkHash)?.chunk ?? null;
        if (chunk !== null) link.broadcastChunk(chunk);
        return;
      }
      case 'validateChunk':
        return this.#spawn(() => this.#validate(effect.announcement.chunkHash, effect.from));
      case 'sendEndorsement':
        return link.sendEndorsement(committee.peerAt(effect.to), effect.endorsement);
      case 'sign':
        return this.#spawn(() => this.#sign(effect.requestId, effect.request));
      case 'aggregate': {
        const result = committee.verifier.aggregateEndorsements(effect.endorsements);
        return scheduler.soon(() => this.push({ kind: 'aggregated', requestId: effect.requestId, result }));
      }
      case 'setDeadline':
        return this.#after(effect.delayMs, () =>
          this.push({ kind: 'deadline', view: effect.view, parentHash: effect.parentHash }),
        );
      case 'chunksReady':
        return this.#ports.chunksReady(effect.view, effect.parentHash, effect.certificates);
      case 'fetchChunk':
        return this.#spawn(() => this.#fetch(effect.chunkHash, effect.holders));
      case 'evidence':
        return this.#ports.evidence(effect.evidence);
    }
  }

  #spawn(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#ports.fatal(error));
  }

  #after(delayMs: number, task: () => void): void {
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

  /** Null when the parent has fallen below the final block: nobody needs the chunk any more. */
  async #produce(parent: ExecutedBlock, shard: ShardId): Promise<BuiltChunk | null> {
    const { pool, clock, homeOf, feeRecipient, self, execution } = this.#ports;
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

  async #validate(hash: Hash, from: ValidatorIndex): Promise<void> {
    const { chunks, chain, committee } = this.#ports;
    const chunk = chunks.executed(hash)?.chunk ?? chunks.heldFrom(hash, committee.peerAt(from));
    const valid = chunk !== null && (await this.#isTimely(chunk.header)) && (await this.#execute(chunk, hash));
    if (this.#stopped) return;
    if (valid) await chain.store.putChunk(hash, chunk);
    this.push({ kind: 'validated', chunkHash: hash, valid });
  }

  /**
   * Waits until the timestamp is at most 500 ms ahead of the local clock; false when that is too far off to be of use.
   * Only who endorses a chunk judges its time: a quorum's endorsements stand for it.
   */
  async #isTimely({ timestamp }: ChunkHeader): Promise<boolean> {
    const aheadMs = Number(timestamp) * 1000 - MAX_CLOCK_AHEAD_MS - this.#ports.clock.wallMs();
    if (aheadMs > MAX_HOLD_MS) return false;
    if (aheadMs > 0) await new Promise<void>((resolve) => this.#after(aheadMs, resolve));
    return true;
  }

  /** False for a copy that is not what its producer signed, or breaks a rule. */
  async #execute(chunk: Chunk, hash: Hash): Promise<boolean> {
    const { chain, blocks, log } = this.#ports;
    const parent = chain.tree.get(chunk.header.parentBlockHash);
    if (parent === null) return false;
    try {
      await blocks.executeChunk(parent, chunk, hash);
      return true;
    } catch (error) {
      if (error instanceof SupersededError) return false;
      if (!(error instanceof InvalidBlockError)) throw error;
      log.warn('chunk refused', { hash, reason: error.message });
      return false;
    }
  }

  async #fetch(hash: Hash, holders: readonly ValidatorIndex[]): Promise<void> {
    const { fetcher, committee, self } = this.#ports;
    const [holder] = holders;
    const take = async (copy: Chunk): Promise<Chunk | null> => ((await this.#execute(copy, hash)) ? copy : null);
    const hint = holder === undefined ? null : committee.peerAt(holder);
    const chunk = await fetcher.chunk(hash, hint, take).catch((error: unknown) => {
      // When nobody has one, the shard is missing from this block.
      if (error instanceof UnavailableError) return null;
      throw error;
    });
    if (chunk === null) return;
    // In the own name: it is executed, and whoever supplied it may have sent a forged copy before.
    const announcement = { header: chunk.header, chunkHash: hash, signature: chunk.signature };
    this.push({ kind: 'chunk', from: self, announcement });
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
