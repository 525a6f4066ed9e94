import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runScript } from '../support/run-script.ts';

const SCRIPT = join(import.meta.dirname, 'kill.ts');
const ROUNDS = 3;
const IN_FLIGHT = 50;
const TIMEOUT_MS = 120_000;

test(
  'a devnet that is killed has every receipt again, executes what it had acknowledged, and goes on',
  async () => {
    const report = await runScript(SCRIPT, [String(ROUNDS), String(IN_FLIGHT)], TIMEOUT_MS);
    expect(report).toMatchObject({ rounds: ROUNDS, lost: [], forgotten: [] });
    expect(report).not.toHaveProperty('receiptsBeforeKills', 0);
  },
  TIMEOUT_MS,
);
