import { ACCUSATIONS } from './accusations.ts';
import { BYZANTINE } from './byzantine.ts';
import { CATCHING_UP } from './catching-up.ts';
import { CONTROL } from './control.ts';
import { EPOCHS } from './epochs.ts';
import { chaos, FAULTS } from './faults.ts';
import { LARGEST_MESSAGES } from './largest-messages.ts';
import { PROOFS } from './proofs.ts';
import { RESTARTS } from './restarts.ts';
import type { Scenario } from './scenario.ts';
import { SECTIONS } from './sections.ts';
import { SIZES } from './sizes.ts';
import { SLOW_EXECUTION } from './slow-execution.ts';
import { TRAFFIC } from './traffic.ts';

/**
 * Plays the scenarios of the named groups, one after the other, and writes what they found as one line of JSON: by
 * name, the facts or the error. `--times` writes how long each took to standard error; `100-199` plays the random
 * stories of these seeds.
 */
const GROUPS: Readonly<Record<string, readonly Scenario[]>> = {
  traffic: TRAFFIC,
  sections: SECTIONS,
  proofs: PROOFS,
  restarts: RESTARTS,
  'catching-up': CATCHING_UP,
  faults: FAULTS,
  byzantine: BYZANTINE,
  control: CONTROL,
  epochs: EPOCHS,
  accusations: ACCUSATIONS,
  'slow-execution': SLOW_EXECUTION,
  sizes: [...SIZES, ...LARGEST_MESSAGES],
};

function scenariosOf(word: string): readonly Scenario[] {
  const range = /^(\d+)-(\d+)$/.exec(word);
  if (range === null) return GROUPS[word] ?? [];
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: to - from + 1 }, (_, i) => chaos(from + i));
}

const words = process.argv.slice(2);
const report: Record<string, unknown> = {};
for (const { name, run } of words.flatMap(scenariosOf)) {
  const startedMs = performance.now();
  try {
    report[name] = await run();
  } catch (error) {
    report[name] = { error: error instanceof Error ? error.stack : String(error) };
  }
  if (words.includes('--times')) process.stderr.write(`${Math.round(performance.now() - startedMs)} ms  ${name}\n`);
}
process.stdout.write(`${JSON.stringify(report)}\n`);
