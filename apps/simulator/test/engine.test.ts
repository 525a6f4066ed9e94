import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { engineScenarios } from '../src/regressions/engine/index.ts';
import { brokenEngines } from './engine-variants.ts';

const TIMEOUT_MS = 120_000;

async function reportOf(part: string): Promise<unknown> {
  const script = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  const run = promisify(execFile)(process.execPath, [script, part], {
    maxBuffer: 2 ** 26,
  });
  const report: unknown = JSON.parse((await run).stdout);
  return report;
}

describe('the engine alone', () => {
  test(
    'chaos, then progress: n = 4 to 10 with faulty validators, crashes and a bad network; and the same again',
    async () => {
      const report = await reportOf('seeds');
      expect(report).toMatchObject({ runs: 120, failures: [], traceHash: expect.stringMatching(/^[0-9a-f]{16}$/) });
      const { again, traceHash, blocks, crashes, convicted } = Object(report);
      expect(again).toBe(traceHash);
      expect(blocks).toBeGreaterThan(500);
      expect(crashes).toBeGreaterThan(100);
      // Byzantine ones, from anything that was said; a seed that convicts an honest one has failed.
      expect(convicted).toBeGreaterThan(20);
    },
    TIMEOUT_MS,
  );

  test('a set of 31', async () => expect(await reportOf('large')).toMatchObject({ runs: 1, failures: [] }), TIMEOUT_MS);

  test(
    'known bugs of other engines',
    async () => {
      const passed = engineScenarios.map(({ name, budget }) =>
        expect.objectContaining({ name, runs: budget, failures: [] }),
      );
      expect(await reportOf('scenarios')).toEqual(passed);
    },
    TIMEOUT_MS,
  );

  test(
    'broken engines are found by directed scenarios',
    async () => {
      const found = brokenEngines.map(({ name }) => ({ name, foundBy: expect.any(String) }));
      expect(await reportOf('broken')).toMatchObject(found);
    },
    TIMEOUT_MS,
  );
});

describe('twins', () => {
  test(
    'partitions and leaders, with f keys that run twice',
    async () => {
      const passed = [300, 300, 300, 40, 20].map((runs) => expect.objectContaining({ runs, failures: [] }));
      expect(await reportOf('twins')).toEqual(passed);
    },
    TIMEOUT_MS,
  );

  test(
    'with more than f a fork names more than f of them and nobody else',
    async () => {
      const report = await reportOf('forks');
      expect(report).toMatchObject({ runs: 80, failures: [] });
      expect(Object(report).forked).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );
});
