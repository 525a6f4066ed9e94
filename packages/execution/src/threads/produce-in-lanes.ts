import { createLayerInSteps } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { ChunkBuilder } from '../chunk/chunk-builder.ts';
import { includeTransaction } from '../chunk/include-transaction.ts';
import { SnapshotLimitError, StaleStateError } from '../errors.ts';
import { type CommitKind, commitTransaction } from '../lanes/commit.ts';
import { type LanePlan, planLanes, runLearning } from '../lanes/lane-plan.ts';
import type { AccessPredictor } from '../lanes/predict/access-predictor.ts';
import type { LaneResult, Position } from '../lanes/results.ts';
import { MAX_BATCH_TRANSACTIONS, MAX_LANE_SHARE, PARTS_PER_LANE } from '../limits.ts';
import type { LaneReport } from './lane-report.ts';
import { Pacer } from './pacer.ts';
import type { LanePool } from './pool.ts';
import { allocateShared, type BuildRequest, type LaneOutcome, type LaneSettings } from './requests.ts';
import { estimateGain } from './work.ts';

/** Makes a chunk batch by batch: each is predicted, speculated on in lanes and committed in order, on this thread. */
export async function produceInLanes(
  request: BuildRequest,
  pool: LanePool,
  predictor: AccessPredictor,
  settings: LaneSettings,
): Promise<LaneOutcome> {
  const production = new LaneProduction(request, pool, predictor, settings);
  const candidates = request.candidates[Symbol.iterator]();
  for (;;) {
    const batch = takeBatch(candidates, production.room());
    if (batch.length === 0) break;
    await production.include(batch);
  }
  return production.finish();
}

/** Candidates that declare as much gas as there is room for; they may use less, so that another batch follows. */
function takeBatch(candidates: Iterator<RecoveredTransaction>, room: bigint): readonly RecoveredTransaction[] {
  const batch: RecoveredTransaction[] = [];
  let declared = 0n;
  while (declared < room && batch.length < MAX_BATCH_TRANSACTIONS) {
    const next = candidates.next();
    if (next.done === true) break;
    batch.push(next.value);
    declared += next.value.fields.gasLimit;
  }
  return batch;
}

class LaneProduction {
  readonly #request: BuildRequest;
  readonly #pool: LanePool;
  readonly #predictor: AccessPredictor;
  readonly #settings: LaneSettings;
  readonly #builder: ChunkBuilder;
  readonly #counts: Record<CommitKind, number> = { applied: 0, conflict: 0, handedBack: 0 };
  readonly #lanes: number[] = [];
  readonly #times = { prepare: 0, run: 0, finish: 0 };
  #last: number;

  constructor(request: BuildRequest, pool: LanePool, predictor: AccessPredictor, settings: LaneSettings) {
    this.#request = request;
    this.#pool = pool;
    this.#predictor = predictor;
    this.#settings = settings;
    this.#last = settings.now();
    this.#builder = new ChunkBuilder(request.task, request.state, request.gasTarget);
    this.#lap('prepare');
  }

  /** Gas that the chunk still takes; 0 when it is full. */
  room(): bigint {
    return this.#builder.isFull() ? 0n : this.#request.gasTarget - this.#builder.run.gasTaken;
  }

  async include(batch: readonly RecoveredTransaction[]): Promise<void> {
    if (!this.#isWorthLanes(batch)) return this.#includeInLine(batch);
    const plan = this.#plan(batch);
    this.#lap('prepare');
    if (plan === null) return this.#includeInLine(batch);
    const results = await this.#speculate(batch, plan);
    this.#lap('run');
    this.#checkCurrent();
    await this.#commit(batch, results);
    this.#lap('finish');
  }

  async finish(): Promise<LaneOutcome> {
    const outcome = this.#builder.finish();
    const steps = createLayerInSteps(this.#request.state, outcome.changes);
    const layer = await new Pacer(this.#settings.now).finish(steps);
    this.#checkCurrent();
    this.#lap('finish');
    return { outcome, layer, report: this.#report(outcome.included.length) };
  }

  async #includeInLine(batch: readonly RecoveredTransaction[]): Promise<void> {
    const pacer = new Pacer(this.#settings.now);
    for (const transaction of batch) {
      if (this.#builder.isFull()) break;
      this.#builder.offer(transaction, (run) => includeTransaction(run, transaction));
      if (pacer.isDue()) await this.#rest(pacer);
    }
    this.#lap('run');
  }

  #isWorthLanes(batch: readonly RecoveredTransaction[]): boolean {
    const { inlineBelow, lanes } = this.#settings;
    return inlineBelow === 0 || estimateGain(batch, lanes) >= inlineBelow;
  }

  /** Null when lanes would not help, or it is more than a snapshot takes. */
  #plan(batch: readonly RecoveredTransaction[]): LanePlan | null {
    const { lanes, inlineBelow } = this.#settings;
    const laneCount = lanes * PARTS_PER_LANE;
    const largestShare = inlineBelow === 0 ? 1 : MAX_LANE_SHARE;
    const plan = { laneCount, largestShare, allocate: allocateShared };
    try {
      return planLanes(this.#request.task, this.#builder.run.world.unrecorded, this.#predictor, batch, plan);
    } catch (error) {
      if (error instanceof SnapshotLimitError) return null;
      throw error;
    }
  }

  /** A pool that fails leaves everything to the commit. */
  async #speculate(
    transactions: readonly RecoveredTransaction[],
    { snapshot, lanes }: LanePlan,
  ): Promise<readonly LaneResult[]> {
    const { context } = this.#request.task;
    this.#lanes.push(...lanes.map((lane) => lane.length));
    try {
      return await this.#pool.runLanes({ context, snapshot, transactions, lanes });
    } catch {
      return [];
    }
  }

  async #commit(batch: readonly RecoveredTransaction[], results: readonly LaneResult[]): Promise<void> {
    const pacer = new Pacer(this.#settings.now);
    const byPosition = new Map(results.map((result) => [result.position, result]));
    for (const [position, transaction] of batch.entries()) {
      if (this.#builder.isFull()) break;
      const result = byPosition.get(position) ?? ({ kind: 'handedBack', position } as const);
      this.#builder.offer(transaction, (run) => {
        const kind = commitTransaction(run, transaction, result, () => this.#again(transaction, position));
        this.#counts[kind] += 1;
      });
      if (pacer.isDue()) await this.#rest(pacer);
    }
  }

  /** On the committed state, learning what was not foreseen. */
  #again(transaction: RecoveredTransaction, position: Position): LaneResult {
    const { task } = this.#request;
    return runLearning(task, this.#builder.run.world.unrecorded, this.#predictor, transaction, position);
  }

  async #rest(pacer: Pacer): Promise<void> {
    await pacer.rest();
    this.#checkCurrent();
  }

  #checkCurrent(): void {
    if (!this.#request.isCurrent()) throw new StaleStateError();
  }

  #report(included: number): LaneReport {
    const { conflict, handedBack } = this.#counts;
    const microseconds = { ...this.#times };
    const inLanes = this.#lanes.length > 0;
    return {
      path: inLanes ? 'producer' : 'sequential',
      lanes: inLanes ? this.#lanes : [included],
      conflicts: conflict,
      reexecutions: conflict + handedBack,
      handedBack,
      disagreement: null,
      microseconds,
    };
  }

  #lap(part: keyof LaneReport['microseconds']): void {
    const now = this.#settings.now();
    this.#times[part] += now - this.#last;
    this.#last = now;
  }
}
