import type { PlanTerms } from '../plan.ts';
import type { SeedReport } from '../world/run-seed.ts';
import { type PlayFlags, playRun, printLine } from './play-run.ts';
import { childPlayer, localPlayer, type Player } from './players.ts';

export interface SimulateFlags extends PlayFlags {
  readonly terms: PlanTerms;
  readonly jobs: number;
  readonly trace: boolean;
}

/** Plays seeds of whole networks and prints what came out; returns the exit code. */
export function simulate(flags: SimulateFlags): Promise<number> {
  const players = playersOf(flags);
  return playRun({ flags, work: 'networks', end: Number.POSITIVE_INFINITY, players, replay: replayCommand });
}

/** The command that plays the seed of a report again, whatever the run drew for it. */
function replayCommand({ seed, validators, shards, scenario }: SeedReport): string {
  const terms = `--validators ${validators} --shards ${shards} --scenario ${scenario}`;
  return `npm run simulate -- --from ${seed} --seeds 1 ${terms} --trace`;
}

function playersOf({ terms, jobs, trace }: SimulateFlags): readonly Player[] {
  if (jobs === 1) return [localPlayer(terms, trace ? printLine : () => {})];
  return Array.from({ length: jobs }, () => childPlayer(terms));
}
