import { assert } from '@heddle/primitives';
import type { Address, RecoveredTransaction, SignedTransaction } from '@heddle/types';
import type { ChunkContext } from '../chunk/types.ts';
import { LanePoolError } from '../errors.ts';
import type { DeclaredResult, LaneResult, Position } from '../lanes/results.ts';
import { reasonOf } from '../lanes/run-index.ts';
import type { SnapshotBuffers } from '../lanes/snapshot-build.ts';
import { CollectingJob, type Job } from './job.ts';
import { MAX_DEATHS_IN_A_ROW, MAX_WAITING_JOBS, MAX_WORKERS } from './limits.ts';
import { packTransactions } from './packed-transactions.ts';
import type { Answer, PlainContext } from './protocol.ts';
import type { RecordReader } from './records.ts';
import { readDeclared, readLane, readSender } from './result-records.ts';
import { Thread } from './thread.ts';

/** A chunk from outside: each transaction runs on its own, on what the access list says that it sees. */
export interface DeclaredJob {
  readonly context: ChunkContext;
  /** In shared memory. */
  readonly snapshot: SnapshotBuffers;
  /** Workers recover the senders that do not come along. */
  readonly transactions: readonly (SignedTransaction | RecoveredTransaction)[];
  /** Access-list index of the first transaction. */
  readonly firstIndex: number;
}

/** A producer's speculation. */
export interface LanesJob {
  readonly context: ChunkContext;
  /** In shared memory. */
  readonly snapshot: SnapshotBuffers;
  readonly transactions: readonly RecoveredTransaction[];
  /** Positions in `transactions`, in block order within each lane. */
  readonly lanes: readonly (readonly Position[])[];
}

/** Worker threads that execute transactions. Jobs reject with `LanePoolError` only: then do them without the pool. */
export interface LanePool {
  readonly workers: number;
  /** The senders, in order; null where no key made the signature. */
  recover(transactions: readonly SignedTransaction[]): Promise<readonly (Address | null)[]>;
  /** One result a transaction, in order. */
  runDeclared(job: DeclaredJob): Promise<readonly DeclaredResult[]>;
  /** One result for every position in a lane, in the order of positions. */
  runLanes(job: LanesJob): Promise<readonly LaneResult[]>;
  /** Ends the workers; jobs that are not done reject. */
  close(): Promise<void>;
}

/** Where workers begin. */
const LANE_WORKER = new URL('./lane-worker.ts', import.meta.url);

/**
 * Workers start with the first job. They keep the process alive only while they start and while a job runs. `entry` is for
 * tests, whose workers fail.
 */
export function startLanePool(workers: number, entry: URL = LANE_WORKER): LanePool {
  assert(Number.isInteger(workers) && workers > 0 && workers <= MAX_WORKERS, `a pool has 1 … ${MAX_WORKERS} workers`);
  return new WorkerPool(workers, entry);
}

class WorkerPool implements LanePool {
  readonly workers: number;
  readonly #entry: URL;
  readonly #threads: Set<Thread> = new Set();
  /** The first one is being done. */
  readonly #jobs: Job[] = [];
  #lastJob = 0;
  #deathsInARow = 0;
  #isClosed = false;

  constructor(workers: number, entry: URL) {
    this.workers = workers;
    this.#entry = entry;
  }

  async recover(transactions: readonly SignedTransaction[]): Promise<readonly (Address | null)[]> {
    const work = { kind: 'recover', ...this.#workOn(transactions) } as const;
    const results = await this.#do(new CollectingJob(work, transactions.length, readSender));
    return results.map(({ sender }) => sender);
  }

  async runDeclared(job: DeclaredJob): Promise<readonly DeclaredResult[]> {
    const { snapshot, transactions, firstIndex } = job;
    assertShared(snapshot);
    const read = (reader: RecordReader): DeclaredResult => readDeclared(reader, transactions);
    const fields = { context: plainContext(job.context), snapshot, firstIndex };
    const work = { kind: 'declared', ...this.#workOn(transactions), ...fields } as const;
    return this.#do(new CollectingJob(work, transactions.length, read));
  }

  async runLanes(job: LanesJob): Promise<readonly LaneResult[]> {
    const { snapshot, transactions } = job;
    assertShared(snapshot);
    const read = (reader: RecordReader): LaneResult => readLane(reader, transactions);
    const lanes = biggestFirst(job.lanes, transactions);
    const expected = lanes.reduce((sum, lane) => sum + lane.length, 0);
    const fields = { context: plainContext(job.context), snapshot, lanes };
    const work = { kind: 'lanes', ...this.#workOn(transactions), ...fields } as const;
    return this.#do(new CollectingJob(work, expected, read));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#failAll(new LanePoolError('closed', 'the pool is closed'));
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #workOn(transactions: readonly (SignedTransaction | RecoveredTransaction)[]): {
    readonly job: number;
    readonly transactions: ReturnType<typeof packTransactions>;
    readonly claimed: SharedArrayBuffer;
  } {
    this.#lastJob += 1;
    return { job: this.#lastJob, transactions: packTransactions(transactions), claimed: new SharedArrayBuffer(4) };
  }

  #do<T extends { readonly position: number }>(job: CollectingJob<T>): Promise<readonly T[]> {
    const refusal = this.#refusal();
    if (refusal !== null) job.fail(refusal);
    else if (!job.isSettled) {
      this.#jobs.push(job);
      if (this.#jobs.length === 1) this.#begin(job);
    }
    return job.result;
  }

  #refusal(): LanePoolError | null {
    if (this.#isClosed) return new LanePoolError('closed', 'the pool is closed');
    if (this.#deathsInARow >= MAX_DEATHS_IN_A_ROW) {
      return new LanePoolError('broken', `${this.#deathsInARow} workers died in a row`);
    }
    if (this.#jobs.length > MAX_WAITING_JOBS) return new LanePoolError('busy', `${this.#jobs.length} jobs wait`);
    return null;
  }

  #begin(job: Job): void {
    while (this.#threads.size < this.workers) this.#threads.add(this.#start());
    for (const thread of this.#threads) thread.begin(job.work);
  }

  #start(): Thread {
    return new Thread(this.#entry, {
      answered: (answer) => this.#receive(answer),
      ended: (thread, reason) => this.#buried(thread, reason),
    });
  }

  #receive(answer: Exclude<Answer, { readonly kind: 'ready' }>): void {
    const job = this.#jobs[0];
    // What a worker still had to say about a job that has failed.
    if (job === undefined || job.work.job !== answer.job) return;
    if (answer.kind === 'failed') job.fail(new LanePoolError('failed', answer.reason));
    else takeResults(job, answer);
    if (!job.isSettled) return;
    if (answer.kind === 'results') this.#deathsInARow = 0;
    this.#next();
  }

  /** The job that was being done is settled. */
  #next(): void {
    this.#jobs.shift();
    const job = this.#jobs[0];
    if (job !== undefined) this.#begin(job);
    else for (const thread of this.#threads) thread.rest();
  }

  #buried(thread: Thread, reason: string): void {
    this.#threads.delete(thread);
    if (this.#isClosed) return;
    this.#deathsInARow += 1;
    const job = this.#jobs[0];
    if (job === undefined) return;
    // It may have taken transactions with it. Whoever still works on the job finds nothing left to claim.
    job.fail(new LanePoolError('died', reason));
    if (this.#deathsInARow < MAX_DEATHS_IN_A_ROW) this.#next();
    else this.#failAll(new LanePoolError('broken', `${this.#deathsInARow} workers died in a row: ${reason}`));
  }

  #failAll(error: LanePoolError): void {
    for (const job of this.#jobs) job.fail(error);
    this.#jobs.length = 0;
    for (const thread of this.#threads) thread.rest();
  }
}

/** What can't be read is as good as not done. */
function takeResults(job: Job, answer: Extract<Answer, { readonly kind: 'results' }>): void {
  try {
    job.take(answer);
  } catch (error) {
    job.fail(new LanePoolError('failed', reasonOf(error)));
  }
}

function plainContext(context: ChunkContext): PlainContext {
  const { ancestor: _ancestor, queue: _queue, ...plain } = context;
  return plain;
}

/** By the gas that they declare: a big lane that starts last would keep everyone waiting. */
function biggestFirst(
  lanes: readonly (readonly Position[])[],
  transactions: readonly RecoveredTransaction[],
): readonly (readonly Position[])[] {
  const gasOf = (lane: readonly Position[]): number =>
    lane.reduce((sum, position) => sum + Number(transactions[position]?.fields.gasLimit ?? 0n), 0);
  return lanes
    .map((lane) => ({ lane, gas: gasOf(lane) }))
    .sort((a, b) => b.gas - a.gas)
    .map(({ lane }) => lane);
}

/** Copies would each get marks of their own. */
function assertShared({ tables, codes, marks }: SnapshotBuffers): void {
  const isShared = [tables, codes, marks].every((buffer) => buffer[Symbol.toStringTag] === 'SharedArrayBuffer');
  assert(isShared, 'a snapshot for workers lies in shared memory');
}
