import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage, UsageError } from '../errors.ts';
import type { StartFlags } from '../flags/start-flags.ts';

/** Whether what is written at the end, or when all is ready, can be written: said before anything starts. Throws `UsageError`. */
export function checkOutputFiles({ dumpState, state, configOut }: StartFlags): void {
  checkOutput('--dump-state', dumpState);
  checkOutput('--state', state);
  checkOutput('--config-out', configOut);
}

function checkOutput(flag: string, path: string | null): void {
  if (path === null) return;
  if (existsSync(path) && statSync(path).isDirectory()) throw new UsageError(flag, `${path} is a folder; give a file`);
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new UsageError(flag, `${path} cannot be written: ${errorMessage(error)}`);
  }
}
