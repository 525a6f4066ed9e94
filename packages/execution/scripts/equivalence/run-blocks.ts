import { compileWorkload } from '../../test/support/workload/compile.ts';
import { type Arena, createArena } from './arena.ts';
import { randomBlock } from './block.ts';
import { addCounts, checkBlock, type Difference, emptyCounts, type LaneCounts } from './check-block.ts';
import type { LanePaths } from './lane-paths.ts';
import { addMix, countBlock, emptyMix, type Mix } from './mix.ts';

/** What a run over many blocks found. */
export interface EquivalenceReport {
  blocks: number;
  /** Blocks of which at least one run ended on a parallel path. */
  blocksInWorkers: number;
  readonly counts: LaneCounts;
  readonly mix: Mix;
  readonly differences: Difference[];
}

/** Seeds `first`, `first + step`, … below `end`. */
export interface Seeds {
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

/** Differences are the same bug again and again: a run stops after these many. */
const MOST_DIFFERENCES = 20;

export async function runBlocks(seeds: Seeds, size: number, paths: readonly LanePaths[]): Promise<EquivalenceReport> {
  const report = emptyReport();
  const arenaOf = rememberArenas();
  for (let seed = seeds.first; seed < seeds.end; seed += seeds.step) {
    const block = randomBlock(seed, size, arenaOf);
    const { produced, counts, differences } = await checkBlock(block, paths);
    report.blocks += 1;
    if (counts.parallel > 0) report.blocksInWorkers += 1;
    addCounts(report.counts, counts);
    countBlock(report.mix, block, produced.outcome);
    report.differences.push(...differences);
    if (report.differences.length >= MOST_DIFFERENCES) break;
  }
  return report;
}

export function emptyReport(): EquivalenceReport {
  return { blocks: 0, blocksInWorkers: 0, counts: emptyCounts(), mix: emptyMix(), differences: [] };
}

export function addReport(sum: EquivalenceReport, part: EquivalenceReport): void {
  sum.blocks += part.blocks;
  sum.blocksInWorkers += part.blocksInWorkers;
  addCounts(sum.counts, part.counts);
  addMix(sum.mix, part.mix);
  sum.differences.push(...part.differences);
}

/** Made when first asked for: a single block needs a single one. */
export function rememberArenas(): (shards: number, variant: number) => Arena {
  const code = compileWorkload();
  const known = new Map<string, Arena>();
  return (shards, variant) => {
    const key = `${shards}/${variant}`;
    const arena = known.get(key) ?? createArena(shards, variant, code);
    known.set(key, arena);
    return arena;
  };
}
