import { groupCommand, runCommand } from '@heddle/command-line';
import manifest from '../package.json' with { type: 'json' };
import { crashPointsCommand, crashWorkerCommand } from './command/crash-points-command.ts';
import { engineCommand, engineWorkerCommand } from './command/engine-command.ts';
import { mutateCommand } from './command/mutate-command.ts';
import { simulateCommand, workerCommand } from './command/simulate-command.ts';
import { wireCommand } from './command/wire-command.ts';

// npm runs a script in the package's folder and leaves the user's own in INIT_CWD.
const workingDirectory = process.env.INIT_CWD ?? process.cwd();

const simulator = groupCommand('simulator', '', [
  { usual: simulateCommand(workingDirectory) },
  engineCommand(workingDirectory),
  crashPointsCommand(workingDirectory),
  mutateCommand(workingDirectory),
  wireCommand(workingDirectory),
  workerCommand(),
  crashWorkerCommand(),
  engineWorkerCommand(),
]);
const printError = (text: string): void => void process.stderr.write(text);
const style = { prefix: 'error', hint: '', printError };
const ending = await runCommand(simulator.version(manifest.version), process.argv.slice(2), style);
if (ending === 'bad use') process.exitCode = 1;
