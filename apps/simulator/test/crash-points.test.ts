import { expect, test } from '@jest/globals';
import { runSimulator } from './support/run-simulator.ts';

/** Every so many cases of a walk: a few seconds. `npm run simulate -- crash-points` plays them all. */
const EVERY = '60';
const LIMIT_MS = 3 * 60_000;

async function walk(words: readonly string[]): Promise<unknown> {
  const run = await runSimulator(['crash-points', ...words, '--every', EVERY, '--jobs', '2', '--json'], LIMIT_MS);
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

test.each(['one', 'all'])(
  'killed at a crash point, everything that counts is there again: %s',
  async (who) => {
    const report = await walk(['--who', who]);
    expect(report).toMatchObject({ failed: 0, who });
    const { cases, crashes } = Object(report);
    expect(cases).toBeGreaterThan(30);
    expect(crashes).toBeGreaterThanOrEqual(who === 'all' ? 4 * cases : cases);
  },
  LIMIT_MS,
);

test(
  'a case is played again by its name, and an unknown one is refused',
  async () => {
    const played = await runSimulator(['crash-points', '--case', '0.20/before-kill/one'], LIMIT_MS);
    expect(played).toMatchObject({ exitCode: 0, stderr: '' });
    expect(played.stdout).toMatch(/^0\.20\/before-kill\/one .*everything held$/m);
    const unknown = await runSimulator(['crash-points', '--case', '0.20/torn/one'], LIMIT_MS);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('no such fault at this point');
  },
  LIMIT_MS,
);
