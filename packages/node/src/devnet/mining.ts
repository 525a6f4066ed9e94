import { type MiningMode, SerialQueue } from '@heddle/rpc';
import type { Cancel, Scheduler } from '@heddle/runtime';
import { type ControlOperation, MAX_RUN_BLOCKS } from '@heddle/types';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { ControlFailedError } from '../errors.ts';
import { CONTROL_WAIT_MS } from '../limits.ts';
import { asError, type Logger } from '../logger.ts';
import type { NodeGroup } from '../rpc-backend/node-group.ts';
import type { ControlSequencer } from './control-sequencer.ts';
import { checkLatest, type DevnetClock } from './devnet-clock.ts';

interface Parts {
  readonly group: NodeGroup;
  readonly control: ControlSequencer;
  readonly clock: DevnetClock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
}

/** When a devnet makes blocks: for transactions, every so many seconds, or when its owner says so; and making them. */
export class Mining {
  readonly #parts: Parts;
  readonly #turns = new SerialQueue<'mine'>();
  #mode: MiningMode = { kind: 'auto' };
  #cancelTick: Cancel = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.group.onJoin((node) => {
      node.automine = this.#mode.kind === 'auto';
    });
  }

  get mode(): MiningMode {
    return this.#mode;
  }

  set mode(mode: MiningMode) {
    this.#cancelTick();
    this.#mode = mode;
    for (const node of this.#parts.group.running.values()) node.automine = mode.kind === 'auto';
    if (mode.kind === 'interval') this.#tickAfter(mode.seconds);
  }

  stop(): void {
    this.#cancelTick();
    this.#mode = { kind: 'manual' };
  }

  /**
   * Until there are exactly `count` more blocks, those that come meanwhile by themselves included. The first takes what waits in the pool, the others are
   * empty. `interval`: seconds that time moves on before each, but for a first whose timestamp is settled;
   * null lets it be.
   */
  mine(count: bigint, interval: bigint | null): Promise<void> {
    return this.#turns.run('mine', () => this.#mine(count, interval));
  }

  /** Nothing is mined, and no control operation done, while `task` runs. */
  pausedFor<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#turns.run('mine', () => this.#parts.control.alone(task));
  }

  async #mine(count: bigint, interval: bigint | null): Promise<void> {
    const { group, clock, control } = this.#parts;
    const target = this.#height + count;
    if (count > 0n && group.primary().pool.hasExecutable(0n)) {
      if (interval !== null) clock.increase(interval);
      await control.alone(() => this.#mineOrdinary());
    }
    while (this.#height < target) await control.submit((head) => this.#runOn(head, target, interval));
  }

  get #height(): bigint {
    return this.#parts.group.primary().chain.tree.root.height;
  }

  /** A block like any other: what waits goes into it. */
  #mineOrdinary(): Promise<void> {
    const { group, scheduler } = this.#parts;
    const target = group.primary().chain.tree.root.height + 1n;
    return new Promise((resolve, reject) => {
      const unsubscribe = group.onBlock(({ block }) => {
        if (block.header.number < target) return;
        end();
        resolve();
      });
      const cancel = scheduler.after(CONTROL_WAIT_MS, () => {
        end();
        reject(new ControlFailedError(`block ${target} did not become final within ${CONTROL_WAIT_MS / 1_000} s`));
      });
      const end = (): void => {
        unsubscribe();
        cancel();
      };
      for (const node of group.running.values()) node.wantHeight(target);
    });
  }

  /** As many empty blocks up to `target` as one run may have here. */
  #runOn(head: ExecutedBlock, target: bigint, interval: bigint | null): readonly ControlOperation[] {
    const { group, clock } = this.#parts;
    const { epochs } = group.primary().chain;
    const room = epochs.nextMarkAbove(head.height) - head.height;
    const left = target - head.height;
    if (left <= 0n) return [];
    const count = [left, room, MAX_RUN_BLOCKS].reduce((least, bound) => (bound < least ? bound : least));
    const earliest = head.block.header.timestamp;
    const now = clock.nowSeconds + (clock.isPinned ? 0n : (interval ?? 0n));
    const firstTimestamp = now > earliest ? now : earliest;
    const spacing = clock.interval ?? interval ?? 0n;
    checkLatest(firstTimestamp + spacing * (count - 1n));
    return [{ kind: 'mine', count, firstTimestamp, interval: spacing }];
  }

  #tickAfter(seconds: bigint): void {
    this.#cancelTick = this.#parts.scheduler.after(Number(seconds) * 1_000, () => {
      void this.#tick(seconds);
    });
  }

  /** The next one is awaited from when this one is due, and is not before it is done. */
  async #tick(seconds: bigint): Promise<void> {
    const mode = this.#mode;
    const done = this.mine(1n, null).catch((error: unknown) =>
      this.#parts.log.warn('no block in this interval', { error: asError(error) }),
    );
    const waited = new Promise<void>((resolve) => {
      this.#cancelTick = this.#parts.scheduler.after(Number(seconds) * 1_000, resolve);
    });
    await done;
    await waited;
    if (this.#mode === mode) void this.#tick(seconds);
  }
}
