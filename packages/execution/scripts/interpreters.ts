/**
 * Runs random code by decoded blocks and by single steps and compares all that shows: status, reason, gas, output, logs,
 * refunds, access list, changes.
 *   node packages/execution/scripts/interpreters.ts [--programs N] [--seed N]
 * Prints one JSON line. Exit code 1 when anything differs.
 */
import { parseArgs } from 'node:util';
import type { Address } from '@heddle/types';
import { compareInterpreters, type InterpreterCase } from './compare-interpreters.ts';
import { Random } from './random.ts';
import { numbered } from './random-block.ts';
import { randomSoup } from './random-bytecode.ts';
import { randomProgram } from './random-program.ts';

const TARGET = numbered(0xc0de01);
const CONTRACTS: readonly Address[] = [TARGET, numbered(0xc0de02), numbered(0xc0de03)];
const GAS_BOUNDS = [60, 600, 6_000, 60_000, 600_000];

function randomCase(random: Random): InterpreterCase {
  const codes = CONTRACTS.map((address): [Address, Uint8Array] => {
    const isSoup = random.chance(60);
    return [address, isSoup ? randomSoup(random, CONTRACTS) : randomProgram(random, { addresses: CONTRACTS })];
  });
  return {
    codes: new Map(codes),
    to: TARGET,
    input: random.bytes(random.below(80)),
    gas: random.below(random.pick(GAS_BOUNDS)),
    isStatic: random.chance(10),
  };
}

function main(): void {
  const { values } = parseArgs({
    options: { programs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
  });
  const seed = Number(values.seed);
  const programs = Number(values.programs);
  const endings: Record<string, number> = {};
  const differences: string[] = [];
  for (let program = 0; program < programs; program++) {
    const compared = compareInterpreters(randomCase(new Random(seed + program)));
    differences.push(...compared.differences.map((difference) => `seed ${seed + program} ${difference}`));
    endings[compared.ending] = (endings[compared.ending] ?? 0) + 1;
  }
  console.log(JSON.stringify({ programs, endings, differences }));
  process.exitCode = differences.length === 0 ? 0 : 1;
}

main();
