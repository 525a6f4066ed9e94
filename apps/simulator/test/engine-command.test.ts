import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { localEnginePlayer } from '../src/command/engine-players.ts';
import { EngineViolation } from '../src/engine/violation.ts';
import type { EngineWork } from '../src/engine/work.ts';
import { runSimulator, type SimulatorRun } from './support/run-simulator.ts';

const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'heddle-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function engine(...words: readonly string[]): Promise<SimulatorRun> {
  return runSimulator(['engine', ...words, '--json'], MINUTE_MS);
}

function json(text: string): Record<string, unknown> {
  return JSON.parse(text);
}

test(
  'the same runs whichever processes play them; and forks are told apart by what they name',
  async () => {
    const forks = (jobs: string) => engine('--work', 'forks', '--count', '12', '--jobs', jobs);
    const [alone, shared] = [json((await forks('1')).stdout), json((await forks('2')).stdout)];
    expect(alone).toMatchObject({ passed: 12, failed: 0, runHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(shared.runHash).toBe(alone.runHash);
    expect(shared.scenarios).toEqual(alone.scenarios);
    const names = Object.keys(Object(alone.scenarios));
    expect(names).toContainEqual(expect.stringMatching(/^forks-n\d forked, names [2-9]$/));
    expect(names).toContainEqual(expect.stringMatching(/^forks-n\d no fork$/));
  },
  2 * MINUTE_MS,
);

test(
  'a campaign ends with the row, and counts the runs of one row',
  async () => {
    const path = join(folder, 'campaign.json');
    const row = ['--work', 'twins-n4-none', '--jobs', '1', '--campaign', path];
    expect(json((await engine(...row, '--from', '50622', '--count', '2')).stdout)).toMatchObject({ passed: 2 });
    expect(json((await engine(...row)).stdout)).toMatchObject({ passed: 1, failed: 0 });
    const played = readFileSync(path, 'utf8');
    expect(json(played)).toMatchObject({ work: 'twins-n4-none', nextSeed: 50_625, violations: [] });
    const other = await engine('--work', 'forks', '--campaign', path);
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('its work is twins-n4-none, not forks');
    expect(readFileSync(path, 'utf8')).toBe(played);
    expect(existsSync(`${path}.partial`)).toBe(false);
  },
  3 * MINUTE_MS,
);

test('a run that breaks an invariant has failed, one that throws anything else too', async () => {
  const broken = (error: Error): EngineWork => ({
    name: 'broken',
    count: 1,
    run: () => {
      throw error;
    },
  });
  const violation = new EngineViolation('progress', 'nothing is final');
  expect(await localEnginePlayer(broken(violation)).play(7)).toMatchObject({
    seed: 7,
    scenario: 'broken',
    violation: { invariant: 'progress', detail: 'progress: nothing is final' },
  });
  expect(await localEnginePlayer(broken(new RangeError('too far'))).play(0)).toMatchObject({
    violation: { invariant: 'no-unexpected-error', detail: expect.stringContaining('RangeError: too far') },
  });
});
