import type { PeerId } from '@heddle/network';
import type { Scheduler } from '@heddle/runtime';
import {
  type Block,
  blockMatchesHeader,
  bodyMatchesHeader,
  type Chunk,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
} from '@heddle/types';
import { UnavailableError } from '../errors.ts';
import { FETCH_PAUSE_MS, FETCH_ROUNDS } from '../limits.ts';
import type { FetchedRange, PeerLink } from './peer-link.ts';

/**
 * Fetches by content: what comes back is checked against the hash that was asked for, which names one content, so any
 * peer will do. Another copy says something about its sender and nothing about what was asked for: the next peer is asked.
 */
export class Fetcher {
  readonly #link: PeerLink;
  readonly #scheduler: Scheduler;
  /** Running requests by hash and peer. */
  readonly #blocks = new Map<string, Promise<Block | null>>();
  readonly #chunks = new Map<string, Promise<Chunk | null>>();
  /** Peers whose last answer did not come or was no good. */
  readonly #poor = new Set<PeerId>();

  constructor(link: PeerLink, scheduler: Scheduler) {
    this.#link = link;
    this.#scheduler = scheduler;
  }

  /** The genuine block. Throws `UnavailableError` when no peer has it. Concurrent calls for one hash share their requests. */
  block(hash: Hash, hint: PeerId | null): Promise<Block> {
    return this.#fromAny(
      `block ${hash}`,
      hint,
      (peer) => shared(this.#blocks, `${hash}:${peer}`, () => this.#link.requestBlock(peer, hash)),
      async (block) => (hashBlockHeader(block.header) === hash && blockMatchesHeader(block) ? block : null),
    );
  }

  /**
   * The same for a chunk, as `take` makes of it: the hash does not cover the signature. Null for a forged one, and the
   * next peer is asked; what it throws ends the fetch.
   */
  chunk<T>(hash: Hash, hint: PeerId | null, take: (chunk: Chunk) => Promise<T | null>): Promise<T> {
    return this.#fromAny(
      `chunk ${hash}`,
      hint,
      (peer) => shared(this.#chunks, `${hash}:${peer}`, () => this.#link.requestChunk(peer, hash)),
      async (chunk) => (hashChunkHeader(chunk.header) === hash && bodyMatchesHeader(chunk) ? take(chunk) : null),
    );
  }

  /** Final blocks `from … to` of one peer, as `accept` takes them; the next peer is asked when it doesn't. */
  range(from: bigint, to: bigint, accept: (range: FetchedRange) => boolean): Promise<FetchedRange> {
    return this.#fromAny(
      `blocks ${from} to ${to}`,
      null,
      (peer) => this.#link.requestRange(peer, from, to),
      async (range) => (accept(range) ? range : null),
    );
  }

  async #fromAny<A, T>(
    what: string,
    hint: PeerId | null,
    ask: (peer: PeerId) => Promise<A | null>,
    take: (answer: A) => Promise<T | null>,
  ): Promise<T> {
    for (let round = 0; round < FETCH_ROUNDS; round++) {
      if (round > 0) await this.#pause();
      for (const peer of this.#order(hint)) {
        const taken = await this.#fromOne(peer, ask, take);
        if (taken !== null) return taken;
      }
    }
    throw new UnavailableError(what);
  }

  async #fromOne<A, T>(
    peer: PeerId,
    ask: (peer: PeerId) => Promise<A | null>,
    take: (answer: A) => Promise<T | null>,
  ): Promise<T | null> {
    // A peer that is gone, slow or talks nonsense is like one that does not have it.
    const answer = await ask(peer).catch(() => undefined);
    const taken = answer === undefined || answer === null ? null : await take(answer);
    // Not to have it is no fault.
    if (taken !== null || answer === null) this.#poor.delete(peer);
    else this.#poor.add(peer);
    return taken;
  }

  /** The hinted peer first, and last those that did badly before: one that is silent costs a time-out each time. */
  #order(hint: PeerId | null): readonly PeerId[] {
    const rank = (peer: PeerId): number => (this.#poor.has(peer) ? 2 : peer === hint ? 0 : 1);
    return this.#link.connected().toSorted((a, b) => rank(a) - rank(b));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(FETCH_PAUSE_MS, resolve);
    });
  }
}

function shared<T>(running: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const started = start().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}
