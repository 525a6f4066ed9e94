import { createHash } from 'node:crypto';
import type { SeedReport } from '../world/run-seed.ts';
import type { Player } from './players.ts';
import { type Totals, withReport } from './totals.ts';

export interface Assignment {
  readonly from: number;
  /** Seeds to play; Infinity = until `isOver`. */
  readonly seeds: number;
  readonly players: readonly Player[];
  /** Asked before each seed. */
  isOver(): boolean;
  /** Told of each seed, in order of the seeds whoever played them. */
  reported(report: SeedReport): void;
}

export interface Outcome {
  readonly totals: Totals;
  /** Over the trace hashes of all seeds, in order: the same for any number of players. */
  readonly runHash: string;
}

/** Deals the seeds in order to whoever is free. */
export async function playSeeds({ from, seeds, players, isOver, reported }: Assignment): Promise<Outcome> {
  const early = new Map<number, SeedReport>();
  const hash = createHash('sha256');
  let totals: Totals = {};
  let next = from;
  let expected = from;
  const take = (report: SeedReport): void => {
    early.set(report.seed, report);
    for (let due = early.get(expected); due !== undefined; due = early.get(expected)) {
      early.delete(expected);
      expected += 1;
      hash.update(due.traceHash);
      totals = withReport(totals, due);
      reported(due);
    }
  };
  const serve = async (player: Player): Promise<void> => {
    while (next < from + seeds && !isOver()) {
      const seed = next;
      next += 1;
      take(await player.play(seed));
    }
  };
  await Promise.all(players.map(serve));
  return { totals, runHash: hash.digest('hex') };
}
