import type { StateReader } from '@heddle/state';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { ChunkTask } from '../chunk/chunk-run.ts';
import { MAX_SAMPLED_TRANSACTIONS } from '../limits.ts';
import { WordMap } from '../world/word-map.ts';
import { OriginRecorder } from './origin-recorder.ts';
import type { AccessPredictor } from './predict/access-predictor.ts';
import { partition } from './predict/partition.ts';
import type { Prediction } from './predict/prediction.ts';
import { readKeys } from './read-keys.ts';
import type { LaneResult, Position } from './results.ts';
import { LaneRun } from './run-lane.ts';
import { buildSnapshot, type SnapshotBuffers, type WantedKeys } from './snapshot-build.ts';

/** What workers need to speculate on a run of candidates. */
export interface LanePlan {
  readonly snapshot: SnapshotBuffers;
  /** Block order within each. */
  readonly lanes: readonly (readonly Position[])[];
}

/** How a plan is to be made. */
export interface PlanSettings {
  /** Lanes at most. */
  readonly laneCount: number;
  /** Share of the declared gas, at most 1, above which one lane is as good as none: it would run alone. */
  readonly largestShare: number;
  /** Gives the snapshot's memory: shared, if workers are to see it. */
  allocate(bytes: number): ArrayBufferLike;
}

/**
 * Predicts what `transactions` touch on `state`, the committed one so far, and parts them into lanes. Null when one lane
 * would have nearly all of them.
 */
export function planLanes(
  task: ChunkTask,
  state: StateReader,
  predictor: AccessPredictor,
  transactions: readonly RecoveredTransaction[],
  settings: PlanSettings,
): LanePlan | null {
  sampleUnknown(task, state, predictor, transactions);
  const items = transactions.map((transaction) => ({
    prediction: predictor.predict(transaction),
    gas: Number(transaction.fields.gasLimit),
  }));
  const lanes = partition(items, settings.laneCount);
  const total = items.reduce((sum, { gas }) => sum + gas, 0);
  const gasOf = (lane: readonly Position[]): number =>
    lane.reduce((sum, position) => sum + (items[position]?.gas ?? 0), 0);
  if (lanes.some((lane) => gasOf(lane) > total * settings.largestShare)) return null;
  const predictions = items.map(({ prediction }) => prediction);
  const wanted = wantedKeys(task, state, transactions, predictions);
  return { snapshot: buildSnapshot(state, wanted, null, settings.allocate), lanes };
}

/** Executes one of each kind that nothing is known of, to see what it touches; its effects are thrown away. */
function sampleUnknown(
  task: ChunkTask,
  state: StateReader,
  predictor: AccessPredictor,
  transactions: readonly RecoveredTransaction[],
): void {
  let sampled = 0;
  for (const [position, transaction] of transactions.entries()) {
    if (sampled === MAX_SAMPLED_TRANSACTIONS) return;
    if (!predictor.isUnknown(transaction)) continue;
    sampled += 1;
    runLearning(task, state, predictor, transaction, position);
  }
}

/** Executes a transaction on `state`, as a lane of its own, and learns what it touches. */
export function runLearning(
  task: ChunkTask,
  state: StateReader,
  predictor: AccessPredictor,
  transaction: RecoveredTransaction,
  position: Position,
): LaneResult {
  const recorder = new OriginRecorder();
  const result = new LaneRun(task, state, recorder).run(transaction, position);
  if (result.kind === 'done') {
    const succeeded = result.effects.executed?.receipt.status === 1;
    predictor.learn(transaction, result.accesses, recorder.origins, succeeded);
  }
  return result;
}

function wantedKeys(
  task: ChunkTask,
  state: StateReader,
  transactions: readonly RecoveredTransaction[],
  predictions: readonly Prediction[],
): readonly WantedKeys[] {
  const wanted = new Map<Address, WordMap<bigint>>();
  const slotsOf = (address: Address): WordMap<bigint> => {
    let slots = wanted.get(address);
    if (slots === undefined) {
      slots = new WordMap();
      wanted.set(address, slots);
    }
    return slots;
  };
  for (const { accounts, slots } of predictions) {
    for (const { address } of accounts) slotsOf(address);
    for (const { address, slot } of slots) slotsOf(address).set(slot, slot);
  }
  const places = new Set(wanted.keys());
  for (const { fields } of transactions) if (fields.to !== null) places.add(fields.to);
  for (const { address, slots } of readKeys(task, state, places)) {
    const known = slotsOf(address);
    for (const slot of slots) known.set(slot, slot);
  }
  return [...wanted].map(([address, slots]) => ({ address, slots: slots.values() }));
}
