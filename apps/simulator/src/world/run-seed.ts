import type { Chain } from '@heddle/node';
import type { Invariant } from '../checkers/checker.ts';
import { ViolationError } from '../errors.ts';
import {
  BLOCKS_AFTER_HEALING,
  END_DEADLINE_MS,
  FIRST_BLOCK_DEADLINE_MS,
  OPERATIONS_AFTER_HEALING,
  QUIET_BLOCKS,
  SLOWDOWN_DEADLINE_MS,
} from '../limits.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { SeedPlan } from './seed-plan.ts';
import { Trace } from './trace.ts';
import { NodeWorld } from './world.ts';

/** What came out of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly scenario: string;
  readonly validators: number;
  readonly shards: number;
  /** Whether its chunks may send calls to other shards. */
  readonly dispatch: boolean;
  /** Height of the longest chain. */
  readonly blocks: number;
  /** Views up to the last final block, over all epochs. */
  readonly views: number;
  readonly crashes: number;
  /** Frames between machines. */
  readonly messages: number;
  /** Messages between shards that final blocks have delivered. */
  readonly delivered: number;
  /** Transactions that sections of final blocks have executed. */
  readonly inSections: number;
  /** Control blocks that became final: none where the devnet's owner keeps still. */
  readonly controls: number;
  readonly virtualMs: number;
  readonly traceHash: string;
  /** Null: all invariants held. */
  readonly violation: { readonly invariant: string; readonly detail: string } | null;
}

/** One seed with what is played on it and who watches. */
export interface SeedRun {
  readonly plan: SeedPlan;
  readonly scenario: Scenario;
  readonly invariants: readonly Invariant[];
  /** Gets every line of the trace. */
  readonly write: (line: string) => void;
}

/** Plays one seed to its end or to the first violation. */
export async function runSeed({ plan, scenario, invariants, write }: SeedRun): Promise<SeedReport> {
  const trace = new Trace(write);
  const world = new NodeWorld(plan, invariants, trace);
  const violation = await violationOf(world, () => play(world, scenario));
  if (violation !== null) trace.add(`violation ${violation.message}`);
  const [machine] = world.live();
  const report: SeedReport = {
    seed: plan.seed,
    scenario: scenario.name,
    validators: plan.validators,
    shards: plan.shards,
    dispatch: plan.dispatch,
    blocks: Number(world.height),
    views: machine === undefined ? 0 : viewsOf(machine.chain),
    crashes: world.machines.reduce((sum, { crashes }) => sum + crashes, 0),
    messages: world.network.messages,
    delivered: world.delivered,
    inSections: world.inSections,
    controls: world.controls,
    virtualMs: world.nowMs(),
    traceHash: trace.digest(),
    violation: violation === null ? null : { invariant: violation.facts.invariant, detail: violation.message },
  };
  world.close();
  return report;
}

/** In each epoch views begin at 1 again. */
function viewsOf({ epochs, store, tree }: Chain): number {
  const { height, block } = tree.root;
  let views = epochs.isBoundary(height) ? 0n : block.view;
  for (let epoch = 0n; epoch < epochs.epochAbove(height); epoch++)
    views += store.finalizationOf(epoch)?.tuple.view ?? 0n;
  return Number(views);
}

/** What is wrong with a run: a violation, or whatever a node throws past its own handlers. */
export async function violationOf(world: NodeWorld, run: () => Promise<void>): Promise<ViolationError | null> {
  const onRejection = (error: unknown): void => world.fail(unexpected(error));
  process.on('unhandledRejection', onRejection);
  try {
    await run();
    return null;
  } catch (error) {
    return error instanceof ViolationError ? error : unexpected(error);
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}

function unexpected(error: unknown): ViolationError {
  return new ViolationError('no-unexpected-error', error instanceof Error ? String(error.stack) : String(error));
}

/** Chaos until GST, then peace until the end. */
async function play(world: NodeWorld, scenario: Scenario): Promise<void> {
  await scenario.prepare(world);
  world.startAll();
  world.users.begin();
  world.owner?.begin();
  await scenario.play(world);
  world.heal();
  await expectLastOperations(world);
  await expectProgress(world, BLOCKS_AFTER_HEALING);
  world.finish();
}

/** After GST what the owner wants done is done, some of it submitted only then; the owner wants nothing more. */
async function expectLastOperations(world: NodeWorld): Promise<void> {
  const { owner } = world;
  if (owner === null) return;
  owner.finishAfter(OPERATIONS_AFTER_HEALING);
  const deadlineMs = END_DEADLINE_MS + world.slowdown * SLOWDOWN_DEADLINE_MS;
  const isDone = await world.until(() => owner.isDone, deadlineMs);
  if (!isDone)
    throw new ViolationError('progress-after-gst', `${owner.describe()} in ${deadlineMs} ms: ${world.describe()}`);
}

/** Progress after GST: every honest validator gets new final blocks in time, and users get what they sent. */
export async function expectProgress(world: NodeWorld, blocks: bigint): Promise<void> {
  const healedMs = world.nowMs();
  const slowMs = world.slowdown * SLOWDOWN_DEADLINE_MS;
  const start = world.height;
  world.wantBlocks(blocks);
  world.users.sendOneOfEach();
  const expect = async (what: string, done: () => boolean, limitMs: number): Promise<void> => {
    const deadlineMs = limitMs + slowMs;
    const isDone = await world.until(done, healedMs + deadlineMs - world.nowMs());
    if (!isDone) throw new ViolationError('progress-after-gst', `no ${what} in ${deadlineMs} ms: ${world.describe()}`);
  };
  await expect('new final block', () => world.hasEverywhere(start + 1n), FIRST_BLOCK_DEADLINE_MS);
  // Users stop while there are blocks to come, so that few more are made for their last transactions alone.
  await expect('blocks for users', () => world.hasEverywhere(start + blocks - QUIET_BLOCKS), END_DEADLINE_MS);
  world.users.end();
  await expect('end of the wanted blocks', () => world.hasEverywhere(start + blocks), END_DEADLINE_MS);
  await expect('end of the users’ transactions', () => world.users.waitingCount === 0, END_DEADLINE_MS);
  // The last block is final on one machine; the others have it a moment later, or one more after it.
  await expect('end of the last block', () => world.hasEverywhere(world.height), END_DEADLINE_MS);
}
