import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const SEEDS = 200;

describe('simulation', () => {
  test('agreement through chaos and progress after it, n = 1, 4, 5, 7', async () => {
    // In a process of its own: jest's VM makes tight loops about 20 times slower.
    const script = fileURLToPath(new URL('./support/run-seeds.ts', import.meta.url));
    const run = promisify(execFile)(process.execPath, ['--conditions=heddle-source', script, '0', String(SEEDS)], {
      maxBuffer: 2 ** 26,
    });
    const report: unknown = JSON.parse((await run).stdout);
    expect(report).toMatchObject({ seeds: SEEDS, failures: [] });
    // Keys that run twice contradict themselves, and only they are convicted: else the run would have failed.
    expect(report).not.toMatchObject({ convicted: 0 });
  }, 60_000);
});
