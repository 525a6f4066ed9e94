import { availableParallelism } from 'node:os';
import { type Command, complete, type FlagTable, flagCommand, text } from '@heddle/command-line';
import { runGate } from '../mutation/gate.ts';
import { readMutants } from '../mutation/mutant.ts';

const FLAGS: FlagTable<{ readonly only: string }> = {
  only: { typed: '--only <TEXT>', help: 'mutants whose name or file has this in it', kind: text, usual: '' },
};

/** The `mutate` command: the mutation gate. */
export function mutateCommand(workingDirectory: string): Command {
  return flagCommand({
    name: 'mutate',
    about: 'Seed one bug after the other into the rules: each must violate an invariant of its scenario',
    flags: FLAGS,
    workingDirectory,
    run: async (given) => {
      const { only } = complete(FLAGS, given);
      const mutants = readMutants().filter(({ name, file }) => name.includes(only) || file.includes(only));
      const write = (line: string): void => void process.stdout.write(`${line}\n`);
      const isSound = await runGate({ mutants, jobs: Math.min(2, availableParallelism()), write });
      process.exitCode = isSound ? 0 : 1;
    },
  });
}
