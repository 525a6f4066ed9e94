import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runSimulator } from './support/run-simulator.ts';

const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'heddle-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function json(text: string): Record<string, unknown> {
  return JSON.parse(text);
}

function traceOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => /^\d+(\.\d+)? /.test(line));
}

test(
  'the same seeds give the same runs, whichever processes play them',
  async () => {
    const words = ['--seeds', '4', '--from', '104', '--validators', '4', '--json'];
    const [alone, shared] = [
      await runSimulator([...words, '--jobs', '1'], MINUTE_MS),
      await runSimulator([...words, '--jobs', '2'], MINUTE_MS),
    ];
    const [first, second] = [json(alone.stdout), json(shared.stdout)];
    expect(first).toMatchObject({ passed: 4, failed: 0, runHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(second.runHash).toBe(first.runHash);
    expect(second.scenarios).toEqual(first.scenarios);
  },
  3 * MINUTE_MS,
);

test(
  'another seed is another run',
  async () => {
    const run = (seed: string) =>
      runSimulator(['--seeds', '1', '--from', seed, '--scenario', 'calm', '--json'], MINUTE_MS);
    expect(json((await run('1')).stdout).runHash).not.toBe(json((await run('2')).stdout).runHash);
  },
  2 * MINUTE_MS,
);

describe('a validator with a lax signer', () => {
  test(
    'is found, and the command that is printed finds it again at the same place',
    async () => {
      const found = await runSimulator(
        ['--seeds', '2', '--from', '7', '--validators', '4', '--scenario', 'lax-signer', '--jobs', '2'],
        MINUTE_MS,
      );
      expect(found.exitCode).toBe(1);
      expect(found.stdout).toMatch(/seed 7: no-honest-accused: validator \d accuses \d of \w+/);
      const replay = /npm run simulate -- (--from 7 .*)/.exec(found.stdout)?.[1] ?? '';
      const again = await runSimulator(replay.split(' '), MINUTE_MS);
      const line = /seed 7: .*/;
      expect(again.exitCode).toBe(1);
      expect(line.exec(again.stdout)?.[0]).toBe(line.exec(found.stdout)?.[0]);
      expect(traceOf(again.stdout).length).toBeGreaterThan(50);
    },
    3 * MINUTE_MS,
  );
});

describe('a campaign', () => {
  const path = join(folder, 'campaign.json');
  const play = (seeds: number) =>
    runSimulator(
      ['--campaign', path, '--seeds', String(seeds), '--validators', '4', '--shards', '1', '--scenario', 'calm'],
      MINUTE_MS,
    );

  test(
    'goes on where it stopped, adds up, and begins anew when the sources are others',
    async () => {
      await play(2);
      expect(json(readFileSync(path, 'utf8'))).toMatchObject({
        nextSeed: 3,
        totals: { calm: { seeds: 2, failed: 0 } },
      });
      await play(1);
      const later = json(readFileSync(path, 'utf8'));
      expect(later).toMatchObject({ nextSeed: 4, totals: { calm: { seeds: 3 } }, earlier: [], violations: [] });
      writeFileSync(path, JSON.stringify({ ...later, codeVersion: 'older' }));
      await play(1);
      expect(json(readFileSync(path, 'utf8'))).toMatchObject({
        nextSeed: 5,
        totals: { calm: { seeds: 1 } },
        earlier: [{ codeVersion: 'older', seeds: 3, failed: 0 }],
      });
    },
    4 * MINUTE_MS,
  );

  test(
    'refuses a file that is none',
    async () => {
      const other = join(folder, 'other.json');
      writeFileSync(other, '{"format":1}');
      const run = await runSimulator(['--campaign', other, '--seeds', '1'], MINUTE_MS);
      expect(run.exitCode).toBe(1);
      expect(run.stderr.trim().split('\n')).toEqual([expect.stringContaining('is not a campaign file')]);
      expect(readFileSync(other, 'utf8')).toBe('{"format":1}');
    },
    MINUTE_MS,
  );
});
