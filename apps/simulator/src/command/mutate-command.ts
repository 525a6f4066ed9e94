import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { runGate } from '../mutation/gate.ts';
import { readMutants } from '../mutation/mutant.ts';

interface ParsedOptions {
  readonly only: string;
}

/** The `mutate` command: the mutation gate. */
export function mutateCommand(): Command {
  return new Command('mutate')
    .description('Seed one bug after the other into the rules: each must violate an invariant of its scenario')
    .option('--only <TEXT>', 'mutants whose name or file has this in it', '')
    .action(async ({ only }: ParsedOptions) => {
      const mutants = readMutants().filter(({ name, file }) => name.includes(only) || file.includes(only));
      const write = (line: string): void => void process.stdout.write(`${line}\n`);
      const isSound = await runGate({ mutants, jobs: Math.min(2, availableParallelism()), write });
      process.exitCode = isSound ? 0 : 1;
    });
}
