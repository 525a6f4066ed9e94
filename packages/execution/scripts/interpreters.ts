/**
 * Runs random code by decoded blocks, by single steps and with its work bounded, and compares all that shows: status,
 * reason, gas, output, logs, refunds, access list, changes.
 *   node packages/execution/scripts/interpreters.ts [--programs N] [--seed N]
 * Prints one JSON line. Exit code 1 when anything differs.
 */
import { readCommandLine, wholeNumber } from '@heddle/command-line';
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

async function main(): Promise<void> {
  const { flags } = await readCommandLine({
    runs: 'node packages/execution/scripts/interpreters.ts',
    about: 'Runs random code by decoded blocks and by single steps and compares all that shows',
    words: '',
    flags: {
      programs: { typed: '--programs <N>', help: 'how many', kind: wholeNumber(1, 2 ** 32), usual: 2_000 },
      seed: { typed: '--seed <N>', help: 'of the first program', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    },
  });
  const { programs, seed } = flags;
  const endings: Record<string, number> = {};
  const differences: string[] = [];
  let doneWithin = 0;
  for (let program = 0; program < programs; program++) {
    const compared = compareInterpreters(randomCase(new Random(seed + program)));
    differences.push(...compared.differences.map((difference) => `seed ${seed + program} ${difference}`));
    if (compared.isDoneWithin) doneWithin++;
    endings[compared.ending] = (endings[compared.ending] ?? 0) + 1;
  }
  console.log(JSON.stringify({ programs, endings, doneWithin, differences }));
  process.exitCode = differences.length === 0 ? 0 : 1;
}

await main();
