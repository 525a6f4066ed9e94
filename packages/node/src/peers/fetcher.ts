import type { Scheduler } from '@heddle/runtime';
import { type Block, type Chunk, type Hash, hashBlockHeader, hashChunkHeader, type ValidatorIndex } from '@heddle/types';
import { UnavailableError } from '../errors.ts';
import { FETCH_PAUSE_MS, FETCH_ROUNDS } from '../limits.ts';
import type { FetchedRange, PeerLink } from './peer-link.ts';

/** Fetches by content: what comes back is checked against the hash that was asked for, so any peer will do. */
export class Fetcher {
  readonly #link: PeerLink;
  readonly #scheduler: Scheduler;
  readonly #blocks = new Map<Hash, Promise<Block>>();
  readonly #chunks = new Map<Hash, Promise<Chunk>>();

  constructor(link: PeerLink, scheduler: Scheduler) {
    this.#link = link;
    this.#scheduler = scheduler;
  }

  /** Throws `UnavailableError` when no peer has it. Concurrent calls for one hash share the requests. */
  block(hash: Hash, hint: ValidatorIndex | null): Promise<Block> {
    return shared(this.#blocks, hash, () =>
      this.#fromAny(`block ${hash}`, hint, async (peer) => {
        const block = await this.#link.requestBlock(peer, hash);
        return block !== null && hashBlockHeader(block.header) === hash ? block : null;
      }),
    );
  }

  /** Throws `UnavailableError` when no peer has it. Concurrent calls for one hash share the requests. */
  chunk(hash: Hash, hint: ValidatorIndex | null): Promise<Chunk> {
    return shared(this.#chunks, hash, () =>
      this.#fromAny(`chunk ${hash}`, hint, async (peer) => {
        const chunk = await this.#link.requestChunk(peer, hash);
        return chunk !== null && hashChunkHeader(chunk.header) === hash ? chunk : null;
      }),
    );
  }

  /** Final blocks `from … to` of one peer, as `accept` takes them; the next peer is asked when it doesn't. */
  range(from: bigint, to: bigint, accept: (range: FetchedRange) => boolean): Promise<FetchedRange> {
    return this.#fromAny(`blocks ${from} to ${to}`, null, async (peer) => {
      const range = await this.#link.requestRange(peer, from, to);
      return accept(range) ? range : null;
    });
  }

  async #fromAny<T>(what: string, hint: ValidatorIndex | null, ask: (peer: ValidatorIndex) => Promise<T | null>): Promise<T> {
    for (let round = 0; round < FETCH_ROUNDS; round++) {
      if (round > 0) await this.#pause();
      for (const peer of this.#order(hint)) {
        // A peer that is gone, slow or talks nonsense is like one that does not have it.
        const answer = await ask(peer).catch(() => null);
        if (answer !== null) return answer;
      }
    }
    throw new UnavailableError(what);
  }

  #order(hint: ValidatorIndex | null): readonly ValidatorIndex[] {
    const peers = this.#link.connected();
    if (hint === null || !peers.includes(hint)) return peers;
    return [hint, ...peers.filter((peer) => peer !== hint)];
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(FETCH_PAUSE_MS, resolve);
    });
  }
}

function shared<T>(pending: Map<Hash, Promise<T>>, hash: Hash, start: () => Promise<T>): Promise<T> {
  const running = pending.get(hash);
  if (running !== undefined) return running;
  const started = start().finally(() => pending.delete(hash));
  pending.set(hash, started);
  return started;
}
