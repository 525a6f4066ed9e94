import * as nodePackage from '@heddle/node';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { ValidatorSettings } from '../../src/flags/validator-flags.ts';
import { createTransport } from '../../src/validator/between-processes.ts';
import { type LiveValidator, runValidator, type ValidatorSurroundings } from '../../src/validator/run-validator.ts';

/** What a validator that ran in this process has said. */
export interface Said {
  readonly output: string[];
  readonly errors: string[];
}

/** Runs the `validator` command in this process, on a free RPC port. */
export function runInProcess(
  dataDir: string,
  flags: Partial<ValidatorSettings> = {},
  said: Said = { output: [], errors: [] },
): Promise<LiveValidator> {
  const surroundings: ValidatorSurroundings = {
    version: '1.2.3',
    loadNode: () => Promise.resolve(nodePackage),
    createTransport,
    print: (text) => said.output.push(text),
    printError: (text) => said.errors.push(text),
    wallMs: Date.now,
    isStopping: () => false,
    every: () => () => {},
    fatal: (error) => said.errors.push(`fatal: ${String(error)}`),
    dataVanished: (problem) => said.errors.push(problem),
    clockWrong: (problem) => said.errors.push(problem),
    keyActive: (proof) => said.errors.push(proof),
  };
  const given = { rpcPort: 0, lanes: 0, ...flags };
  const settings = loadSettings(
    { place: { dataDir, config: null }, flags: given },
    {
      environment: {},
      workingDirectory: dataDir,
    },
  );
  return runValidator('validator', settings, surroundings);
}
