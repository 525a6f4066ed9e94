/**
 * Executes random transactions here and in `@ethereumjs/vm` (Osaka) and compares status, gas, return data, logs and
 * created address of each, and the state root after each block:
 *   npm run differential -- [--transactions N] [--seed N] [--shards N]
 * Transactions of all types among contracts of random code: calls of every precompile, creations, self-destructs,
 * delegations, recursion, access lists, too little gas. With several shards the accounts are spread over them; what is
 * local goes into their chunks in every second world or so, all else into sections, and the union of the shards after each
 * block must have the oracle's root. Prints one JSON line. Exit code 1 when anything differs.
 * A world of 60 transactions follows from its seed alone: `--transactions 60 --seed N` repeats that of seed N.
 */
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { MAX_SHARDS } from '@heddle/types';
import { runManyShards } from './differential/many-shards.ts';
import { runOneState, WORLD_TRANSACTIONS } from './differential/one-state.ts';
import { emptyReport } from './differential/report.ts';

async function main(): Promise<void> {
  const { flags } = await readCommandLine({
    runs: 'npm run differential --',
    about: 'Executes random transactions here and in @ethereumjs/vm and compares what comes out',
    words: '',
    flags: {
      transactions: { typed: '--transactions <N>', help: 'how many', kind: wholeNumber(1, 2 ** 32), usual: 600 },
      seed: { typed: '--seed <N>', help: 'of the first world', kind: wholeNumber(0, 2 ** 32), usual: 1 },
      shards: { typed: '--shards <N>', help: 'that the accounts are on', kind: wholeNumber(1, MAX_SHARDS), usual: 1 },
    },
  });
  const report = emptyReport();
  const { transactions: wanted, shards } = flags;
  for (let world = 0; world * WORLD_TRANSACTIONS < wanted; world++) {
    const part = Math.min(wanted - world * WORLD_TRANSACTIONS, WORLD_TRANSACTIONS);
    if (shards === 1) await runOneState(flags.seed + world, part, report);
    else await runManyShards(flags.seed + world, part, shards, report);
  }
  console.log(JSON.stringify(report));
  process.exitCode = report.differences.length === 0 ? 0 : 1;
}

await main();
