import type { Command } from '@heddle/command-line';
import type { LoadedSettings } from './config/load-settings.ts';
import { ClockError, EXIT_CODES, errorMessage, KeyActiveError } from './errors.ts';
import { type DbActions, dbCommand } from './flags/db-commands.ts';
import { type KeysActions, keysCommand } from './flags/keys-commands.ts';
import { type NetworkStartFlags, networkCommand } from './flags/network-commands.ts';
import { statusCommand } from './flags/status-commands.ts';
import {
  configCommand,
  doctorCommand,
  nodeCommand,
  type ValidatorWords,
  validatorCommand,
} from './flags/validator-commands.ts';
import { type Endings, openLifecycle } from './live-process.ts';
import type { GenesisPackage } from './network/create-network.ts';
import type { NodeKind, ValidatorPackage } from './validator/run-validator.ts';

/** What these commands are run with. */
export interface OperatorSurroundings extends Endings {
  readonly version: string;
  readonly workingDirectory: string;
  readonly loadNode: () => Promise<GenesisPackage & ValidatorPackage>;
  readonly print: (text: string) => void;
}

/** The commands of networks whose validators run each in a process of its own. What they run is loaded with them. */
export function operatorCommands(surroundings: OperatorSurroundings): readonly Command[] {
  const { workingDirectory, print } = surroundings;
  return [
    validatorCommand(workingDirectory, (words) => startNode('validator', words, surroundings)),
    nodeCommand(workingDirectory, (words) => startNode('node', words, surroundings)),
    networkCommand(
      workingDirectory,
      async (flags) => {
        const { createNetwork } = await import('./network/create-network.ts');
        await createNetwork(flags, { ...surroundings, wallMs: Date.now });
      },
      (flags) => startNetwork(flags, surroundings),
    ),
    statusCommand(workingDirectory, async (flags) => {
      const { showStatus } = await import('./status/show-status.ts');
      const isWell = await showStatus(flags, { ...surroundings, wallMs: Date.now });
      if (!isWell) process.exitCode = EXIT_CODES.failure;
    }),
    doctorCommand(workingDirectory, async (words, json) => {
      const [{ examine }, { findingsText }, node] = await Promise.all([
        import('./doctor/examine.ts'),
        import('./doctor/show-findings.ts'),
        surroundings.loadNode(),
      ]);
      const findings = await examine(await settingsOf(words, surroundings), node);
      print(json ? `${JSON.stringify({ findings })}\n` : findingsText(findings));
      if (findings.some(({ state }) => state === 'wrong')) process.exitCode = EXIT_CODES.failure;
    }),
    dbCommand(workingDirectory, lateDbActions(surroundings)),
    keysCommand(workingDirectory, lateKeysActions(print)),
    configCommand(workingDirectory, async (words) => {
      const { configText } = await import('./config/print-config.ts');
      print(configText(await settingsOf(words, surroundings)));
    }),
  ];
}

async function startNetwork({ dir, explain }: NetworkStartFlags, surroundings: OperatorSurroundings): Promise<void> {
  const { explanation } = await import('./network/explain-network.ts');
  if (explain) return surroundings.print(explanation(dir));
  const network = await import('./network/start-network.ts');
  network.startNetwork(dir, {
    ...surroundings,
    lifecycle: openLifecycle(surroundings),
    every: (ms, task) => {
      const timer = setInterval(task, ms);
      return () => clearInterval(timer);
    },
    allEnded: (code) => process.exit(code),
  });
}

async function settingsOf(words: ValidatorWords, { workingDirectory }: OperatorSurroundings): Promise<LoadedSettings> {
  const { loadSettings } = await import('./config/load-settings.ts');
  return loadSettings(words, { environment: process.env, workingDirectory });
}

async function startNode(kind: NodeKind, words: ValidatorWords, surroundings: OperatorSurroundings): Promise<void> {
  const { endWith, printError } = surroundings;
  const lifecycle = openLifecycle(surroundings);
  const { runValidator } = await import('./validator/run-validator.ts');
  const { createTransport } = await import('./validator/between-processes.ts');
  const running = await runValidator(kind, await settingsOf(words, surroundings), {
    ...surroundings,
    createTransport,
    printError,
    wallMs: Date.now,
    isStopping: () => lifecycle.isStopping,
    every: (ms, task) => {
      const timer = setInterval(task, ms).unref();
      return () => clearInterval(timer);
    },
    fatal: (error, code) => endWith(code, `heddle: the process ends: ${errorMessage(error)}\n`),
    dataVanished: (problem) => lifecycle.giveUp(problem, EXIT_CODES.dataDirectory),
    clockWrong: (problem) => lifecycle.giveUp(new ClockError(problem).message, EXIT_CODES.clock),
    keyActive: (proof) => lifecycle.giveUp(new KeyActiveError(proof).message, EXIT_CODES.keyActive),
  });
  lifecycle.started(running.stop);
}

function lateDbActions({ print, printError }: OperatorSurroundings): DbActions {
  const isTerminal = process.stderr.isTTY === true;
  const actions = async (): Promise<DbActions> => {
    const { dbActions } = await import('./db/db-actions.ts');
    return dbActions({ print, printError, isTerminal, monotonicMs: () => performance.now() });
  };
  return {
    info: async (flags) => (await actions()).info(flags),
    verify: async (flags) => {
      const isSound = await (await actions()).verify(flags);
      if (!isSound) process.exitCode = EXIT_CODES.damage;
      return isSound;
    },
  };
}

function lateKeysActions(print: (text: string) => void): KeysActions {
  const actions = async (): Promise<KeysActions> => (await import('./keys/keys-actions.ts')).keysActions(print);
  return {
    create: async (flags) => (await actions()).create(flags),
    importKey: async (flags) => (await actions()).importKey(flags),
    exportKey: async (flags) => (await actions()).exportKey(flags),
    list: async (flags) => (await actions()).list(flags),
  };
}
