import type { PlanTerms } from '../plan.ts';
import type { SeedReport } from '../world/run-seed.ts';
import { type Campaign, campaignWith, openCampaign, saveCampaign } from './campaign.ts';
import { codeVersion } from './code-version.ts';
import { type Outcome, playSeeds } from './play-seeds.ts';
import { childPlayer, localPlayer, type Player } from './players.ts';
import { failedIn, formatTotals, medianBlocks, seedsIn } from './totals.ts';

export interface SimulateFlags {
  readonly terms: PlanTerms;
  readonly from: number;
  /** Infinity: until something else ends it. */
  readonly seeds: number;
  readonly jobs: number;
  readonly campaign: string | null;
  /** Infinity: no limit. */
  readonly minutes: number;
  readonly trace: boolean;
  readonly json: boolean;
}

const MS_PER_MINUTE = 60_000;

/** Plays the seeds and prints what came out; returns the exit code. */
export async function simulate(flags: SimulateFlags): Promise<number> {
  const startedMs = Date.now();
  const campaign = new CampaignFile(flags);
  const players = playersOf(flags);
  let isInterrupted = false;
  const interrupt = (): void => {
    // A second one ends it at once; what is reported is saved already.
    if (isInterrupted) process.exit(130);
    isInterrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const outcome = await playSeeds({
    from: campaign.nextSeed,
    seeds: flags.seeds,
    players,
    isOver: () => isInterrupted || Date.now() - startedMs >= flags.minutes * MS_PER_MINUTE,
    reported: (report) => {
      campaign.add(report);
      if (report.violation !== null) printViolation(report, flags);
    },
  });
  for (const player of players) player.stop();
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  print(flags.json ? jsonOf(outcome, flags, startedMs) : textOf(outcome));
  return failedIn(outcome.totals) === 0 ? 0 : 1;
}

/** The command that plays the seed of a report again, whatever the run drew for it. */
export function replayCommand({ seed, validators, shards, scenario }: SeedReport): string {
  const terms = `--validators ${validators} --shards ${shards} --scenario ${scenario}`;
  return `npm run simulate -- --from ${seed} --seeds 1 ${terms} --trace`;
}

/** The file behind `--campaign`; nothing without one. */
class CampaignFile {
  readonly nextSeed: number;
  readonly #path: string | null;
  #campaign: Campaign | null;

  constructor({ campaign: path, from }: SimulateFlags) {
    this.#path = path;
    this.#campaign = path === null ? null : openCampaign(path, codeVersion(), from);
    this.nextSeed = this.#campaign?.nextSeed ?? from;
  }

  add(report: SeedReport): void {
    if (this.#path === null || this.#campaign === null) return;
    this.#campaign = campaignWith(this.#campaign, report);
    saveCampaign(this.#path, this.#campaign);
  }
}

function playersOf({ terms, jobs, trace }: SimulateFlags): readonly Player[] {
  if (jobs === 1) return [localPlayer(terms, trace ? print : () => {})];
  return Array.from({ length: jobs }, () => childPlayer(terms));
}

function printViolation(report: SeedReport, { json }: SimulateFlags): void {
  const line = `seed ${report.seed}: ${report.violation?.detail.split('\n')[0]}\n  ${replayCommand(report)}\n`;
  (json ? process.stderr : process.stdout).write(line);
}

function textOf({ totals, runHash }: Outcome): string {
  const failed = failedIn(totals);
  return `${formatTotals(totals)}\n${seedsIn(totals) - failed} seeds passed, ${failed} failed; run ${runHash.slice(0, 16)}`;
}

function jsonOf({ totals, runHash }: Outcome, { from }: SimulateFlags, startedMs: number): string {
  const scenarios = Object.entries(totals).map(([name, { blocks: _, ...sums }]) => {
    const of = totals[name];
    return [name, { ...sums, medianBlocks: of === undefined ? 0 : medianBlocks(of) }] as const;
  });
  const failed = failedIn(totals);
  return JSON.stringify({
    from,
    passed: seedsIn(totals) - failed,
    failed,
    runHash,
    seconds: Math.round((Date.now() - startedMs) / 1_000),
    scenarios: Object.fromEntries(scenarios),
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
