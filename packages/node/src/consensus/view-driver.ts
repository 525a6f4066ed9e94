import { proposalDeadlineMs } from '@heddle/consensus';
import type { Cancel } from '@heddle/runtime';
import type { Genesis, Hash, ValidatorIndex } from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { BlockTree } from '../chain/block-tree.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import type { MemberInputs, MemberParts } from '../epochs/member-parts.ts';
import type { EpochSchedule } from '../epochs/schedule.ts';
import { BehindError, isExecutionSetback } from '../errors.ts';
import { MAX_MISSING_ANCESTORS, MAX_UNFINAL_ANCESTORS, PARENT_GRACE_MS, PARENT_RETRY_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Telling } from '../parts/events.ts';
import type { CatchUp } from '../sync/catch-up.ts';
import type { Proposer } from './proposer.ts';
import { EXTENDED_TIMERS, type ViewTimers } from './timers.ts';
import type { WorkMonitor } from './work-monitor.ts';

/** A view as the engine entered it. */
export interface EnteredView {
  readonly view: bigint;
  readonly leader: ValidatorIndex;
  readonly parentHash: Hash;
}

/** Narrow, so that it can be driven alone. */
type Parts = Pick<MemberParts, 'scheduler' | 'log'> &
  Telling<'fatal'> & {
    readonly chain: {
      readonly genesis: Pick<Genesis, 'chunkDeadlineMs'>;
      readonly epochs: Pick<EpochSchedule, 'boundaryOf'>;
      readonly tree: Pick<BlockTree, 'get'>;
    };
    readonly validators: Pick<EpochValidators, 'epoch'>;
    readonly blocks: Pick<BlockService, 'ensure'>;
    readonly catchUp: Pick<CatchUp, 'active'>;
    readonly work: Pick<WorkMonitor, 'enterView' | 'enterUnknown'>;
    readonly proposer: Pick<Proposer, 'onBoundary'>;
    readonly timers: Pick<ViewTimers, 'prolong'>;
    readonly inputs: Pick<MemberInputs, 'chunks'>;
  };

/**
 * Between the engine's view and the chunk protocol: the chunks of a view can be built and judged only when its parent
 * is executed here, so the protocol hears of the view when that is so.
 */
export class ViewDriver {
  readonly #parts: Parts;
  readonly #log: Logger;
  /** Asks the others for what is final. */
  readonly #askForFinal: () => void;
  #current: EnteredView | null = null;
  #retry: Cancel | null = null;
  #alarm: Cancel | null = null;
  #stopped = false;
  #extensionMs = 0;

  constructor(parts: Parts, askForFinal: () => void) {
    this.#parts = parts;
    this.#log = parts.log.child('views');
    this.#askForFinal = askForFinal;
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
    this.#prepare(entered, maxAncestors).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  #cancelTimers(): void {
    this.#retry?.();
    this.#alarm?.();
    this.#retry = null;
    this.#alarm = null;
  }

  async #prepare(entered: EnteredView, maxAncestors: number): Promise<void> {
    const { chain, work, scheduler } = this.#parts;
    const known = chain.tree.get(entered.parentHash);
    if (known !== null) return this.#begin(entered, known);
    // Who executes more slowly than a quorum has it in a moment; to call that work would make an empty block.
    this.#alarm = scheduler.after(PARENT_GRACE_MS, () => work.enterUnknown());
    try {
      const parent = await this.#parts.blocks.ensure(entered.parentHash, null, maxAncestors);
      if (this.#current === entered && !this.#stopped) this.#begin(entered, parent);
    } catch (error) {
      this.#postpone(entered, error);
    }
  }

  #begin(entered: EnteredView, parent: ExecutedBlock): void {
    const { chain, validators, work, proposer, inputs } = this.#parts;
    this.#cancelTimers();
    // [B3] Chunks on it are the next epoch's: until it is final it is only proposed again.
    if (parent.height === chain.epochs.boundaryOf(validators.epoch)) {
      work.enterView(parent);
      proposer.onBoundary(entered.view, parent);
      return;
    }
    const missed = parent.shards.map((tip) => tip.missed);
    const { chunkDeadlineMs } = chain.genesis;
    this.#extensionMs = proposalDeadlineMs(chunkDeadlineMs, missed) - chunkDeadlineMs;
    // Who executes the parent more slowly than a quorum had its timers set before it knew how long they are.
    for (const timer of EXTENDED_TIMERS) this.#parts.timers.prolong(timer, entered.view, this.#extensionMs);
    work.enterView(parent);
    inputs.chunks({
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
    this.#log.warn('parent of the view is not executed', { view: entered.view, reason: error.message });
    const isBehind = error instanceof BehindError;
    if (isBehind) this.#askForFinal();
    this.#retry = this.#parts.scheduler.after(PARENT_RETRY_MS, () => {
      // Who is behind and has heard of nothing newer that is final lacks blocks that nobody has as final.
      const isUnfinal = isBehind && !this.#parts.catchUp.active;
      this.#start(entered, isUnfinal ? MAX_UNFINAL_ANCESTORS : MAX_MISSING_ANCESTORS);
    });
  }
}
