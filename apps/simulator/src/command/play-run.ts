import type { SeedReport } from '../world/run-seed.ts';
import { CampaignFile } from './campaign-file.ts';
import { type Outcome, playSeeds } from './play-seeds.ts';
import type { Player } from './players.ts';
import {
  controlsIn,
  deliveredIn,
  failedIn,
  formatTotals,
  inSectionsOf,
  mediansOf,
  seedsIn,
  whatIsMissing,
} from './totals.ts';

/** How much is played, and what is said about it. */
export interface PlayFlags {
  readonly from: number;
  /** Infinity: until something else ends it. */
  readonly seeds: number;
  readonly campaign: string | null;
  /** Infinity: no limit. */
  readonly minutes: number;
  readonly json: boolean;
}

/** A row of seeds, and who plays it. */
export interface SeedRow {
  readonly flags: PlayFlags;
  /** What the seeds are of: a campaign file counts those of one work. */
  readonly work: string;
  /** Seeds that there are: 0 … end − 1. */
  readonly end: number;
  readonly players: readonly Player[];
  /** The command that plays the seed of a report again. */
  replay(report: SeedReport): string;
}

const MS_PER_MINUTE = 60_000;

/** Plays the seeds and prints what came out; returns the exit code. Throws InvalidCampaignError. */
export async function playRun(run: SeedRow): Promise<number> {
  const { flags, work, end, players } = run;
  const startedMs = Date.now();
  const campaign = new CampaignFile(flags.campaign, work, flags.from);
  let isInterrupted = false;
  const interrupt = (): void => {
    // A second one ends it at once; what was saved stays.
    if (isInterrupted) process.exit(130);
    isInterrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const outcome = await playSeeds({
    from: campaign.nextSeed,
    seeds: Math.min(flags.seeds, end - campaign.nextSeed),
    players,
    isOver: () => isInterrupted || Date.now() - startedMs >= flags.minutes * MS_PER_MINUTE,
    reported: (report) => {
      campaign.add(report);
      if (report.violation !== null) printViolation(report, run);
    },
  });
  campaign.save();
  for (const player of players) player.stop();
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  printLine(flags.json ? jsonOf(outcome, flags, startedMs) : textOf(outcome));
  const missing = whatIsMissing(outcome.totals);
  if (missing !== null)
    process.stderr.write(`error: ${missing} in any of these seeds, so they show nothing about shards.\n`);
  return failedIn(outcome.totals) === 0 && missing === null ? 0 : 1;
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line and how to play it again; of a single seed, everything there is. */
function printViolation(report: SeedReport, { flags, replay }: SeedRow): void {
  const { detail = '' } = report.violation ?? {};
  const shown = flags.seeds === 1 ? detail : detail.split('\n')[0];
  const text = `seed ${report.seed}: ${shown}\n  ${replay(report)}\n`;
  (flags.json ? process.stderr : process.stdout).write(text);
}

function textOf({ totals, runHash }: Outcome): string {
  const failed = failedIn(totals);
  const passed = `${seedsIn(totals) - failed} seeds passed, ${failed} failed`;
  const crossing = `${deliveredIn(totals)} messages delivered, ${inSectionsOf(totals)} transactions in sections`;
  const controls = controlsIn(totals);
  const controlled = `${controls.blocks} control blocks in ${controls.seeds} seeds`;
  return `${formatTotals(totals)}\n${passed}; ${crossing}; ${controlled}; run ${runHash.slice(0, 16)}`;
}

function jsonOf({ totals, runHash }: Outcome, { from }: PlayFlags, startedMs: number): string {
  const scenarios = Object.entries(totals).map(([name, sums]) => {
    const { spreads: _, ...counts } = sums;
    return [name, { ...counts, medians: mediansOf(sums) }] as const;
  });
  const failed = failedIn(totals);
  return JSON.stringify({
    from,
    passed: seedsIn(totals) - failed,
    failed,
    delivered: deliveredIn(totals),
    inSections: inSectionsOf(totals),
    controls: controlsIn(totals),
    runHash,
    seconds: Math.round((Date.now() - startedMs) / 1_000),
    scenarios: Object.fromEntries(scenarios),
  });
}
