import {
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  type HiddenCommand,
  hiddenCommand,
  oneOf,
  wholeNumber,
} from '@heddle/command-line';
import { InvalidCampaignError } from '../errors.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { CAMPAIGN, JOBS, JSON_TABLE, minutes, orMixed } from './play-flags.ts';
import type { PlayFlags } from './play-run.ts';
import { simulate } from './simulate.ts';
import { serveSeeds } from './worker.ts';

interface SimulateLine extends Omit<PlayFlags, 'seeds'> {
  /** Null: as many as usual, or without end in a campaign. */
  readonly seeds: number | null;
  /** Null where each seed draws its own. */
  readonly validators: number | null;
  readonly shards: number | null;
  readonly scenario: string | null;
  readonly jobs: number;
  readonly trace: boolean;
}

const DEFAULT_SEEDS = 100;
const NAMES = SCENARIOS.map(({ name }) => name);

const FLAGS: FlagTable<SimulateLine> = {
  seeds: {
    typed: '--seeds <N>',
    help: 'seeds to play',
    kind: wholeNumber(1, 2 ** 40),
    usual: null,
    shown: `${DEFAULT_SEEDS}; a campaign: no end`,
  },
  from: { typed: '--from <SEED>', help: 'first seed', kind: wholeNumber(0, 2 ** 40), usual: 1 },
  validators: {
    typed: '--validators <N>',
    help: 'validators, or mixed: mostly 4, then 5, 6, 7, 10',
    kind: orMixed(wholeNumber(4, 128)),
    usual: null,
    shown: 'mixed',
  },
  shards: {
    typed: '--shards <S>',
    help: 'shards, or mixed',
    kind: orMixed(wholeNumber(1, 64)),
    usual: null,
    shown: 'mixed',
  },
  scenario: {
    typed: '--scenario <NAME>',
    help: `${NAMES.join(', ')}, or mixed`,
    kind: orMixed(oneOf(NAMES, 'mixed')),
    usual: null,
    shown: 'mixed',
  },
  jobs: JOBS,
  campaign: CAMPAIGN,
  minutes: minutes('seeds'),
  trace: { typed: '--trace', help: 'print the event log of every seed', kind: given, usual: false },
  json: JSON_TABLE,
};

/** The `simulate` command. Relative paths are taken from `workingDirectory`. */
export function simulateCommand(workingDirectory: string): Command {
  return flagCommand({
    name: 'simulate',
    about: 'Play whole networks of validators on virtual time, with faults; the same seed gives the same run',
    flags: FLAGS,
    workingDirectory,
    run: async (given, refuse) => {
      const { validators, shards, scenario, jobs, trace, ...line } = complete(FLAGS, given);
      const seeds = line.seeds ?? (line.campaign === null ? DEFAULT_SEEDS : Number.POSITIVE_INFINITY);
      const terms = { validators, shards, scenario };
      try {
        process.exitCode = await simulate({ ...line, seeds, terms, jobs: trace ? 1 : jobs, trace });
      } catch (error) {
        if (!(error instanceof InvalidCampaignError)) throw error;
        refuse(error.message);
      }
    },
  });
}

/** The processes behind `--jobs`. */
export function workerCommand(): HiddenCommand {
  return hiddenCommand('worker', 'terms', (terms) => serveSeeds(JSON.parse(terms)));
}
