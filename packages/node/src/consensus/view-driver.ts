import { type ChunkInput, proposalDeadlineMs } from '@heddle/consensus';
import type { Cancel, Scheduler } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { BehindError, isExecutionSetback } from '../errors.ts';
import { MAX_MISSING_ANCESTORS, MAX_UNFINAL_ANCESTORS, PARENT_GRACE_MS, PARENT_RETRY_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { EnteredView } from './effect-performer.ts';
import type { WorkMonitor } from './work-monitor.ts';

export interface ViewDriverPorts {
  readonly blocks: Pick<BlockService, 'ensure'>;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly work: Pick<WorkMonitor, 'enterView' | 'enterUnknown'>;
  /** D of the genesis. */
  readonly chunkDeadlineMs: number;
  /** The parent, if it is executed. */
  executed(hash: Hash): ExecutedBlock | null;
  pushChunk(input: ChunkInput): void;
  /** Timers that run for the view already are to run for so much longer. */
  prolong(view: bigint, byMs: number): void;
  /** Height of the epoch's last block. */
  readonly boundary: bigint;
  /** The view stands on the epoch's last block: nobody makes chunks on it. */
  onBoundary(view: bigint, boundary: ExecutedBlock): void;
  /** Asks the others for what is final. */
  askForFinal(): void;
  /** What is final is known here and being fetched. */
  isCatchingUp(): boolean;
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
    this.#start(entered, MAX_MISSING_ANCESTORS);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimers();
    this.#current = null;
  }

  #start(entered: EnteredView, maxAncestors: number): void {
    this.#current = entered;
    this.#extensionMs = 0;
    this.#cancelTimers();
    this.#prepare(entered, maxAncestors).catch((error: unknown) => this.#ports.fatal(error));
  }

  #cancelTimers(): void {
    this.#retry?.();
    this.#alarm?.();
    this.#retry = null;
    this.#alarm = null;
  }

  async #prepare(entered: EnteredView, maxAncestors: number): Promise<void> {
    const { work, executed, scheduler } = this.#ports;
    const known = executed(entered.parentHash);
    if (known !== null) return this.#begin(entered, known);
    // Who executes more slowly than a quorum has it in a moment; to call that work would make an empty block.
    this.#alarm = scheduler.after(PARENT_GRACE_MS, () => work.enterUnknown());
    try {
      const parent = await this.#ports.blocks.ensure(entered.parentHash, null, maxAncestors);
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
    // Who executes the parent more slowly than a quorum had its timers set before it knew how long they are.
    this.#ports.prolong(entered.view, this.#extensionMs);
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
    if (!isExecutionSetback(error)) throw error;
    if (this.#current !== entered || this.#stopped) return;
    this.#ports.log.warn('parent of the view is not executed', { view: entered.view, reason: error.message });
    const isBehind = error instanceof BehindError;
    if (isBehind) this.#ports.askForFinal();
    this.#retry = this.#ports.scheduler.after(PARENT_RETRY_MS, () => {
      // Who is behind and has heard of nothing newer that is final lacks blocks that nobody has as final.
      const isUnfinal = isBehind && !this.#ports.isCatchingUp();
      this.#start(entered, isUnfinal ? MAX_UNFINAL_ANCESTORS : MAX_MISSING_ANCESTORS);
    });
  }
}
