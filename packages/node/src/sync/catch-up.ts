import type { Cancel, Scheduler } from '@heddle/runtime';
import {
  blockMatchesHeader,
  bodyMatchesHeader,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  type TupleCertificate,
} from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import type { Finalizer } from '../chain/finalizer.ts';
import { FinalityConflictError, SupersededError, UnavailableError } from '../errors.ts';
import { CATCH_UP_RETRY_MS, MAX_RANGE_BLOCKS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import type { FetchedBlock, FetchedRange } from '../peers/peer-link.ts';

export interface CatchUpPorts {
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly blocks: BlockService;
  readonly fetcher: Fetcher;
  readonly finalizer: Finalizer;
  readonly scheduler: Scheduler;
  readonly log: Logger;
}

/** Under which the chunks of a range wait: those of one block at a time. */
const SENDER = 'catch-up';

/**
 * Brings the chain to a finalized block that this node has not executed. Nothing is believed but the finalization:
 * first the hash links are followed backward from the certified block to our head, keeping hashes only, then the blocks
 * are executed forward and committed one by one. One run at a time; a newer target waits for the running one.
 */
export class CatchUp {
  readonly #ports: CatchUpPorts;
  #running: Promise<void> | null = null;
  #next: TupleCertificate | null = null;
  /** Blocks that are asked for at once for their links. */
  #span: number = MAX_RANGE_BLOCKS;
  #cancelRetry: Cancel = () => {};
  #stopped = false;

  constructor(ports: CatchUpPorts) {
    this.#ports = ports;
  }

  get active(): boolean {
    return this.#running !== null;
  }

  /**
   * Resolves when the target, or a newer one, is committed. What the peers can't supply now is asked for again: the
   * finalization is not reported twice, and the next one may be long in coming.
   */
  to(certificate: TupleCertificate): Promise<void> {
    this.#next = certificate;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** No further attempt is made. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  async #run(): Promise<void> {
    while (this.#next !== null && !this.#stopped) {
      const target = this.#next;
      this.#next = null;
      if (await this.#reach(target)) continue;
      this.#next ??= target;
      await new Promise<void>((resolve) => {
        this.#cancelRetry = this.#ports.scheduler.after(CATCH_UP_RETRY_MS, resolve);
      });
    }
  }

  /** False when the peers can't supply what is missing. */
  async #reach(target: TupleCertificate): Promise<boolean> {
    const { finalizer, log } = this.#ports;
    try {
      if (await finalizer.finalize(target)) return true;
      await this.#fetchAndCommit(target.tuple.blockHash);
      return await finalizer.finalize(target);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      log.warn('catch-up waits', { reason: error.message });
      return false;
    }
  }

  /** Up to the certified block, which is executed here; its caller commits it, with its certificate. */
  async #fetchAndCommit(target: Hash): Promise<void> {
    const { chain, fetcher, blocks } = this.#ports;
    this.#span = MAX_RANGE_BLOCKS;
    const { header } = await fetcher.block(target, null);
    // While the block was fetched it may have become final in the ordinary way, and others on top of it.
    if (chain.store.blockByHash(target) !== null) return;
    const ours = chain.store.blockHashByNumber(header.number);
    if (ours !== null) throw new FinalityConflictError(header.number, ours, target);
    const hashes = await this.#hashesBelow(header.number, header.parentHash);
    for (let from = chain.tree.root.height + 1n; from < header.number; from = chain.tree.root.height + 1n) {
      const to = least(from + BigInt(MAX_RANGE_BLOCKS) - 1n, header.number - 1n);
      const range = await fetcher.range(from, to, (answer) => matches(answer, from, hashes));
      for (const entry of range.blocks) await this.#commit(entry);
    }
    await this.#unlessFinal(target, () => blocks.ensure(target, null));
  }

  /** Hash of every block from our head (excluded) up to `top − 1`, by following the parent links down from `parentHash`. */
  async #hashesBelow(top: bigint, parentHash: Hash): Promise<Map<bigint, Hash>> {
    const head = this.#ports.chain.tree.root;
    const hashes = new Map<bigint, Hash>();
    let expected = parentHash;
    let height = top - 1n;
    while (height > head.height) {
      const links = await this.#linksDown(head.height + 1n, height, expected);
      for (const [hash, parent] of links.reverse()) {
        hashes.set(height, hash);
        expected = parent;
        height--;
      }
    }
    if (expected !== head.hash) throw new FinalityConflictError(head.height, head.hash, expected);
    return hashes;
  }

  /** Links down from `to`, whose hash is `last`, at most to `lowest`: of a range, or that one block's when no peer gives it. */
  async #linksDown(lowest: bigint, to: bigint, last: Hash): Promise<[hash: Hash, parent: Hash][]> {
    const { fetcher } = this.#ports;
    const from = greatest(to - BigInt(this.#span) + 1n, lowest);
    try {
      if (from < to) return linksOf(await fetcher.range(from, to, (answer) => linksTo(answer, from, to, last)));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      // A peer cuts an answer short that is too much for one message, and then its end is missing.
      this.#span = Math.max(1, Math.floor(this.#span / 4));
    }
    const { header } = await fetcher.block(last, null);
    return [[last, header.parentHash]];
  }

  async #commit({ block, chunks }: FetchedBlock): Promise<void> {
    const { blocks, finalizer } = this.#ports;
    for (const chunk of chunks) this.#ports.chunks.hold(hashChunkHeader(chunk.header), chunk, SENDER);
    const hash = hashBlockHeader(block.header);
    await this.#unlessFinal(hash, async () => finalizer.commitNext(await blocks.executeFrom(block, hash, null)));
  }

  /** The ordinary way may be faster, and leave nothing to execute the block on. */
  async #unlessFinal(hash: Hash, work: () => Promise<unknown>): Promise<void> {
    const isFinal = (): boolean => this.#ports.chain.store.blockByHash(hash) !== null;
    if (isFinal()) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SupersededError) || !isFinal()) throw error;
    }
  }
}

function linksOf(range: FetchedRange): [hash: Hash, parent: Hash][] {
  return range.blocks.map(({ block }) => [hashBlockHeader(block.header), block.header.parentHash]);
}

/** The whole range, linked within and ending in `last`. */
function linksTo(range: FetchedRange, from: bigint, to: bigint, last: Hash): boolean {
  const links = linksOf(range);
  if (BigInt(links.length) !== to - from + 1n) return false;
  return links.every(([hash], i) => hash === (links[i + 1]?.[1] ?? last));
}

/** At least one block, each being the one that the links named for its height, with what it and its chunks commit. */
function matches(range: FetchedRange, from: bigint, hashes: ReadonlyMap<bigint, Hash>): boolean {
  if (range.blocks.length === 0) return false;
  return range.blocks.every(({ block, chunks }, i) => {
    const height = from + BigInt(i);
    const isNamed = block.header.number === height && hashes.get(height) === hashBlockHeader(block.header);
    return isNamed && blockMatchesHeader(block) && chunks.every(bodyMatchesHeader);
  });
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
