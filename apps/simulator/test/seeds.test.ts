import { beforeAll, describe, expect, test } from '@jest/globals';
import { playAll } from './support/play-all.ts';
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

describe('several shards', () => {
  const slow = ['1', '2', '4'].map((shards) => `world/slow-machines/${shards}`);
  const sections = [
    'slow-sections',
    'section-names-set',
    'against-section-stuffer',
    'against-empty-maker',
    'against-sender-censor',
    'against-over-local-producer',
    'against-unsigned-gossiper',
    'against-unsigned-maker',
  ].map((name) => `world/${name}/2`);
  let outcomes: Awaited<ReturnType<typeof playAll>>;

  beforeAll(async () => {
    outcomes = await playAll([...slow, ...sections].map((scenario) => ({ scenario, seeds: 2 })));
  }, LIMIT_MS);

  test.each([...slow, ...sections])('%s', (name) => {
    expect(outcomes.get(name)).toEqual({ kind: 'survived' });
  });
});
