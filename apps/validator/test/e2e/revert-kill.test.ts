import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runScript } from '../support/run-script.ts';

const SCRIPT = join(import.meta.dirname, 'revert-kill.ts');
const ROUNDS = 2;
const TIMEOUT_MS = 240_000;

test(
  'a devnet that is killed in a revert is before it or after it, all validators alike, and goes on',
  async () => {
    const report = await runScript(SCRIPT, [String(ROUNDS)], TIMEOUT_MS);
    expect(report).toMatchObject({ rounds: ROUNDS });
  },
  TIMEOUT_MS,
);
