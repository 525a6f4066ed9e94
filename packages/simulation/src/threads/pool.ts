import { assert } from '@heddle/primitives';
import type { JobKind, Results, SimulationRunner, Tasks } from '../engine/job.ts';
import {
  SimulationBusyError,
  SimulationCancelledError,
  SimulationFailedError,
  SimulationTimeoutError,
} from '../errors.ts';
import type { StateSource } from '../types.ts';
import { Foreseer } from './foresight.ts';
import { JobQueue } from './job-queue.ts';
import {
  ABANDONED_JOB_MS,
  JOB_TIME_MS,
  LONG_JOB_MS,
  MAX_ASSIGNED_JOBS,
  MAX_DEATHS_IN_A_ROW,
  MAX_WAITING_JOBS,
  MAX_WORKERS,
  TICK_MS,
} from './limits.ts';
import { PendingJob } from './pending-job.ts';
import { WorkerThread } from './worker-thread.ts';

export interface SimulationPoolOptions {
  /** Most worker threads. With one alone a long job keeps all others waiting. */
  readonly workers: number;
  /** On this thread: what workers read is asked of it. */
  readonly source: StateSource;
  /** How long one job may run, milliseconds; `JOB_TIME_MS` but in tests. */
  readonly jobTimeMs: number;
  /** Where workers begin; `SIMULATION_WORKER` but in tests. */
  readonly entry: URL;
}

/** Worker threads that do simulation jobs. */
export interface SimulationPool extends SimulationRunner {
  /** Starts the first worker, so that the first job need not wait for that. */
  warmUp(): void;
  /** Ends the workers; jobs that are not done reject with `SimulationCancelledError`. */
  close(): Promise<void>;
}

export const SIMULATION_WORKER: URL = new URL('./simulation-worker.ts', import.meta.url);

/** Workers start with the first jobs, or `warmUp`. They keep the process alive only while a job runs. */
export function startSimulationPool(options: Pick<SimulationPoolOptions, 'workers' | 'source'>): SimulationPool {
  return createSimulationPool({ ...options, jobTimeMs: JOB_TIME_MS, entry: SIMULATION_WORKER });
}

/** As `startSimulationPool`, with everything said. */
export function createSimulationPool(options: SimulationPoolOptions): SimulationPool {
  const { workers } = options;
  assert(Number.isInteger(workers) && workers > 0 && workers <= MAX_WORKERS, `a pool has 1 … ${MAX_WORKERS} workers`);
  return new WorkerPool(options);
}

/** Jobs before every worker from which another one is started. */
const BUSY_LOAD = MAX_ASSIGNED_JOBS / 2;

class WorkerPool implements SimulationPool {
  readonly #options: SimulationPoolOptions;
  readonly #threads: Set<WorkerThread> = new Set();
  readonly #ending: Set<Promise<void>> = new Set();
  /** Nothing is known of these jobs: they may well be short. */
  readonly #usual = new JobQueue();
  /** These have run for long once, or those before them from the same client did. */
  readonly #long = new JobQueue();
  /** Clients, by their connection's or batch's signal, of which a job took long. */
  readonly #longClients: WeakSet<AbortSignal> = new WeakSet();
  readonly #foreseer = new Foreseer();
  #ticking: NodeJS.Timeout | null = null;
  #lastId = 0;
  #deathsInARow = 0;
  #isClosed = false;

  constructor(options: SimulationPoolOptions) {
    this.#options = options;
  }

  warmUp(): void {
    if (!this.#isClosed && this.#threads.size === 0) this.#start();
  }

  run<Kind extends JobKind>(kind: Kind, task: Tasks[Kind], signal: AbortSignal): Promise<Results[Kind]> {
    const { promise, resolve, reject } = Promise.withResolvers<Results[Kind]>();
    const refusal = this.#refusal(signal);
    if (refusal !== null) return Promise.reject(refusal);
    this.#lastId += 1;
    const isLong = this.#longClients.has(signal);
    const job = new PendingJob(this.#lastId, { job: { kind, task }, signal, isLong }, resolve, reject);
    (isLong ? this.#long : this.#usual).push(job);
    this.#dispatch();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new SimulationCancelledError();
    for (const thread of [...this.#threads]) {
      thread.runningJob?.fail(error);
      this.#end(thread);
    }
    this.#failWaiting(error);
    this.#rest();
    await Promise.all(this.#ending);
  }

  #refusal(signal: AbortSignal): Error | null {
    if (this.#isClosed || signal.aborted) return new SimulationCancelledError();
    const waiting = this.#usual.lengthUpTo(MAX_WAITING_JOBS) + this.#long.lengthUpTo(MAX_WAITING_JOBS);
    return waiting >= MAX_WAITING_JOBS ? new SimulationBusyError(waiting) : null;
  }

  /** Gives out what can be given out. */
  #dispatch(): void {
    this.#dispatchLong();
    while (!this.#usual.isEmpty) {
      const thread = this.#roomForUsual();
      const job = thread === null ? null : this.#usual.take();
      if (thread === null || job === null || !this.#assign(thread, job)) break;
    }
    if (this.#isIdle()) this.#rest();
    else this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** One worker is kept free of long jobs, if there are two. One that has usual jobs finishes them first. */
  #dispatchLong(): void {
    while (!this.#long.isEmpty) {
      const drained = this.#ready().find(({ isDraining, load }) => isDraining && load === 0);
      const taken = [...this.#threads].filter(({ isLong, isDraining }) => isLong || isDraining).length;
      if (drained === undefined && taken >= this.#mostLong) return;
      const thread = drained ?? this.#leastLoaded();
      if (thread === null) {
        this.#start();
        return;
      }
      thread.isDraining = thread.load > 0;
      const job = thread.isDraining ? null : this.#long.take();
      if (job === null) return;
      thread.isLong = this.#assign(thread, job);
    }
  }

  /** Workers that may run long jobs while others wait. */
  get #mostLong(): number {
    return Math.max(1, this.#options.workers - 1);
  }

  /** The worker with the least before it. Another one is started when all are busy. */
  #roomForUsual(): WorkerThread | null {
    const best = this.#leastLoaded();
    if (best?.load === 0) return best;
    if (best === null || best.load >= BUSY_LOAD || best.runningMs(performance.now()) >= TICK_MS) this.#start();
    if (best === null) this.#preempt();
    return best !== null && best.load < MAX_ASSIGNED_JOBS ? best : null;
  }

  /** Of those that take usual jobs. */
  #leastLoaded(): WorkerThread | null {
    const open = this.#ready().filter(({ isLong, isDraining }) => !isLong && !isDraining);
    return open.reduce<WorkerThread | null>(
      (best, next) => (best !== null && best.load <= next.load ? best : next),
      null,
    );
  }

  #ready(): readonly WorkerThread[] {
    return [...this.#threads].filter(({ isReady }) => isReady);
  }

  /** One at a time, as many as there may be. */
  #start(): void {
    const isStarting = [...this.#threads].some(({ isReady }) => !isReady);
    if (isStarting || this.#threads.size >= this.#options.workers) return;
    const thread = new WorkerThread(this.#options.entry, this.#options.source, {
      freed: () => this.#dispatch(),
      died: (dead, unbegun, wasReady, reason) => this.#buried(dead, unbegun, wasReady, reason),
    });
    this.#threads.add(thread);
  }

  /** False: it has no room after all. What can't be read for a job ends it here. */
  #assign(thread: WorkerThread, job: PendingJob): boolean {
    try {
      if (thread.assign(job, this.#foreseer.of(job.job.task))) return true;
      this.#putBack([job]);
      return false;
    } catch (error) {
      job.fail(error);
      return true;
    }
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const thread of [...this.#threads]) {
      const runningMs = thread.runningMs(nowMs);
      const job = thread.runningJob;
      if (job !== null) this.#look(thread, job, runningMs);
    }
    this.#dispatch();
  }

  #look(thread: WorkerThread, job: PendingJob, runningMs: number): void {
    if (job.isSettled && runningMs > ABANDONED_JOB_MS) this.#end(thread);
    else if (runningMs > this.#options.jobTimeMs) {
      job.fail(new SimulationTimeoutError(this.#options.jobTimeMs));
      this.#end(thread);
    } else if (runningMs > LONG_JOB_MS && !thread.isLong) {
      thread.isLong = true;
      thread.isDraining = false;
      job.isLong = true;
      this.#longClients.add(job.signal);
      // What waits behind it goes to others.
      this.#putBack(thread.withdraw());
    }
  }

  /** Jobs turned out to be long on more workers than may have such: the youngest begins again where it may take long. */
  #preempt(): void {
    const long = this.#ready().filter(({ isLong }) => isLong);
    if (long.length <= this.#mostLong || this.#threads.size > long.length) return;
    const nowMs = performance.now();
    const youngest = long.reduce((best, next) => (next.runningMs(nowMs) < best.runningMs(nowMs) ? next : best));
    const job = youngest.runningJob;
    if (job === null) return;
    this.#end(youngest);
    this.#long.push(job);
    this.#start();
  }

  #buried(dead: WorkerThread, unbegun: readonly PendingJob[], wasReady: boolean, reason: string): void {
    this.#threads.delete(dead);
    this.#putBack(unbegun);
    this.#deathsInARow = wasReady ? 0 : this.#deathsInARow + 1;
    if (this.#deathsInARow >= MAX_DEATHS_IN_A_ROW) {
      this.#deathsInARow = 0;
      this.#failWaiting(new SimulationFailedError(`workers do not start: ${reason}`));
    }
    this.#dispatch();
  }

  /** With what it runs. */
  #end(thread: WorkerThread): void {
    this.#threads.delete(thread);
    this.#putBack(thread.withdraw());
    const ending = thread.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #putBack(jobs: readonly PendingJob[]): void {
    this.#long.putBack(jobs.filter(({ isLong }) => isLong));
    this.#usual.putBack(jobs.filter(({ isLong }) => !isLong));
  }

  #failWaiting(error: Error): void {
    this.#usual.failAll(error);
    this.#long.failAll(error);
  }

  #isIdle(): boolean {
    return this.#usual.isEmpty && this.#long.isEmpty && [...this.#threads].every(({ load }) => load === 0);
  }

  #rest(): void {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.#ticking = null;
  }
}
