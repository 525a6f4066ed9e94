import {
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  type HiddenCommand,
  hiddenCommand,
  oneOf,
  wholeNumber,
} from '@heddle/command-line';
import { engineWork, workNamed } from '../engine/work.ts';
import { InvalidCampaignError } from '../errors.ts';
import { childEnginePlayer, localEnginePlayer, serveWork } from './engine-players.ts';
import { CAMPAIGN, JOBS, JSON_TABLE, minutes } from './play-flags.ts';
import { type PlayFlags, playRun } from './play-run.ts';

interface EngineLine extends Omit<PlayFlags, 'seeds'> {
  readonly work: string;
  /** Null: as many as usual, or all in a campaign. */
  readonly count: number | null;
  readonly jobs: number;
}

const DEFAULT_COUNT = 1_000;
const NAMES = engineWork.map(({ name }) => name);

const FLAGS: FlagTable<EngineLine> = {
  work: { typed: '--work <NAME>', help: NAMES.join(', '), kind: oneOf(NAMES), usual: 'engine-seeds' },
  from: { typed: '--from <I>', help: 'first run', kind: wholeNumber(0, 2 ** 32), usual: 0 },
  count: {
    typed: '--count <N>',
    help: 'runs to play',
    kind: wholeNumber(1, 2 ** 32),
    usual: null,
    shown: `${DEFAULT_COUNT}; a campaign: all there are`,
  },
  jobs: JOBS,
  campaign: CAMPAIGN,
  minutes: minutes('runs'),
  json: JSON_TABLE,
};

/** The `engine` command. Relative paths are taken from `workingDirectory`. */
export function engineCommand(workingDirectory: string): Command {
  return flagCommand({
    name: 'engine',
    about: 'Play the engine alone: seeds, Twins cases, forks',
    flags: FLAGS,
    workingDirectory,
    run: async (given, refuse) => {
      try {
        process.exitCode = await playEngine(complete(FLAGS, given));
      } catch (error) {
        if (!(error instanceof InvalidCampaignError)) throw error;
        refuse(error.message);
      }
    },
  });
}

/** The processes behind `--jobs`. */
export function engineWorkerCommand(): HiddenCommand {
  return hiddenCommand('engine-worker', 'work', serveWork);
}

function playEngine({ work: name, count, jobs, ...line }: EngineLine): Promise<number> {
  const work = workNamed(name);
  const flags = { ...line, seeds: count ?? (line.campaign === null ? DEFAULT_COUNT : Number.POSITIVE_INFINITY) };
  const players = jobs === 1 ? [localEnginePlayer(work)] : Array.from({ length: jobs }, () => childEnginePlayer(work));
  const replay = ({ seed }: { readonly seed: number }): string =>
    `npm run simulate -- engine --work ${work.name} --from ${seed} --count 1`;
  return playRun({ flags, work: work.name, end: work.count, players, replay });
}
