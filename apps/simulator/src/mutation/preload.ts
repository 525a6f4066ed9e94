/**
 * Preloaded (`--import`) into the processes of the mutation gate: gives the loader the mutated text of one source file
 * in the place of what is on the disk. Imports nothing that could be mutated.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { jobOfThisProcess } from './job.ts';
import { type Mutant, mutated, pathOf } from './mutant.ts';

let loaded = false;

const { mutant } = jobOfThisProcess();
if (mutant !== null) mutate(mutant);

/** Whether the program runs with its bug: the file may not be part of what was loaded. */
export function isMutantLoaded(): boolean {
  return loaded;
}

function mutate(seeded: Mutant): void {
  const path = pathOf(seeded);
  const target = pathToFileURL(path).href;
  const source = mutated(readFileSync(path, 'utf8'), seeded);
  registerHooks({
    load: (url, context, nextLoad) => {
      if (url !== target) return nextLoad(url, context);
      loaded = true;
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
