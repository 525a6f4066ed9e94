import type { Cancel, Clock, Scheduler } from './clock.ts';
import { InvalidDelayError, RunawayScheduleError } from './errors.ts';
import { MAX_TASKS_PER_ADVANCE, MIN_CANCELLED_BEFORE_REBUILD, SETTLED_BETWEEN_TURNS } from './limits.ts';
import { type ScheduledTask, TimerHeap } from './timer-heap.ts';

export interface VirtualTimeOptions {
  /** What the wall clock shows at the start, milliseconds since 1970. */
  readonly startWallMs: number;
}

/** A clock and a scheduler that move only when told to: the same calls give the same run. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Tasks that wait, cancelled ones not counted. */
  pending(): number;
  /** When the next task is due, in monotonic ms; null if none waits. */
  nextDueMs(): number | null;
  /**
   * Runs everything that falls due within `durationMs`, in order of time and then of scheduling, and leaves the clock
   * at the end of it. Returns how many tasks ran. A task that throws ends the call; what is left can be run by the next.
   * @throws InvalidDelayError, RunawayScheduleError
   */
  advance(durationMs: number): number;
  /** Like `advance`, but lets promises settle before and after each task. */
  advanceAsync(durationMs: number): Promise<number>;
  /** Runs task by task until `done()`; gives up when nothing is due within `limitMs` from now. Returns `done()`. */
  runUntil(done: () => boolean, limitMs: number): boolean;
  /** Like `runUntil`, but lets promises settle before and after each task. */
  runUntilAsync(done: () => boolean, limitMs: number): Promise<boolean>;
  /** Moves the wall clock alone, as an operator or NTP would. May be negative. */
  jumpWall(byMs: number): void;
}

/** Counts up to `SETTLED_BETWEEN_TURNS`. It decides nothing that a run can see. */
let settledInARow = 0;

/** Virtual time from monotonic 0. */
export function createVirtualTime(options: VirtualTimeOptions): VirtualTime {
  const core = new VirtualCore();
  let wallOffsetMs = options.startWallMs;
  return {
    clock: { wallMs: () => core.nowMs + wallOffsetMs, monotonicMs: () => core.nowMs },
    scheduler: {
      after: (delayMs, task) => core.schedule(delayMs, task),
      soon: (task): void => {
        core.schedule(0, task);
      },
    },
    pending: () => core.pending(),
    nextDueMs: () => core.nextDueMs(),
    advance: (durationMs) => core.advance(durationMs),
    advanceAsync: (durationMs) => core.advanceAsync(durationMs),
    runUntil: (done, limitMs) => core.runUntil(done, limitMs),
    runUntilAsync: (done, limitMs) => core.runUntilAsync(done, limitMs),
    jumpWall: (byMs): void => {
      wallOffsetMs += byMs;
    },
  };
}

class VirtualCore {
  nowMs = 0;
  private readonly heap = new TimerHeap();
  private nextSequence = 0;
  private cancelledCount = 0;

  pending(): number {
    return this.heap.size - this.cancelledCount;
  }

  nextDueMs(): number | null {
    this.skipCancelled();
    return this.heap.peek()?.dueMs ?? null;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    checkDelay(delayMs);
    const item: ScheduledTask = {
      dueMs: this.nowMs + delayMs,
      sequence: this.nextSequence++,
      task,
      cancelled: false,
    };
    this.heap.push(item);
    return () => this.cancel(item);
  }

  advance(durationMs: number): number {
    const endMs = this.endOf(durationMs);
    let tasksRun = 0;
    for (let item = this.takeDue(endMs); item !== null; item = this.takeDue(endMs)) {
      tasksRun = this.countTask(tasksRun);
      item.task();
    }
    this.nowMs = endMs;
    return tasksRun;
  }

  async advanceAsync(durationMs: number): Promise<number> {
    const endMs = this.endOf(durationMs);
    let tasksRun = 0;
    await settlePromises();
    for (let item = this.takeDue(endMs); item !== null; item = this.takeDue(endMs)) {
      tasksRun = this.countTask(tasksRun);
      item.task();
      await settlePromises();
    }
    this.nowMs = endMs;
    return tasksRun;
  }

  runUntil(done: () => boolean, limitMs: number): boolean {
    const endMs = this.endOf(limitMs);
    let tasksRun = 0;
    while (!done()) {
      const item = this.takeDue(endMs);
      if (item === null) return false;
      tasksRun = this.countTask(tasksRun);
      item.task();
    }
    return true;
  }

  async runUntilAsync(done: () => boolean, limitMs: number): Promise<boolean> {
    const endMs = this.endOf(limitMs);
    let tasksRun = 0;
    await settlePromises();
    while (!done()) {
      const item = this.takeDue(endMs);
      if (item === null) return false;
      tasksRun = this.countTask(tasksRun);
      item.task();
      await settlePromises();
    }
    return true;
  }

  private endOf(durationMs: number): number {
    checkDelay(durationMs);
    return this.nowMs + durationMs;
  }

  /** Takes the next task due at or before `endMs` and moves the clock to it. */
  private takeDue(endMs: number): ScheduledTask | null {
    this.skipCancelled();
    const next = this.heap.peek();
    if (next === null || next.dueMs > endMs) return null;
    this.heap.pop();
    this.nowMs = next.dueMs;
    // It has run: cancelling it from now on must not be counted.
    next.cancelled = true;
    return next;
  }

  private cancel(item: ScheduledTask): void {
    if (item.cancelled) return;
    item.cancelled = true;
    this.cancelledCount += 1;
    if (this.cancelledCount >= MIN_CANCELLED_BEFORE_REBUILD && this.cancelledCount * 2 > this.heap.size) {
      this.heap.dropCancelled();
      this.cancelledCount = 0;
    }
  }

  private skipCancelled(): void {
    for (let top = this.heap.peek(); top?.cancelled === true; top = this.heap.peek()) {
      this.heap.pop();
      this.cancelledCount -= 1;
    }
  }

  private countTask(tasksRun: number): number {
    if (tasksRun >= MAX_TASKS_PER_ADVANCE) throw new RunawayScheduleError(tasksRun, this.nowMs);
    return tasksRun + 1;
  }
}

/** @throws InvalidDelayError */
function checkDelay(delayMs: number): void {
  if (!Number.isFinite(delayMs) || delayMs < 0) throw new InvalidDelayError(delayMs);
}

/**
 * Returns after every promise reaction that is due has run: Node takes the next tick only when the microtask queue is
 * empty, and the tick is asked for from within that queue. Much cheaper than a turn of the event loop, which comes only
 * now and then, so that signals and messages from outside are heard.
 */
function settlePromises(): Promise<void> {
  settledInARow = (settledInARow + 1) % SETTLED_BETWEEN_TURNS;
  return new Promise((resolve) => {
    if (settledInARow === 0) setImmediate(resolve);
    else queueMicrotask(() => process.nextTick(resolve));
  });
}
