import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { ResultTooLargeError, SimulationFailedError, SimulationMemoryError } from '../errors.ts';
import type { StateSource } from '../types.ts';
import type { Foresight } from './foresight.ts';
import { CLAIM_SLOTS, WORKER_HEAP_MB, WORKER_NURSERY_MB } from './limits.ts';
import type { PendingJob } from './pending-job.ts';
import {
  CLAIM,
  type JobFailure,
  type Order,
  type ReadAnswer,
  type Report,
  type WorkerInheritance,
} from './protocol.ts';
import { ReadAnswers } from './read-answers.ts';

export interface WorkerListener {
  /** It has room for a job, or for another one. */
  freed(): void;
  /** It ended by itself. These jobs had not begun. */
  died(thread: WorkerThread, unbegun: readonly PendingJob[], wasReady: boolean, reason: string): void;
}

interface Assignment {
  readonly job: PendingJob;
  readonly slot: number;
  /** When it was first seen to run, milliseconds; null = it has not been. */
  seenRunningMs: number | null;
}

/** A worker as the main thread sees it: the jobs that it has, and the reads that it waits for. */
export class WorkerThread {
  /** What it runs has been running for long, or was long before. */
  isLong = false;
  /** It gets no further jobs until it has none: a long one waits for it. */
  isDraining = false;
  readonly #worker: Worker;
  readonly #listener: WorkerListener;
  readonly #reads: ReadAnswers;
  readonly #answers: MessagePort;
  readonly #answered: Int32Array;
  readonly #claims: Int32Array;
  /** In the order in which it was given them. */
  readonly #assignments: Map<number, Assignment> = new Map();
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #isReady = false;
  #isEnding = false;

  constructor(entry: URL, source: StateSource, listener: WorkerListener) {
    const { port1, port2 } = new MessageChannel();
    const inheritance: WorkerInheritance = {
      claims: new SharedArrayBuffer(4 * CLAIM_SLOTS),
      answered: new SharedArrayBuffer(4),
      answers: port2,
    };
    this.#answers = port1;
    this.#answers.unref();
    this.#claims = new Int32Array(inheritance.claims);
    this.#answered = new Int32Array(inheritance.answered);
    this.#reads = new ReadAnswers(source);
    this.#listener = listener;
    this.#worker = new Worker(entry, {
      name: 'heddle-simulation',
      workerData: inheritance,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, maxYoungGenerationSizeMb: WORKER_NURSERY_MB },
    });
    this.#listen();
    this.#send({ kind: 'greeting' });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Jobs that it has, those that were taken back and are still in its inbox included. */
  get load(): number {
    return this.#assignments.size;
  }

  /** How long its job has been running, milliseconds; 0 without one. Sees what has begun since it was last asked. */
  runningMs(nowMs: number): number {
    const running = this.#running();
    if (running === null) return 0;
    running.seenRunningMs ??= nowMs;
    return nowMs - running.seenRunningMs;
  }

  /** What it runs, as far as one can see. */
  get runningJob(): PendingJob | null {
    return this.#running()?.job ?? null;
  }

  /** False when it has no flag free. Throws what reading state ahead throws. */
  assign(job: PendingJob, { addresses, all }: Foresight): boolean {
    const slot = this.#claims.indexOf(CLAIM.free);
    if (slot === -1) return false;
    const facts = this.#reads.foresee(addresses, all);
    Atomics.store(this.#claims, slot, CLAIM.waiting);
    this.#assignments.set(job.id, { job, slot, seenRunningMs: null });
    this.#worker.ref();
    this.#send({ kind: 'job', id: job.id, slot, job: job.job, facts });
    return true;
  }

  /** Takes back the jobs that it has not begun. */
  withdraw(): readonly PendingJob[] {
    return [...this.#assignments.values()].filter(({ slot }) => this.#withdraw(slot)).map(({ job }) => job);
  }

  /**
   * Ends it, with what it runs. Ending a thread while it evaluates modules with a top-level await can abort the whole process
   * (nodejs/node#43182, #60755): so until it has answered its greeting this waits.
   */
  async close(): Promise<void> {
    this.#isEnding = true;
    await this.#ready.promise;
    await this.#worker.terminate();
  }

  #running(): Assignment | null {
    for (const assignment of this.#assignments.values()) {
      if (Atomics.load(this.#claims, assignment.slot) === CLAIM.running) return assignment;
    }
    return null;
  }

  #withdraw(slot: number): boolean {
    return Atomics.compareExchange(this.#claims, slot, CLAIM.waiting, CLAIM.withdrawn) === CLAIM.waiting;
  }

  #listen(): void {
    let reason = 'a worker ended by itself';
    let isMemory = false;
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    });
    this.#worker.on('exit', () => {
      const wasReady = this.#isReady;
      this.#becomeReady();
      this.#answers.close();
      if (this.#isEnding) return;
      const running = this.runningJob;
      const unbegun = this.withdraw();
      running?.fail(isMemory ? new SimulationMemoryError(WORKER_HEAP_MB) : new SimulationFailedError(reason));
      this.#listener.died(this, unbegun, wasReady, reason);
    });
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#becomeReady();
        this.#listener.freed();
        return;
      case 'read':
        this.#answer(this.#read(report));
        return;
      case 'done':
        this.#assignments.get(report.id)?.job.finish(report.result);
        break;
      case 'failed': {
        const job = this.#assignments.get(report.id)?.job;
        job?.fail(errorOf(report.failure, job));
        break;
      }
      case 'skipped':
        break;
    }
    this.#free(report.id);
  }

  #read({ id, read }: Extract<Report, { readonly kind: 'read' }>): ReadAnswer {
    const job = this.#assignments.get(id)?.job;
    // Nobody waits for the result: the job ends here.
    if (job === undefined || job.isSettled) return { kind: 'failed' };
    try {
      return this.#reads.answer(read);
    } catch (error) {
      job.readError = error;
      return { kind: 'failed' };
    }
  }

  #answer(answer: ReadAnswer): void {
    this.#answers.postMessage(answer);
    Atomics.store(this.#answered, 0, 1);
    Atomics.notify(this.#answered, 0);
  }

  #free(id: number): void {
    const assignment = this.#assignments.get(id);
    if (assignment === undefined) return;
    this.#assignments.delete(id);
    Atomics.store(this.#claims, assignment.slot, CLAIM.free);
    if (this.#assignments.size === 0) {
      this.isLong = false;
      this.isDraining = false;
      this.#worker.unref();
    }
    this.#listener.freed();
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve();
    if (this.#assignments.size === 0) this.#worker.unref();
  }

  #send(order: Order): void {
    this.#worker.postMessage(order);
  }
}

function errorOf(failure: JobFailure, job: PendingJob): unknown {
  switch (failure.kind) {
    case 'read':
      return job.readError;
    case 'tooLarge':
      return new ResultTooLargeError(failure.limitBytes);
    case 'error':
      return new SimulationFailedError(failure.reason);
  }
}
