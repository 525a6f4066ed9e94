import { expect, test } from '@jest/globals';
import { runSimulator } from './support/run-simulator.ts';

/** Half a minute on two cores. `npm run simulate` plays more, a campaign as many as there is time for. */
const SEEDS = 12;
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

test(
  'slow machines: every shard gets its heaviest transactions through',
  async () => {
    for (const shards of ['1', '2', '4']) {
      const words = ['--scenario', 'slow-machines', '--from', '4', '--seeds', '2', '--shards', shards];
      const run = await runSimulator([...words, '--validators', '4', '--jobs', '2', '--json'], LIMIT_MS);
      expect(JSON.parse(run.stdout)).toMatchObject({ passed: 2, failed: 0 });
    }
  },
  LIMIT_MS + 10_000,
);

test.each([
  'slow-sections',
  'section-names-set',
  'against-section-stuffer',
  'against-empty-maker',
  'against-sender-censor',
  'against-over-local-producer',
])(
  'sections of several shards: %s',
  async (scenario) => {
    const words = [
      '--scenario',
      scenario,
      '--seeds',
      '2',
      '--shards',
      '2',
      '--validators',
      '4',
      '--jobs',
      '2',
      '--json',
    ];
    const run = await runSimulator(words, LIMIT_MS);
    expect(JSON.parse(run.stdout)).toMatchObject({ passed: 2, failed: 0 });
  },
  LIMIT_MS + 10_000,
);
