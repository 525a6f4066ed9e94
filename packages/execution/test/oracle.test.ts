import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../../../shared/conformance/state-tests', import.meta.url));
/** The newest rules and the oldest pitfalls; `npm run conformance` runs everything. */
const MATCH = [
  'osaka/eip7823',
  'osaka/eip7825',
  'osaka/eip7883',
  'osaka/eip7939',
  'prague/eip7',
  'cancun/eip4844',
  'cancun/eip6780',
  'cancun/eip1153',
  'stCreate2',
  'stRevertTest',
  'stSStoreTest',
];

/** Heavy work runs in a plain process: inside jest it would take twenty times as long. */
function runScript(script: string, args: readonly string[]): unknown {
  const path = fileURLToPath(new URL(`../scripts/${script}`, import.meta.url));
  const options = [path, ...args];
  const { stdout, stderr } = spawnSync(process.execPath, options, {
    cwd: PACKAGE,
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(`${script} printed nothing: ${stderr}`);
  return JSON.parse(stdout);
}

describe('against other implementations', () => {
  test('540 random transactions do what they do in @ethereumjs/vm, block by block', () => {
    expect(runScript('differential.ts', ['--transactions', '540', '--seed', '7000'])).toMatchObject({
      transactions: 540,
      differences: [],
    });
  });

  test('and so do 240 on three shards, in chunks and sections', () => {
    const report = runScript('differential.ts', ['--shards', '3', '--transactions', '240', '--seed', '7000']);
    expect(report).toMatchObject({ differences: [] });
    // It met what it is about.
    for (const met of ['local', 'remote', 'crossing', 'listed', 'created']) {
      expect(report).toHaveProperty(met, expect.any(Number));
      expect(report).not.toHaveProperty(met, 0);
    }
  });

  test.each([1, 4])('official state tests, their accounts on %i shards', (shards) => {
    if (!existsSync(FIXTURES)) {
      console.info('skipped: the official state tests are not at ../shared/conformance/state-tests');
      return;
    }
    const report = runScript('conformance.ts', [
      '--fixtures',
      FIXTURES,
      '--json',
      '--shards',
      `${shards}`,
      ...MATCH.flatMap((text) => ['--match', text]),
    ]);
    expect(report).toMatchObject({ failed: 0, failures: [] });
    expect(report).toHaveProperty('passed', expect.any(Number));
  });
});
