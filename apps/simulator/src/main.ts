import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { crashPointsCommand, crashWorkerCommand } from './command/crash-points-command.ts';
import { engineCommand, engineWorkerCommand } from './command/engine-command.ts';
import { mutateCommand } from './command/mutate-command.ts';
import { simulateCommand, workerCommand } from './command/simulate-command.ts';
import { wireCommand } from './command/wire-command.ts';

// npm runs a script in the package's folder and leaves the user's own in INIT_CWD.
const workingDirectory = process.env.INIT_CWD ?? process.cwd();

await new Command('simulator')
  .version(manifest.version)
  .addCommand(simulateCommand(workingDirectory), { isDefault: true })
  .addCommand(engineCommand(workingDirectory))
  .addCommand(crashPointsCommand())
  .addCommand(mutateCommand())
  .addCommand(wireCommand())
  .addCommand(workerCommand(), { hidden: true })
  .addCommand(crashWorkerCommand(), { hidden: true })
  .addCommand(engineWorkerCommand(), { hidden: true })
  .parseAsync();
