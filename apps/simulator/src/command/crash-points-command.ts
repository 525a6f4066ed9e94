import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { VICTIMS } from '../crash/crash-case.ts';
import type { WalkPlan } from '../crash/walk.ts';
import { InvalidCaseError } from '../errors.ts';
import { MAX_JOBS } from '../limits.ts';
import { crashPoints, replayCrashCase, serveCrashCases } from './crash-points.ts';
import { whole } from './flags.ts';

/** What commander hands over; absent means not given. */
interface ParsedOptions {
  readonly seed: number;
  readonly validators: number;
  readonly who: WalkPlan['who'];
  readonly torn?: boolean;
  readonly distinct?: boolean;
  readonly every: number;
  readonly case?: string;
  readonly jobs: number;
  readonly json?: boolean;
}

const WHO = [...VICTIMS, 'each'] as const;

/** The `crash-points` command. */
export function crashPointsCommand(): Command {
  return new Command('crash-points')
    .description('Kill validators before, in and after every durable step and frame of a run, restart them, go on')
    .option('--seed <SEED>', 'the run whose points are walked', whole(0, 2 ** 40), 1)
    .option('--validators <N>', 'validators', whole(4, 16), 4)
    .option('--who <WHO>', `who dies: ${WHO.join(', ')} (each: every one alone in turn)`, who, 'one')
    .option('--torn', 'only torn writes, at each of their bytes')
    .option('--distinct', 'of points of the same kind and length only the last')
    .option('--every <K>', 'only every so many cases', whole(1, 2 ** 20), 1)
    .option('--case <NAME>', 'play this one and print its trace')
    .option('--jobs <J>', 'processes', whole(1, MAX_JOBS), Math.min(2, availableParallelism()))
    .option('--json', 'print one line of JSON instead of the table')
    .action(async (options: ParsedOptions, command: Command) => {
      const plan = planOf(options);
      const { case: name, jobs, json } = options;
      try {
        const play =
          name === undefined ? crashPoints({ plan, jobs, json: json === true }) : replayCrashCase(plan, name);
        process.exitCode = await play;
      } catch (error) {
        if (!(error instanceof InvalidCaseError)) throw error;
        command.error(error.message);
      }
    });
}

/** The processes behind `--jobs`. */
export function crashWorkerCommand(): Command {
  return new Command('crash-worker').argument('<plan>').action((plan: string) => serveCrashCases(JSON.parse(plan)));
}

function planOf({ seed, validators, who: victims, torn, distinct, every }: ParsedOptions): WalkPlan {
  return { seed, validators, who: victims, torn: torn === true, distinct: distinct === true, every };
}

function who(text: string): WalkPlan['who'] {
  const known = WHO.find((each) => each === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`Give one of ${WHO.join(', ')}.`);
}
