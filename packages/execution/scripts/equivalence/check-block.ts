import {
  type BlockAccessList,
  CHUNK_BYTES_PER_GAS_DENOMINATOR,
  CHUNK_BYTES_PER_GAS_NUMERATOR,
  encodeAccessList,
  type RecoveredTransaction,
} from '@heddle/types';
import { executeChunk, InvalidChunkError } from '../../src/index.ts';
import { Random } from '../random.ts';
import type { TrialBlock } from './block.ts';
import { type LanePaths, type LaneRun, SEQUENTIAL } from './lane-paths.ts';
import { mutateAccessList } from './mutate-access-list.ts';
import { mutateBody } from './mutate-body.ts';
import { accessListDifference, firstDifference, type Verdict, verdictOf } from './verdict.ts';

/** A path that did not do what the sequential one does. */
export interface Difference {
  readonly seed: number;
  /** Which path, with how many lanes, on what. */
  readonly where: string;
  /** The first thing that differs. */
  readonly what: string;
}

/** What lanes reported on one block, honest and not. */
export interface LaneCounts {
  /** Runs that ended on a parallel path, or had no transaction. */
  parallel: number;
  /** Runs that fell back to the sequential path, although body and list were honest. */
  sequential: number;
  conflicts: number;
  reexecutions: number;
  handedBack: number;
  /** Honest chunks that the parallel path refused: bugs. */
  disagreements: number;
  /** Access lists with a mistake, and bodies that do not fit their list. */
  mutatedLists: number;
  mutatedBodies: number;
  /** Of those bodies: how many were not valid at all. */
  invalidBodies: number;
}

export interface BlockReport {
  /** What sequential production gave. */
  readonly produced: LaneRun;
  readonly counts: LaneCounts;
  readonly differences: readonly Difference[];
}

const MUTATED_LISTS = 3;

/** Throws a block at every path and compares each with the sequential one. */
export async function checkBlock(block: TrialBlock, paths: readonly LanePaths[]): Promise<BlockReport> {
  const trial = new Trial(block);
  const produced = await SEQUENTIAL.build(block);
  const { included, accessList } = produced.outcome;
  trial.paid(block, produced);
  const production = await verdictOf(async () => produced);
  const execution = await verdictOf(() => SEQUENTIAL.verify(block, included, accessList));
  const accepted = execution.verdict;
  // The producer alone knows what it refused.
  const asExecuted = { ...produced, outcome: { ...produced.outcome, rejected: [] } };
  await trial.same('sequential execution of what was produced', accepted, produced, async () => asExecuted);
  for (const path of paths) {
    await trial.honest(`producer, ${path.lanes} lanes`, production.verdict, produced, () => path.build(block));
    await trial.honest(`validator, ${path.lanes} lanes`, accepted, produced, () =>
      path.verify(block, included, accessList),
    );
  }
  const random = new Random(block.seed * 31 + 7);
  const indices = included.length + produced.outcome.delivered.length + 2;
  for (let i = 0; i < MUTATED_LISTS; i += 1) {
    const path = random.pick(paths);
    const { what, list } = mutateAccessList(random, accessList, indices);
    trial.counts.mutatedLists += 1;
    await trial.same(`validator, ${path.lanes} lanes, access list with ${what}`, accepted, produced, () =>
      path.verify(block, included, list),
    );
  }
  await checkMutatedBody(trial, block, random, produced, random.pick(paths));
  return { produced, counts: trial.counts, differences: trial.differences };
}

/** Another body, perhaps not valid: what counts is what sequential execution says. */
async function checkMutatedBody(
  trial: Trial,
  block: TrialBlock,
  random: Random,
  { outcome }: LaneRun,
  path: LanePaths,
): Promise<void> {
  const refused: readonly RecoveredTransaction[] = outcome.rejected.map(({ transaction }) => transaction);
  const { what, transactions } = mutateBody(random, outcome.included, refused);
  const expected = await verdictOf(() => SEQUENTIAL.verify(block, transactions, outcome.accessList));
  trial.counts.mutatedBodies += 1;
  if (expected.run === null) trial.counts.invalidBodies += 1;
  const list = listWithoutLimit(block, transactions) ?? outcome.accessList;
  await trial.same(`validator, ${path.lanes} lanes, ${what}`, expected.verdict, expected.run, () =>
    path.verify(block, transactions, list),
  );
}

/** The list that would be right if only declared gas were no matter; null for a body that is invalid all the same. */
function listWithoutLimit(block: TrialBlock, transactions: readonly RecoveredTransaction[]): BlockAccessList | null {
  const { context, state, rules } = block;
  try {
    const roomy = { ...context, gasLimit: context.gasLimit * 4n };
    return executeChunk(roomy, state, rules, transactions).accessList;
  } catch (error) {
    if (!(error instanceof InvalidChunkError)) throw error;
    return null;
  }
}

/** One block's comparisons. */
class Trial {
  readonly counts: LaneCounts = emptyCounts();
  readonly differences: Difference[] = [];
  readonly #seed: number;

  constructor({ seed }: TrialBlock) {
    this.#seed = seed;
  }

  /** A chunk as it should be: nothing may differ, and the parallel path may not doubt it. */
  async honest(where: string, expected: Verdict, run: LaneRun, path: () => Promise<LaneRun>): Promise<void> {
    const actual = await this.#compare(where, expected, run, path);
    if (actual === null) return;
    const { report, outcome } = actual;
    // A chunk that deliveries have filled has nothing for lanes.
    if (report.path === 'sequential' && outcome.included.length > 0) this.counts.sequential += 1;
    else this.counts.parallel += 1;
    this.counts.conflicts += report.conflicts;
    this.counts.reexecutions += report.reexecutions;
    this.counts.handedBack += report.handedBack;
    if (report.disagreement !== null) {
      this.counts.disagreements += 1;
      this.#differ(where, `the parallel path refused a valid chunk: ${report.disagreement}`);
    }
  }

  /** The verdict is the sequential one, whichever path finds it. */
  async same(where: string, expected: Verdict, run: LaneRun | null, path: () => Promise<LaneRun>): Promise<void> {
    await this.#compare(where, expected, run, path);
  }

  /** Gas pays for every byte of the chunk: that is why its size needs no counting. */
  paid({ context }: TrialBlock, { outcome }: LaneRun): void {
    const { included, accessList, gasUsed } = outcome;
    const bytes = included.reduce((sum, { raw }) => sum + raw.length + 4, encodeAccessList(accessList).length);
    const missed = Number(context.height - context.parentChunk.height);
    const unpaid = 4_000 + 300 * missed + 200 * context.shardCount;
    const paid = Number((gasUsed * CHUNK_BYTES_PER_GAS_NUMERATOR) / CHUNK_BYTES_PER_GAS_DENOMINATOR);
    if (bytes > paid + unpaid) this.#differ('size', `${gasUsed} gas pay for ${paid} of ${bytes - unpaid} bytes`);
  }

  async #compare(
    where: string,
    expected: Verdict,
    run: LaneRun | null,
    path: () => Promise<LaneRun>,
  ): Promise<LaneRun | null> {
    const actual = await verdictOf(path);
    const difference = firstDifference(expected, actual.verdict);
    if (difference !== null) {
      const isOfLists = difference.startsWith('expected access list') && run !== null && actual.run !== null;
      const [mine, theirs] = [run?.outcome.accessList ?? [], actual.run?.outcome.accessList ?? []];
      this.#differ(where, isOfLists ? accessListDifference(mine, theirs) : difference);
    }
    return actual.run;
  }

  #differ(where: string, what: string): void {
    this.differences.push({ seed: this.#seed, where, what });
  }
}

export function emptyCounts(): LaneCounts {
  return {
    parallel: 0,
    sequential: 0,
    conflicts: 0,
    reexecutions: 0,
    handedBack: 0,
    disagreements: 0,
    mutatedLists: 0,
    mutatedBodies: 0,
    invalidBodies: 0,
  };
}

export function addCounts(sum: LaneCounts, part: LaneCounts): void {
  sum.parallel += part.parallel;
  sum.sequential += part.sequential;
  sum.conflicts += part.conflicts;
  sum.reexecutions += part.reexecutions;
  sum.handedBack += part.handedBack;
  sum.disagreements += part.disagreements;
  sum.mutatedLists += part.mutatedLists;
  sum.mutatedBodies += part.mutatedBodies;
  sum.invalidBodies += part.invalidBodies;
}
