import { expect, test } from '@jest/globals';
import { runSimulator } from './support/run-simulator.ts';

/** About a minute on two cores. `npm run simulate` plays more, a campaign as many as there is time for. */
const SEEDS = 80;
const LIMIT_MS = 5 * 60_000;

test(
  'no invariant breaks in a slice of mixed seeds',
  async () => {
    const run = await runSimulator(['--seeds', String(SEEDS), '--jobs', '2', '--json'], LIMIT_MS);
    expect(run.stderr).toBe('');
    const report: unknown = JSON.parse(run.stdout);
    expect(report).toMatchObject({ passed: SEEDS, failed: 0 });
    expect(report).toMatchObject({
      scenarios: {
        byzantine: { seeds: expect.any(Number) },
        crashes: { seeds: expect.any(Number) },
        network: { medians: { blocks: expect.any(Number), views: expect.any(Number) } },
        storm: { seeds: expect.any(Number) },
      },
    });
  },
  LIMIT_MS + 10_000,
);
