import {
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  type HiddenCommand,
  hiddenCommand,
  oneOf,
  text,
  wholeNumber,
} from '@heddle/command-line';
import { VICTIMS } from '../crash/crash-case.ts';
import type { WalkPlan } from '../crash/walk.ts';
import { InvalidCaseError } from '../errors.ts';
import { crashPoints, replayCrashCase, serveCrashCases } from './crash-points.ts';
import { JOBS, JSON_TABLE } from './play-flags.ts';

interface CrashPointsLine extends WalkPlan {
  /** The case to play alone; null walks them all. */
  readonly name: string | null;
  readonly jobs: number;
  readonly json: boolean;
}

const WHO = [...VICTIMS, 'each'] as const;

const FLAGS: FlagTable<CrashPointsLine> = {
  seed: { typed: '--seed <SEED>', help: 'the run whose points are walked', kind: wholeNumber(0, 2 ** 40), usual: 1 },
  validators: { typed: '--validators <N>', help: 'validators', kind: wholeNumber(4, 16), usual: 4 },
  who: {
    typed: '--who <WHO>',
    help: `who dies: ${WHO.join(', ')} (each: every one alone in turn)`,
    kind: oneOf(WHO),
    usual: 'one',
  },
  torn: { typed: '--torn', help: 'only torn writes, at each of their bytes', kind: given, usual: false },
  distinct: {
    typed: '--distinct',
    help: 'of points of the same kind and length only the last',
    kind: given,
    usual: false,
  },
  every: { typed: '--every <K>', help: 'only every so many cases', kind: wholeNumber(1, 2 ** 20), usual: 1 },
  name: { typed: '--case <NAME>', help: 'play this one and print its trace', kind: text, usual: null },
  jobs: JOBS,
  json: JSON_TABLE,
};

/** The `crash-points` command. */
export function crashPointsCommand(workingDirectory: string): Command {
  return flagCommand({
    name: 'crash-points',
    about: 'Kill validators before, in and after every durable step and frame of a run, restart them, go on',
    flags: FLAGS,
    workingDirectory,
    run: async (given, refuse) => {
      const { name, jobs, json, ...plan } = complete(FLAGS, given);
      try {
        process.exitCode = await (name === null ? crashPoints({ plan, jobs, json }) : replayCrashCase(plan, name));
      } catch (error) {
        if (!(error instanceof InvalidCaseError)) throw error;
        refuse(error.message);
      }
    },
  });
}

/** The processes behind `--jobs`. */
export function crashWorkerCommand(): HiddenCommand {
  return hiddenCommand('crash-worker', 'plan', (plan) => serveCrashCases(JSON.parse(plan)));
}
