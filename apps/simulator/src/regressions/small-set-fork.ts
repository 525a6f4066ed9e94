import type { EngineScenario } from '../engine/scenario.ts';
import { runTwinsCase } from '../twins/run-case.ts';

/**
 * n = 5 and 6 with one key that runs twice, each instance with half of the others: 2f + 1 = 3 validators on each side,
 * and a leader that proposes on both. Had 3 been a quorum, both sides would finalize.
 */
export const smallSetFork: EngineScenario = {
  name: 'small-set-fork',
  budget: 12,
  run: (seed, engine) => {
    const validatorCount = seed % 2 === 0 ? 5 : 6;
    const side = Array.from({ length: validatorCount + 1 }, (_, node) => (node === validatorCount ? 1 : node % 2));
    const first = Math.floor(seed / 2) % validatorCount;
    const schedule = Array.from({ length: validatorCount }, (_, turn) => (turn + first) % validatorCount);
    const partitions = Array.from({ length: 2 * validatorCount }, () => side);
    return runTwinsCase({ validatorCount, twins: 1, schedule, partitions }, engine).report('small-set-fork', seed);
  },
};
