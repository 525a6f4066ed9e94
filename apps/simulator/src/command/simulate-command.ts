import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { InvalidCampaignError } from '../errors.ts';
import { MAX_JOBS } from '../limits.ts';
import type { PlanTerms } from '../plan.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { type SimulateFlags, simulate } from './simulate.ts';
import { serveSeeds } from './worker.ts';

/** What commander hands over; absent means not given. */
interface ParsedOptions {
  readonly seeds?: number;
  readonly from: number;
  readonly validators: number | null;
  readonly shards: number | null;
  readonly scenario: string | null;
  readonly json?: boolean;
  readonly jobs: number;
  readonly campaign?: string;
  readonly minutes?: number;
  readonly trace?: boolean;
}

const DEFAULT_SEEDS = 100;
const NAMES = SCENARIOS.map(({ name }) => name);

/** The `simulate` command. Relative paths are taken from `workingDirectory`. */
export function simulateCommand(workingDirectory: string): Command {
  return new Command('simulate')
    .description('Play whole networks of validators on virtual time, with faults; the same seed gives the same run')
    .option('--seeds <N>', `seeds to play (default: ${DEFAULT_SEEDS}; a campaign: no end)`, whole(1, 2 ** 40))
    .option('--from <SEED>', 'first seed', whole(0, 2 ** 40), 1)
    .option('--validators <N>', 'validators, or mixed: mostly 4, then 5, 6, 7, 10', orMixed(whole(4, 128)), null)
    .option('--shards <S>', 'shards, or mixed', orMixed(whole(1, 64)), null)
    .option('--scenario <NAME>', `${NAMES.join(', ')}, or mixed`, orMixed(scenarioName), null)
    .option('--jobs <J>', 'processes', whole(1, MAX_JOBS), Math.min(2, availableParallelism()))
    .option('--campaign <FILE>', 'go on where this file ends, and keep totals and violations in it')
    .option('--minutes <M>', 'deal no more seeds after this', whole(1, 2 ** 20))
    .option('--trace', 'print the event log of every seed')
    .option('--json', 'print one line of JSON instead of the table')
    .action(async (options: ParsedOptions, command: Command) => {
      try {
        process.exitCode = await simulate(flagsOf(options, workingDirectory));
      } catch (error) {
        if (!(error instanceof InvalidCampaignError)) throw error;
        command.error(error.message);
      }
    });
}

/** The processes behind `--jobs`. */
export function workerCommand(): Command {
  return new Command('worker').argument('<terms>').action((terms: string) => serveSeeds(JSON.parse(terms)));
}

function flagsOf(options: ParsedOptions, workingDirectory: string): SimulateFlags {
  const { validators, shards, scenario, campaign, minutes } = options;
  const terms: PlanTerms = { validators, shards, scenario };
  return {
    terms,
    from: options.from,
    seeds: options.seeds ?? (campaign === undefined ? DEFAULT_SEEDS : Number.POSITIVE_INFINITY),
    jobs: options.trace === true ? 1 : options.jobs,
    campaign: campaign === undefined ? null : resolve(workingDirectory, campaign),
    minutes: minutes ?? Number.POSITIVE_INFINITY,
    trace: options.trace === true,
    json: options.json === true,
  };
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function scenarioName(text: string): string {
  if (NAMES.includes(text)) return text;
  throw new InvalidArgumentError(`Give one of ${NAMES.join(', ')}, mixed.`);
}

/** Null for `mixed`: drawn for each seed. */
function orMixed<T>(parse: (text: string) => T): (text: string) => T | null {
  return (text) => (text === 'mixed' ? null : parse(text));
}
