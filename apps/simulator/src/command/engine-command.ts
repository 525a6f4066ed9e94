import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { engineWork, workNamed } from '../engine/work.ts';
import { InvalidCampaignError } from '../errors.ts';
import { MAX_JOBS } from '../limits.ts';
import { childEnginePlayer, localEnginePlayer, serveWork } from './engine-players.ts';
import { whole } from './flags.ts';
import { playRun } from './play-run.ts';

/** What commander hands over; absent means not given. */
interface ParsedOptions {
  readonly work: string;
  readonly from: number;
  readonly count?: number;
  readonly jobs: number;
  readonly campaign?: string;
  readonly minutes?: number;
  readonly json?: boolean;
}

const DEFAULT_COUNT = 1_000;
const NAMES = engineWork.map(({ name }) => name);

/** The `engine` command. Relative paths are taken from `workingDirectory`. */
export function engineCommand(workingDirectory: string): Command {
  return new Command('engine')
    .description('Play the engine alone: seeds, Twins cases, forks')
    .option('--work <NAME>', `${NAMES.join(', ')}`, workName, 'engine-seeds')
    .option('--from <I>', 'first run', whole(0, 2 ** 32), 0)
    .option('--count <N>', `runs to play (default: ${DEFAULT_COUNT}; a campaign: all there are)`, whole(1, 2 ** 32))
    .option('--jobs <J>', 'processes', whole(1, MAX_JOBS), Math.min(2, availableParallelism()))
    .option('--campaign <FILE>', 'go on where this file ends, and keep totals and violations in it')
    .option('--minutes <M>', 'deal no more runs after this', whole(1, 2 ** 20))
    .option('--json', 'print one line of JSON instead of the table')
    .action(async (options: ParsedOptions, command: Command) => {
      try {
        process.exitCode = await playEngine(options, workingDirectory);
      } catch (error) {
        if (!(error instanceof InvalidCampaignError)) throw error;
        command.error(error.message);
      }
    });
}

/** The processes behind `--jobs`. */
export function engineWorkerCommand(): Command {
  return new Command('engine-worker').argument('<work>').action((name: string) => serveWork(name));
}

function playEngine(options: ParsedOptions, workingDirectory: string): Promise<number> {
  const { from, count, jobs, campaign, minutes, json } = options;
  const work = workNamed(options.work);
  const flags = {
    from,
    seeds: count ?? (campaign === undefined ? DEFAULT_COUNT : Number.POSITIVE_INFINITY),
    campaign: campaign === undefined ? null : resolve(workingDirectory, campaign),
    minutes: minutes ?? Number.POSITIVE_INFINITY,
    json: json === true,
  };
  const players = jobs === 1 ? [localEnginePlayer(work)] : Array.from({ length: jobs }, () => childEnginePlayer(work));
  const replay = ({ seed }: { readonly seed: number }): string =>
    `npm run simulate -- engine --work ${work.name} --from ${seed} --count 1`;
  return playRun({ flags, work: work.name, end: work.count, players, replay });
}

function workName(text: string): string {
  if (NAMES.includes(text)) return text;
  throw new InvalidArgumentError(`Give one of ${NAMES.join(', ')}.`);
}
