import { createLayer } from '@heddle/state';
import type { BlockAccessList, RecoveredTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import type { TrialBlock } from '../scripts/equivalence/block.ts';
import { type LanePaths, type LaneRun, SEQUENTIAL } from '../scripts/equivalence/lane-paths.ts';
import { type EquivalenceReport, runBlocks, type Seeds } from '../scripts/equivalence/run-blocks.ts';
import { type ChunkOutcome, InvalidChunkError } from '../src/index.ts';

/* The equivalence check itself: paths with a mistake must be found out, and the sequential path must not. */

const SEEDS = { first: 200, end: 212, step: 1 };
/** A run ends with its twentieth difference. */
const SEEDS_OF_MISTAKES = { first: 240, end: 300, step: 1 };
const TRANSACTIONS = 12;

function check(path: Partial<LanePaths>, seeds: Seeds): Promise<EquivalenceReport> {
  return runBlocks(seeds, TRANSACTIONS, [{ ...SEQUENTIAL, ...path }]);
}

/** The sequential outcome, changed. */
async function changed(
  block: TrialBlock,
  running: Promise<LaneRun>,
  change: (outcome: ChunkOutcome) => Partial<ChunkOutcome>,
): Promise<LaneRun> {
  const run = await running;
  const outcome = { ...run.outcome, ...change(run.outcome) };
  return { ...run, outcome, layer: createLayer(block.state, outcome.changes) };
}

function verifyWith(
  change: (outcome: ChunkOutcome, list: BlockAccessList) => Partial<ChunkOutcome>,
): LanePaths['verify'] {
  return (block, transactions, list) =>
    changed(block, SEQUENTIAL.verify(block, transactions, list), (outcome) => change(outcome, list));
}

function buildWith(change: (outcome: ChunkOutcome, block: TrialBlock) => Partial<ChunkOutcome>): LanePaths['build'] {
  return (block) => changed(block, SEQUENTIAL.build(block), (outcome) => change(outcome, block));
}

describe('the equivalence check', () => {
  test('finds nothing in the sequential path', async () => {
    const report = await check({}, SEEDS);
    expect(report.differences).toEqual([]);
    expect(report.blocks).toBe(12);
    expect(report.counts).toMatchObject({ mutatedLists: 36, mutatedBodies: 12 });
    expect(report.counts.invalidBodies).toBeGreaterThan(3);
  });

  const mistakes: Readonly<Record<string, Partial<LanePaths>>> = {
    'an access list taken at its word': { verify: verifyWith((_, accessList) => ({ accessList })) },
    'a log lost': {
      verify: verifyWith(({ executed }) => ({
        executed: executed.map((entry) => ({ ...entry, receipt: { ...entry.receipt, logs: [] } })),
      })),
    },
    'gas of a receipt': {
      build: buildWith(({ executed }) => ({
        executed: executed.map((entry) => ({ ...entry, gasUsed: entry.gasUsed + 1n })),
      })),
    },
    'a burned fee': { build: buildWith(({ burned }) => ({ burned: burned + 1n })) },
    'a reason of refusal': {
      build: buildWith(({ rejected }) => ({
        rejected: rejected.map((entry) => ({ ...entry, permanent: !entry.permanent })),
      })),
    },
    'an account that is not written': {
      build: buildWith(({ changes }) => ({
        changes: { ...changes, accounts: new Map([...changes.accounts].slice(0, 3)) },
      })),
    },
    'declared gas that is not reserved': {
      build: (block) => {
        const context = { ...block.context, gasLimit: block.context.gasLimit * 2n };
        return SEQUENTIAL.build({ ...block, context });
      },
    },
    'an invalid transaction that is left out instead of the chunk': { verify: acceptsValidPart },
    'a valid chunk doubted': {
      verify: async (block, transactions, list) => {
        const run = await SEQUENTIAL.verify(block, transactions, list);
        return { ...run, report: { ...run.report, disagreement: 'a doubt' } };
      },
    },
    'a thrown error': { build: () => Promise.reject(new Error('no lane left')) },
  };

  for (const [mistake, path] of Object.entries(mistakes)) {
    test(`finds ${mistake}`, async () => {
      const { differences } = await check(path, SEEDS_OF_MISTAKES);
      expect(differences.length).toBeGreaterThan(0);
      for (const { where, what } of differences) {
        expect(where).toMatch(/^(producer|validator), 1 lanes/);
        expect(what.length).toBeGreaterThan(10);
      }
    });
  }
});

async function acceptsValidPart(
  block: TrialBlock,
  transactions: readonly RecoveredTransaction[],
  list: BlockAccessList,
): Promise<LaneRun> {
  try {
    return await SEQUENTIAL.verify(block, transactions, list);
  } catch (error) {
    if (!(error instanceof InvalidChunkError)) throw error;
    return SEQUENTIAL.verify(block, transactions.slice(0, error.facts.position ?? 0), list);
  }
}
