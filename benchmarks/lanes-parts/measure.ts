import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  executeChunk,
  LaneExecutor,
  type LaneOutcome,
  type LanePool,
  type LaneReport,
  startLanePool,
} from '../../packages/execution/src/index.ts';
import { createLayer } from '../../packages/state/src/index.ts';
import {
  type BlockAccessList,
  decodeAccessList,
  decodeTransaction,
  encodeAccessList,
  type Hash,
  type RecoveredTransaction,
  recoverTransaction,
  type SignedTransaction,
} from '../../packages/types/src/index.ts';
import type { BenchChunk } from './chunk.ts';

/** One block as it comes from the network or from the pool, made anew for every run: nothing is remembered. */
interface Body {
  readonly signed: readonly SignedTransaction[];
  readonly accessList: BlockAccessList;
}

/** Milliseconds. */
export interface Sample {
  /** From the decoded body to receipts and a verified state root. */
  readonly total: number;
  readonly cpu: number;
  /** Longest time that the main thread's event loop stood still. */
  readonly heldLoop: number;
  /** Parts of `total`, in order. */
  readonly parts: Readonly<Record<string, number>>;
  readonly report: LaneReport | null;
}

/** A way to execute the block. */
export interface Path {
  readonly name: string;
  /** What its time is divided into: the sequential path that does the same. */
  readonly baseline: string;
  readonly run: (
    body: Body,
  ) => Promise<{ readonly root: Hash; readonly parts: Record<string, number>; readonly report: LaneReport | null }>;
}

export interface Bench {
  readonly paths: readonly Path[];
  close(): Promise<void>;
}

const isCurrent = (): boolean => true;

export function openBench({ task, state }: BenchChunk, workerCounts: readonly number[]): Bench {
  const { context, rules } = task;
  const pools = workerCounts.map((workers) => startLanePool(workers));
  const sequential: Path = {
    name: 'sequential',
    baseline: 'sequential',
    run: async ({ signed }) => {
      const lap = stopwatch();
      const recovered = signed.map(recoverOrThrow);
      lap('recovery');
      const outcome = executeChunk(context, state, rules, recovered);
      lap('execution');
      const { root } = createLayer(state, outcome.changes);
      lap('root');
      return { root, parts: lap.parts, report: null };
    },
  };
  const inLanes = pools.flatMap((pool) => lanePaths(pool, { task, state }));
  return {
    paths: [sequential, ...inLanes],
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };
}

/** As a devnet has it: µs of estimated work. */
const DEFAULT_THRESHOLD = 10_000;

function lanePaths(pool: LanePool, { task, state }: BenchChunk): readonly Path[] {
  const { workers } = pool;
  const now = (): number => performance.now() * 1_000;
  const forced = new LaneExecutor(pool, { lanes: workers, inlineBelow: 0, now });
  const choosing = new LaneExecutor(pool, { lanes: workers, inlineBelow: DEFAULT_THRESHOLD, now });
  const verifying = (transactions: Body['signed'], accessList: BlockAccessList): Promise<LaneOutcome> =>
    forced.verify({
      task,
      state,
      body: { transactions, accessList },
      recovered: () => transactions.map(recoverOrThrow),
      isCurrent,
    });
  const building = async (executor: LaneExecutor, signed: Body['signed']): Promise<LaneOutcome> => {
    const candidates = await recoverInPool(pool, signed);
    return executor.build({ task, state, candidates, gasTarget: task.context.gasLimit, isCurrent });
  };
  return [
    {
      name: `validator, ${workers} worker(s)`,
      baseline: 'sequential',
      run: async ({ signed, accessList }) => finished(await verifying(signed, accessList), 'validator'),
    },
    {
      name: `producer, ${workers} worker(s)`,
      baseline: 'sequential',
      run: async ({ signed }) => finished(await building(forced, signed), 'producer'),
    },
    {
      name: `producer by choice, ${workers} worker(s)`,
      baseline: 'sequential',
      run: async ({ signed }) => {
        const built = await building(choosing, signed);
        return finished(built, built.report.path);
      },
    },
  ];
}

async function recoverInPool(pool: LanePool, signed: Body['signed']): Promise<readonly RecoveredTransaction[]> {
  const senders = await pool.recover(signed);
  return signed.map((transaction, position) => {
    const sender = senders[position] ?? null;
    if (sender === null) throw new Error('a workload is signed');
    return { ...transaction, sender };
  });
}

function finished({ layer, report }: LaneOutcome, path: LaneReport['path']): Awaited<ReturnType<Path['run']>> {
  if (report.path !== path) throw new Error(`the ${path} path was left: ${report.disagreement ?? 'no disagreement'}`);
  const { prepare, run, finish } = report.microseconds;
  return { root: layer.root, parts: { prepare: prepare / 1_000, run: run / 1_000, finish: finish / 1_000 }, report };
}

/** Encoded once; every run decodes it again. */
export function encodedBody(transactions: readonly RecoveredTransaction[], accessList: BlockAccessList): () => Body {
  const list = encodeAccessList(accessList);
  return () => {
    const signed = transactions.map(({ raw }) => decodeTransaction(raw));
    return { signed, accessList: decodeAccessList(list) };
  };
}

/** Runs a path on a fresh body; throws when the root is not the expected one. */
export async function measure(path: Path, body: Body, root: Hash): Promise<Sample> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  // The monitor counts from turn to turn: it needs one before and one after to see a synchronous run.
  loop.reset();
  await nextTurn();
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const result = await path.run(body);
  const total = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  await nextTurn();
  loop.disable();
  if (result.root !== root) throw new Error(`${path.name}: state root ${result.root} instead of ${root}`);
  const { parts, report } = result;
  return { total, cpu: (user + system) / 1_000, heldLoop: loop.max / 1e6, parts, report };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function recoverOrThrow(transaction: SignedTransaction): RecoveredTransaction {
  const recovered = recoverTransaction(transaction);
  if (recovered === null) throw new Error('a workload is signed');
  return recovered;
}

/** Milliseconds between calls, by name. */
function stopwatch(): { (name: string): void; readonly parts: Record<string, number> } {
  const parts: Record<string, number> = {};
  let last = performance.now();
  const lap = (name: string): void => {
    const now = performance.now();
    parts[name] = now - last;
    last = now;
  };
  return Object.assign(lap, { parts });
}
