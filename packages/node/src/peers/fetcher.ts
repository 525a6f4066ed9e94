import {
  InvalidWireMessageError,
  MAX_HEADERS_BYTES,
  MAX_PROPOSAL_BYTES,
  MAX_RANGE_BYTES,
  type PeerId,
} from '@heddle/network';
import {
  type Block,
  type BlockHeader,
  blockMatchesHeader,
  type Chunk,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  MAX_CHUNK_BYTES,
} from '@heddle/types';
import { UnavailableError } from '../errors.ts';
import { FETCH_PAUSE_MS, FETCH_ROUNDS, MAX_FETCHED_BYTES } from '../limits.ts';
import type { Telling } from '../parts/events.ts';
import type { Surroundings } from '../parts/surroundings.ts';
import { AnswerRecords } from './answer-records.ts';
import type { FetchedRange, PeerLink } from './peer-link.ts';
import { RequestBudget } from './request-budget.ts';

type Parts = Pick<Surroundings, 'clock' | 'scheduler'> & { readonly link: PeerLink } & Telling<'blame'>;

/**
 * Fetches by content: what comes back is checked against the hash that was asked for, which names one content, so any
 * peer will do. Another copy says something about its sender and nothing about what was asked for: the next peer is asked.
 */
export class Fetcher {
  readonly #parts: Parts;
  /** Running requests by hash and peer. */
  readonly #blocks = new Map<string, Promise<Block | null>>();
  readonly #chunks = new Map<string, Promise<Chunk | null>>();
  readonly #budget = new RequestBudget(MAX_FETCHED_BYTES);
  readonly #records = new AnswerRecords();

  /** It blames a peer that answered what it can't have believed to be what was asked for. */
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The genuine block. Throws `UnavailableError` when no peer has it. Concurrent calls for one hash share their requests. */
  block(hash: Hash, hint: PeerId | null): Promise<Block> {
    return this.#fromAny(
      `block ${hash}`,
      hint,
      (peer) =>
        this.#shared(this.#blocks, `${hash}:${peer}`, MAX_PROPOSAL_BYTES, () =>
          this.#parts.link.requestBlock(peer, hash),
        ),
      async (block, peer) => {
        if (hashBlockHeader(block.header) === hash && blockMatchesHeader(block)) return block;
        this.#parts.events.blame(peer, 'answer: a forged block');
        return null;
      },
    );
  }

  /**
   * The genuine chunk of this hash, its signature included, as `isGenuine` says (`EpochValidators.isGenuine`). Another copy is
   * its sender's fault. Throws `UnavailableError` when no peer has it.
   */
  chunk(hash: Hash, hint: PeerId | null, isGenuine: (chunk: Chunk) => boolean): Promise<Chunk> {
    return this.#fromAny(
      `chunk ${hash}`,
      hint,
      (peer) =>
        this.#shared(this.#chunks, `${hash}:${peer}`, MAX_CHUNK_BYTES, () => this.#parts.link.requestChunk(peer, hash)),
      async (chunk, peer) => {
        if (hashChunkHeader(chunk.header) === hash && isGenuine(chunk)) return chunk;
        this.#parts.events.blame(peer, 'answer: a forged chunk');
        return null;
      },
    );
  }

  /** Final blocks `from … to` of one peer, as `accept` takes them; the next peer is asked when it doesn't. */
  range(from: bigint, to: bigint, accept: (range: FetchedRange) => boolean): Promise<FetchedRange> {
    return this.#fromAny(
      `blocks ${from} to ${to}`,
      null,
      (peer) => this.#budget.run(MAX_RANGE_BYTES, () => this.#parts.link.requestRange(peer, from, to)),
      async (range) => (accept(range) ? range : null),
    );
  }

  /** Headers of the final blocks `from … to` of one peer, as `accept` takes them. */
  headers(
    from: bigint,
    to: bigint,
    accept: (headers: readonly BlockHeader[]) => boolean,
  ): Promise<readonly BlockHeader[]> {
    return this.#fromAny(
      `headers ${from} to ${to}`,
      null,
      (peer) => this.#budget.run(MAX_HEADERS_BYTES, () => this.#parts.link.requestHeaders(peer, from, to)),
      async (headers) => (accept(headers) ? headers : null),
    );
  }

  #shared<T>(running: Map<string, Promise<T>>, key: string, bytes: number, ask: () => Promise<T>): Promise<T> {
    const known = running.get(key);
    if (known !== undefined) return known;
    const started = this.#budget.run(bytes, ask).finally(() => running.delete(key));
    running.set(key, started);
    return started;
  }

  async #fromAny<A, T>(
    what: string,
    hint: PeerId | null,
    ask: (peer: PeerId) => Promise<A | null>,
    take: (answer: A, peer: PeerId) => Promise<T | null>,
  ): Promise<T> {
    for (let round = 0; round < FETCH_ROUNDS; round++) {
      if (round > 0) await this.#pause();
      for (const peer of this.#records.ordered(this.#parts.link.connected(), hint)) {
        const taken = await this.#fromOne(peer, ask, take);
        if (taken !== null) return taken;
      }
    }
    throw new UnavailableError(what);
  }

  async #fromOne<A, T>(
    peer: PeerId,
    ask: (peer: PeerId) => Promise<A | null>,
    take: (answer: A, peer: PeerId) => Promise<T | null>,
  ): Promise<T | null> {
    const { clock } = this.#parts;
    const askedMs = clock.monotonicMs();
    this.#records.asked(peer);
    // A peer that is gone, slow or talks nonsense is like one that does not have it.
    const answer = await ask(peer).catch((error: unknown) => {
      if (error instanceof InvalidWireMessageError) this.#parts.events.blame(peer, 'answer: malformed');
      return undefined;
    });
    const taken = answer === undefined || answer === null ? null : await take(answer, peer);
    // Not to have it is no fault.
    const kind = taken !== null ? 'given' : answer === null ? 'absent' : 'poor';
    this.#records.answered(peer, kind, clock.monotonicMs() - askedMs);
    return taken;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.scheduler.after(FETCH_PAUSE_MS, resolve);
    });
  }
}
