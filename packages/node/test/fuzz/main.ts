import { parseArgs } from 'node:util';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { haltingCases } from './halting-cases.ts';

/*
 * npm run fuzz -- [--transactions N] [--seed N] [--seeds N] [--shards 1,2,4,8] [--json]
 * Random transactions over shards, looking for validators that end. Exit code 1 if anything is wrong.
 */
const { values } = parseArgs({
  options: {
    transactions: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    shards: { type: 'string', default: '1,2,4,8' },
    json: { type: 'boolean', default: false },
  },
});

const reports: FuzzReport[] = [];
const gas: Record<number, unknown> = {};
for (const shardCount of values.shards.split(',').map(Number)) {
  gas[shardCount] = await haltingCases(shardCount);
  for (let i = 0; i < Number(values.seeds); i += 1) {
    const report = await fuzz(shardCount, Number(values.seed) + i, Number(values.transactions));
    reports.push(report);
    if (!values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}
if (values.json) process.stdout.write(`${JSON.stringify({ gas, reports })}\n`);
else process.stdout.write(`gas of the cases that halted networks, by shards: ${JSON.stringify(gas)}\n`);
process.exitCode = reports.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
