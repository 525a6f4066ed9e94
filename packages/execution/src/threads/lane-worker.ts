import { parentPort } from 'node:worker_threads';
import { ImpossibleStateError } from '@heddle/primitives';
import { createShardRules, type ShardRules } from '@heddle/sharding';
import type { ChunkTask } from '../chunk/chunk-run.ts';
import { SnapshotMissError } from '../errors.ts';
import type { Position } from '../lanes/results.ts';
import { runDeclared } from '../lanes/run-declared.ts';
import { reasonOf } from '../lanes/run-index.ts';
import { LaneRun } from '../lanes/run-lane.ts';
import { Snapshot } from '../lanes/snapshot.ts';
import { CLAIMED_TRANSACTIONS, RESULTS_PER_MESSAGE } from './limits.ts';
import { TransactionUnpacker } from './packed-transactions.ts';
import type { Answer, DeclaredWork, LanesWork, Order, PlainContext, RecoverWork, Work } from './protocol.ts';
import { RecordWriter } from './records.ts';
import { writeDeclared, writeLane, writeSender } from './result-records.ts';

/* Where a worker thread of the lane pool begins. Loading this module is all: it does the pool's jobs until it is ended. */
serveLanes();

function serveLanes(): void {
  const port = parentPort;
  if (port === null) throw new ImpossibleStateError('lane-worker.ts is for a worker thread');
  const rulesOf = rememberRules();
  const send = (answer: Answer, transferred: readonly ArrayBuffer[]): void => port.postMessage(answer, transferred);
  port.on('message', (work: Order) => {
    if (work.kind === 'greeting') {
      send({ kind: 'ready' }, []);
      return;
    }
    try {
      perform(work, rulesOf, send);
    } catch (error) {
      // The worker holds nothing from job to job, so it goes on with the next one.
      send({ kind: 'failed', job: work.job, reason: reasonOf(error) }, []);
    }
  });
}

type Send = (answer: Answer, transferred: readonly ArrayBuffer[]) => void;
type RulesOf = (context: PlainContext) => ShardRules;

function perform(work: Work, rulesOf: RulesOf, send: Send): void {
  const results = new ResultSender(work.job, send);
  switch (work.kind) {
    case 'recover':
      recoverSenders(work, results);
      break;
    case 'declared':
      runDeclaredWork(work, taskOf(work.context, rulesOf), results);
      break;
    case 'lanes':
      runLanesWork(work, taskOf(work.context, rulesOf), results);
      break;
  }
  results.flush();
}

function recoverSenders(work: RecoverWork, results: ResultSender): void {
  const transactions = new TransactionUnpacker(work.transactions);
  claimPositions(work, (position) => {
    const sender = transactions.recovered(position)?.sender ?? null;
    writeSender(results.writer, { position, sender });
    results.added();
  });
}

function runDeclaredWork(work: DeclaredWork, task: ChunkTask, results: ResultSender): void {
  const transactions = new TransactionUnpacker(work.transactions);
  const snapshot = new Snapshot(work.snapshot);
  claimPositions(work, (position) => {
    const transaction = transactions.recovered(position);
    const result =
      transaction === null
        ? ({ kind: 'refused', position, reason: 'its signature is not valid' } as const)
        : runDeclared(task, snapshot, transaction, position, work.firstIndex + position);
    writeDeclared(results.writer, result);
    results.added();
  });
}

function runLanesWork(work: LanesWork, task: ChunkTask, results: ResultSender): void {
  const transactions = new TransactionUnpacker(work.transactions);
  const state = new Snapshot(work.snapshot).at(0);
  const claimed = new Int32Array(work.claimed);
  for (;;) {
    const lane = work.lanes[Atomics.add(claimed, 0, 1)];
    if (lane === undefined) return;
    const run = new LaneRun(task, state, null);
    for (const position of lane) {
      const transaction = transactions.recovered(position);
      const result =
        transaction === null ? ({ kind: 'handedBack', position } as const) : run.run(transaction, position);
      writeLane(results.writer, result);
      results.added();
    }
  }
}

/** Takes runs of positions until none are left. */
function claimPositions(work: RecoverWork | DeclaredWork, run: (position: Position) => void): void {
  const claimed = new Int32Array(work.claimed);
  const { count } = work.transactions;
  for (;;) {
    const first = Atomics.add(claimed, 0, CLAIMED_TRANSACTIONS);
    if (first >= count) return;
    const end = Math.min(first + CLAIMED_TRANSACTIONS, count);
    for (let position = first; position < end; position++) run(position);
  }
}

/** Collects results and sends them by the hundreds. */
class ResultSender {
  readonly writer: RecordWriter = new RecordWriter();
  readonly #job: number;
  readonly #send: Send;
  #count = 0;

  constructor(job: number, send: Send) {
    this.#job = job;
    this.#send = send;
  }

  /** One result has been written. */
  added(): void {
    this.#count += 1;
    if (this.#count === RESULTS_PER_MESSAGE) this.flush();
  }

  flush(): void {
    if (this.#count === 0) return;
    const records = this.writer.take();
    this.#send({ kind: 'results', job: this.#job, count: this.#count, records }, [records]);
    this.#count = 0;
  }
}

function taskOf(plain: PlainContext, rulesOf: RulesOf): ChunkTask {
  const context = {
    ...plain,
    ancestor: (height: bigint): never => {
      throw new SnapshotMissError(`block ${height}`);
    },
    queue: [],
  };
  return { context, rules: rulesOf(plain) };
}

/** Rules remember what they have worked out. */
function rememberRules(): RulesOf {
  const remembered = new Map<string, ShardRules>();
  return ({ shard, shardCount }) => {
    const name = `${shard}/${shardCount}`;
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const rules = createShardRules({ shard, shardCount });
    remembered.set(name, rules);
    return rules;
  };
}
