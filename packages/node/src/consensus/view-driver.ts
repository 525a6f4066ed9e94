import { type ChunkInput, proposalDeadlineMs } from '@heddle/consensus';
import type { Cancel, Scheduler } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { InvalidBlockError, SupersededError, UnavailableError } from '../errors.ts';
import { PARENT_GRACE_MS, PARENT_RETRY_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { EnteredView } from './effect-performer.ts';
import type { WorkMonitor } from './work-monitor.ts';

export interface ViewDriverPorts {
  readonly blocks: BlockService;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly work: WorkMonitor;
  /** D of the genesis. */
  readonly chunkDeadlineMs: number;
  /** The parent, if it is executed. */
  executed(hash: Hash): ExecutedBlock | null;
  pushChunk(input: ChunkInput): void;
  /** Height of the epoch's last block. */
  readonly boundary: bigint;
  /** The view stands on the epoch's last block: nobody makes chunks on it. */
  onBoundary(view: bigint, boundary: ExecutedBlock): void;
  fatal(error: unknown): void;
}

/**
 * Between the engine's view and the chunk protocol: the chunks of a view can be built and judged only when its parent
 * is executed here, so the protocol hears of the view when that is so.
 */
export class ViewDriver {
  readonly #ports: ViewDriverPorts;
  #current: EnteredView | null = null;
  #retry: Cancel | null = null;
  #alarm: Cancel | null = null;
  #stopped = false;
  #extensionMs = 0;

  constructor(ports: ViewDriverPorts) {
    this.#ports = ports;
  }

  /**
   * What the view's timeouts are longer by, ms: the leader waits so much longer for shards that have been missing
   * (protocol.md, Blocks and chunks). A function of the parent, so that everyone extends alike.
   */
  get extensionMs(): number {
    return this.#extensionMs;
  }

  enter(entered: EnteredView): void {
    this.#current = entered;
    this.#extensionMs = 0;
    this.#cancelTimers();
    this.#prepare(entered).catch((error: unknown) => this.#ports.fatal(error));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimers();
    this.#current = null;
  }

  #cancelTimers(): void {
    this.#retry?.();
    this.#alarm?.();
    this.#retry = null;
    this.#alarm = null;
  }

  async #prepare(entered: EnteredView): Promise<void> {
    const { work, executed, scheduler } = this.#ports;
    const known = executed(entered.parentHash);
    if (known !== null) return this.#begin(entered, known);
    // Who executes more slowly than a quorum has it in a moment; to call that work would make an empty block.
    this.#alarm = scheduler.after(PARENT_GRACE_MS, () => work.enterUnknown());
    try {
      const parent = await this.#ports.blocks.ensure(entered.parentHash, null);
      if (this.#current === entered && !this.#stopped) this.#begin(entered, parent);
    } catch (error) {
      this.#postpone(entered, error);
    }
  }

  #begin(entered: EnteredView, parent: ExecutedBlock): void {
    this.#cancelTimers();
    // [B3] Chunks on it are the next epoch's: until it is final it is only proposed again.
    if (parent.height === this.#ports.boundary) {
      this.#ports.work.enterView(parent);
      this.#ports.onBoundary(entered.view, parent);
      return;
    }
    const missed = parent.shards.map((tip) => tip.missed);
    this.#extensionMs = proposalDeadlineMs(this.#ports.chunkDeadlineMs, missed) - this.#ports.chunkDeadlineMs;
    this.#ports.work.enterView(parent);
    this.#ports.pushChunk({
      kind: 'view',
      view: entered.view,
      leader: entered.leader,
      parentHash: entered.parentHash,
      height: parent.height + 1n,
      missed,
    });
  }

  /** The others have the parent and will not wait; as long as this view lasts it is asked for again. */
  #postpone(entered: EnteredView, error: unknown): void {
    const isExpected =
      error instanceof UnavailableError || error instanceof SupersededError || error instanceof InvalidBlockError;
    if (!isExpected) throw error;
    if (this.#current !== entered || this.#stopped) return;
    this.#ports.log.warn('parent of the view is not executed', { view: entered.view, reason: error.message });
    this.#retry = this.#ports.scheduler.after(PARENT_RETRY_MS, () => this.enter(entered));
  }
}
