import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runScript } from '../support/run-script.ts';

const SCRIPT = join(import.meta.dirname, 'one-shard.ts');
const TRANSACTIONS = 500;
const TIMEOUT_MS = 150_000;

test(
  `@ethereumjs/vm agrees on ${TRANSACTIONS} random transactions of one shard, block for block`,
  async () => {
    const report = await runScript(SCRIPT, [String(TRANSACTIONS), '1'], TIMEOUT_MS);
    expect(report).toMatchObject({ transactions: TRANSACTIONS, mismatches: [] });
    // The traffic is worth something: all types, both outcomes, logs, empty blocks among the others.
    expect(report).toEqual(
      expect.objectContaining({
        byType: {
          0: expect.any(Number),
          1: expect.any(Number),
          2: expect.any(Number),
          4: expect.any(Number),
        },
      }),
    );
    for (const figure of ['blocks', 'failedTransactions', 'logs', 'emptyBlocks']) {
      expect(report).toHaveProperty(figure, expect.any(Number));
      expect(report).not.toHaveProperty(figure, 0);
    }
  },
  TIMEOUT_MS,
);
