import { addCompletion, type Command, groupCommand, runCommand } from '@heddle/command-line';
import type { LiveDevnet, NodePackage, Surroundings } from './devnet/run-devnet.ts';
import { EXIT_CODES, type ExitCode, errorMessage, UserError } from './errors.ts';
import { devnetCommand, signerCommand } from './flags/commands.ts';
import type { DevnetFlags } from './flags/devnet-flags.ts';
import { openLifecycle } from './live-process.ts';
import { operatorCommands } from './operator-commands.ts';

/** What the command line is run with. */
export interface CommandLine {
  /** Without node and the file. */
  readonly words: readonly string[];
  readonly version: string;
  /** Where relative paths start. */
  readonly workingDirectory: string;
  readonly loadNode: () => Promise<NodePackage>;
  readonly loadActors: Surroundings['loadActors'];
}

const STYLE = { prefix: 'heddle', hint: '(--help lists the flags)', printError };

/** Runs the `heddle` command in this process: reads the words, starts what they ask for, ends the process with its code. */
export async function runCommandLine(commandLine: CommandLine): Promise<void> {
  process.on('uncaughtException', (error) => fail('an unexpected error', error));
  process.on('unhandledRejection', (reason) => fail('an unexpected error', reason));
  // Whoever read the banner may have gone (`| head`); that is no reason to stop.
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  try {
    const ending = await runCommand(program(commandLine), commandLine.words, STYLE);
    if (ending !== 'ran') process.exitCode = ending === 'shown' ? EXIT_CODES.ok : EXIT_CODES.usage;
  } catch (error) {
    if (error instanceof UserError) endWith(error.exitCode, `heddle: ${error.message}\n`);
    else fail('the start failed', error);
  }
}

function program(commandLine: CommandLine): Command {
  const { version } = commandLine;
  const devnet = devnetCommand(commandLine.workingDirectory, (flags) => startDevnet(flags, commandLine));
  const transfer = (): Promise<typeof import('./signer/transfer-records.ts')> => import('./signer/transfer-records.ts');
  const signer = signerCommand(
    commandLine.workingDirectory,
    async (flags) => (await transfer()).exportRecords(flags, { print, printError }),
    async (flags) => (await transfer()).importRecords(flags, { print, printError }),
  );
  const ofOperators = operatorCommands({
    ...commandLine,
    loadNode: () => import('@heddle/node'),
    print,
    printError,
    endWith,
  });
  const about = 'A sharded EVM network that looks like one Ethereum chain';
  const program = groupCommand('heddle', about, [devnet.version(version), ...ofOperators, signer]).version(version);
  return addCompletion(program, print);
}

async function startDevnet(flags: DevnetFlags, { version, loadNode, loadActors }: CommandLine): Promise<void> {
  const lifecycle = openLifecycle({ printError, endWith });
  const isStopping = (): boolean => lifecycle.isStopping;
  const storageFailed = (error: unknown): void =>
    endWith(EXIT_CODES.dataDirectory, `heddle: the process ends: ${errorMessage(error)}\n`);
  const dataVanished = (problem: string): void => lifecycle.giveUp(problem, EXIT_CODES.dataDirectory);
  const every = (ms: number, task: () => void): (() => void) => {
    const timer = setInterval(task, ms).unref();
    return () => clearInterval(timer);
  };
  const surroundings: Surroundings = {
    version,
    loadNode,
    loadActors,
    print,
    printError,
    hasColours: (stream) => process[stream].isTTY && process[stream].hasColors(),
    unwrittenBytes: (stream) => process[stream].writableLength,
    wallMs: Date.now,
    monotonicMs: () => performance.now(),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs).unref();
      return () => clearTimeout(timer);
    },
    every,
    isStopping,
    storageFailed,
    dataVanished,
  };
  // Loaded late: --help and a wrong flag need none of it.
  const { runDevnet } = await import('./devnet/run-devnet.ts');
  const devnet: LiveDevnet = await runDevnet(flags, surroundings);
  lifecycle.started(devnet.stop);
}

/** Nothing is saved here: what is final is on disk already, and the rest must not be trusted. */
function fail(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : errorMessage(error);
  endWith(EXIT_CODES.failure, `heddle: ${what}: ${detail}\n`);
}

function endWith(code: ExitCode, message: string): void {
  printError(message);
  process.exit(code);
}

function print(text: string): void {
  process.stdout.write(text);
}

function printError(text: string): void {
  process.stderr.write(text);
}

function ignoreClosedPipe(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') return;
  throw error;
}
