import type { Cancel } from '@heddle/runtime';
import { type Hash, hashBlockHeader, type TupleCertificate } from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { Finalizer } from '../chain/finalizer.ts';
import { FinalityConflictError, SupersededError, UnavailableError } from '../errors.ts';
import { CATCH_UP_RETRY_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { FetchedBlock } from '../peers/peer-link.ts';
import { BlockStream } from './block-stream.ts';
import { HashTrail } from './hash-trail.ts';
import { type Syncing, SyncProgress } from './sync-progress.ts';

type Parts = Pick<Foundation, 'chain' | 'fetcher' | 'clock' | 'scheduler' | 'log'> &
  Telling<'fatal'> & {
    readonly blocks: BlockService;
    readonly finalizer: Finalizer;
  };

/**
 * Brings the chain to a finalized block that this node has not executed. Nothing is believed but the finalization:
 * the hash links are followed backward from the certified block to our head (`HashTrail`), then the blocks are executed
 * forward and committed one by one, while the next ones are fetched (`BlockStream`). So it holds a few answers with blocks,
 * whatever the gap, and whatever a block has it gets through: a range has at least one block, the chunks that did not fit
 * are fetched by their hashes, and where there is no range the block is. One run at a time, to its end; a newer target waits.
 */
export class CatchUp {
  readonly #parts: Parts;
  readonly #log: Logger;
  #running: Promise<void> | null = null;
  /** Of the run; null without one. */
  #progress: SyncProgress | null = null;
  #next: TupleCertificate | null = null;
  /** The way to the target, kept while that is tried again. */
  #trail: HashTrail | null = null;
  #cancelRetry: Cancel = () => {};
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('catch-up');
  }

  get active(): boolean {
    return this.#running !== null;
  }

  /** How far the run is; null without one. */
  get syncing(): Syncing | null {
    return this.#progress?.state ?? null;
  }

  /** The block and its ancestors are final: they are committed, after what is missing has been fetched. */
  finalized(certificate: TupleCertificate): void {
    const { finalizer, events } = this.#parts;
    const settle = async (): Promise<void> => {
      if (!(await finalizer.finalize(certificate))) await this.to(certificate);
    };
    settle().catch((error: unknown) => events.fatal(error));
  }

  /**
   * Resolves when the target, or a newer one, is committed. What the peers can't supply now is asked for again: the
   * finalization is not reported twice, and the next one may be long in coming.
   */
  to(certificate: TupleCertificate): Promise<void> {
    this.#next = certificate;
    if (this.#running === null) {
      const { chain, clock } = this.#parts;
      this.#progress = new SyncProgress(chain.tree.root.height, clock.monotonicMs());
      this.#running = this.#run().finally(() => {
        this.#running = null;
        this.#progress = null;
      });
    }
    return this.#running;
  }

  /** No further attempt is made. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  async #run(): Promise<void> {
    for (let target = this.#takeNext(); target !== null && !this.#stopped; ) {
      if (await this.#reach(target)) {
        target = this.#takeNext();
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#cancelRetry = this.#parts.scheduler.after(CATCH_UP_RETRY_MS, resolve);
      });
    }
  }

  #takeNext(): TupleCertificate | null {
    const next = this.#next;
    this.#next = null;
    this.#trail = null;
    return next;
  }

  /** False when the peers can't supply what is missing. */
  async #reach(target: TupleCertificate): Promise<boolean> {
    const { finalizer } = this.#parts;
    try {
      if (await finalizer.finalize(target)) return true;
      await this.#fetchAndCommit(target.tuple.blockHash);
      return await finalizer.finalize(target);
    } catch (error) {
      if (!(error instanceof UnavailableError) && !(error instanceof SupersededError)) throw error;
      this.#log.warn('catch-up waits', { reason: error.message });
      return false;
    }
  }

  /** Up to the certified block, which is executed here; its caller commits it, with its certificate. */
  async #fetchAndCommit(target: Hash): Promise<void> {
    const { chain, fetcher, blocks } = this.#parts;
    const block = await fetcher.block(target, null);
    // While the block was fetched it may have become final in the ordinary way, and others on top of it.
    if (chain.store.blockByHash(target) !== null) return;
    const { number, parentHash } = block.header;
    this.#progress?.targeted(number);
    const ours = chain.store.blockHashByNumber(number);
    if (ours !== null) throw new FinalityConflictError(number, ours, target);
    this.#trail ??= new HashTrail(fetcher, { height: number - 1n, hash: parentHash });
    for (;;) {
      const hashes = await this.#trail.segmentAbove(chain.tree.root);
      if (hashes.size === 0) break;
      await this.#commitSegment(hashes);
    }
    await this.#unlessFinal(target, () => blocks.executeFrom(block, target, null));
  }

  /** Blocks from our head to the highest of `hashes`. */
  async #commitSegment(hashes: ReadonlyMap<bigint, Hash>): Promise<void> {
    const { chain, fetcher } = this.#parts;
    const stream = new BlockStream(fetcher, hashes);
    for (;;) {
      const fetched = await stream.next(chain.tree.root.height);
      if (fetched === null) return;
      for (const entry of fetched) {
        await this.#commit(entry);
        this.#tell();
      }
    }
  }

  #tell(): void {
    const { chain, clock } = this.#parts;
    const line = this.#progress?.reached(chain.tree.root.height, clock.monotonicMs()) ?? null;
    if (line !== null) this.#log.info(line);
  }

  async #commit({ block, chunks }: FetchedBlock): Promise<void> {
    const { blocks, finalizer } = this.#parts;
    const hash = hashBlockHeader(block.header);
    await this.#unlessFinal(hash, async () => finalizer.commitNext(await blocks.executeFinal(block, hash, chunks)));
  }

  /** The ordinary way may be faster, and leave nothing to execute the block on. */
  async #unlessFinal(hash: Hash, work: () => Promise<unknown>): Promise<void> {
    const isFinal = (): boolean => this.#parts.chain.store.blockByHash(hash) !== null;
    if (isFinal()) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SupersededError) || !isFinal()) throw error;
    }
  }
}
