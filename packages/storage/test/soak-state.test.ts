import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const SOAK = fileURLToPath(new URL('../scripts/soak.ts', import.meta.url));

/** In a process of its own: jest's is slow with tight loops, and its memory is not the soak's. */
async function soak(directory: string, ...flags: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [SOAK, 'state', '--directory', directory, ...flags], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout);
}

test(
  '100,000 accounts with 4 MB of caches: every read, every proof and the root are right',
  () =>
    withDirectory(async (directory) => {
      const flags = ['--accounts', '100000', '--cache-mb', '4', '--reads', '50000', '--updates', '10000'];
      const report = await soak(directory, ...flags);
      expect(report).toMatchObject({ ok: true, accounts: 100_000, wrongReads: 0, wrongProofs: 0, proofs: 500 });
      expect(report).toMatchObject({ build: { accounts: 100_000 }, update: { accounts: expect.any(Number) } });
    }),
  120_000,
);
