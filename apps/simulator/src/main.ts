import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { mutateCommand } from './command/mutate-command.ts';
import { simulateCommand, workerCommand } from './command/simulate-command.ts';

// npm runs a script in the package's folder and leaves the user's own in INIT_CWD.
const workingDirectory = process.env.INIT_CWD ?? process.cwd();

await new Command('simulator')
  .version(manifest.version)
  .addCommand(simulateCommand(workingDirectory), { isDefault: true })
  .addCommand(mutateCommand())
  .addCommand(workerCommand(), { hidden: true })
  .parseAsync();
