import { given, list, readCommandLine, wholeNumber } from '@heddle/command-line';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { haltingCases } from './halting-cases.ts';

/*
 * npm run fuzz -- [--transactions N] [--seed N] [--seeds N] [--shards 1,2,4,8] [--dispatch] [--json]
 * Random transactions over shards, looking for validators that end. Exit code 1 if anything is wrong.
 */
const { flags } = await readCommandLine({
  runs: 'npm run fuzz --',
  about: 'Random transactions over shards, looking for validators that end',
  words: '',
  flags: {
    transactions: { typed: '--transactions <N>', help: 'of each seed', kind: wholeNumber(1, 2 ** 32), usual: 400 },
    seed: { typed: '--seed <N>', help: 'the first one', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    seeds: { typed: '--seeds <N>', help: 'how many', kind: wholeNumber(1, 2 ** 32), usual: 1 },
    shards: {
      typed: '--shards <LIST>',
      help: 'how many, one after the other',
      kind: list(wholeNumber(1, 64)),
      usual: [1, 2, 4, 8],
    },
    dispatch: { typed: '--dispatch', help: 'calls to other shards are sent there', kind: given, usual: false },
    json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
  },
});

const reports: FuzzReport[] = [];
const gas: Record<number, unknown> = {};
for (const shardCount of flags.shards) {
  gas[shardCount] = await haltingCases(shardCount);
  for (let i = 0; i < flags.seeds; i += 1) {
    const report = await fuzz(shardCount, flags.seed + i, flags.transactions, flags.dispatch);
    reports.push(report);
    if (!flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}
if (flags.json) process.stdout.write(`${JSON.stringify({ gas, reports })}\n`);
else process.stdout.write(`gas of the cases that halted networks, by shards: ${JSON.stringify(gas)}\n`);
process.exitCode = reports.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
