import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { InvalidCampaignError } from '../errors.ts';
import type { SeedReport } from '../world/run-seed.ts';
import { isRecord, isSeedReport } from './report-guard.ts';
import { failedIn, MEDIANS, type ScenarioTotals, seedsIn, type Totals, withReport } from './totals.ts';

const FORMAT = 5;

/** Totals of seeds that were played with other sources. */
export interface EarlierTotals {
  readonly codeVersion: string;
  readonly seeds: number;
  readonly failed: number;
}

/** A run of seeds over days, in one JSON file. */
export interface Campaign {
  readonly format: typeof FORMAT;
  /** What its seeds are of. */
  readonly work: string;
  readonly codeVersion: string;
  /** All seeds below have been played, by this or an earlier code. */
  readonly nextSeed: number;
  readonly totals: Totals;
  readonly violations: readonly SeedReport[];
  readonly earlier: readonly EarlierTotals[];
}

/**
 * Goes on where the file ends. With other sources the totals begin anew; the old ones move to `earlier`. Throws
 * InvalidCampaignError.
 */
export function openCampaign(path: string, start: Pick<Campaign, 'work' | 'codeVersion' | 'nextSeed'>): Campaign {
  const { work, codeVersion } = start;
  if (!existsSync(path)) return { format: FORMAT, ...start, totals: {}, violations: [], earlier: [] };
  const campaign = parseCampaign(path, readFileSync(path, 'utf8'));
  if (campaign.work !== work) throw new InvalidCampaignError(path, `its work is ${campaign.work}, not ${work}`);
  if (campaign.codeVersion === codeVersion) return campaign;
  const { totals } = campaign;
  const old = { codeVersion: campaign.codeVersion, seeds: seedsIn(totals), failed: failedIn(totals) };
  return { ...campaign, codeVersion, totals: {}, earlier: [...campaign.earlier, old] };
}

export function campaignWith(campaign: Campaign, report: SeedReport): Campaign {
  return {
    ...campaign,
    nextSeed: report.seed + 1,
    totals: withReport(campaign.totals, report),
    violations: report.violation === null ? campaign.violations : [...campaign.violations, report],
  };
}

/** In one step: whoever is killed in the middle leaves the file as it was before. */
export function saveCampaign(path: string, campaign: Campaign): void {
  const partial = `${path}.partial`;
  const file = openSync(partial, 'w');
  writeSync(file, `${JSON.stringify(campaign, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(partial, path);
}

function parseCampaign(path: string, text: string): Campaign {
  const value = parseJson(path, text);
  if (!isRecord(value)) throw new InvalidCampaignError(path, 'it is not an object');
  const { format, work, codeVersion, nextSeed, totals, violations, earlier } = value;
  if (format !== FORMAT) throw new InvalidCampaignError(path, `its format is not ${FORMAT}`);
  if (typeof work !== 'string') throw new InvalidCampaignError(path, 'work is missing');
  if (typeof codeVersion !== 'string' || typeof nextSeed !== 'number' || !Number.isSafeInteger(nextSeed))
    throw new InvalidCampaignError(path, 'codeVersion or nextSeed is missing');
  if (!isTotals(totals)) throw new InvalidCampaignError(path, 'totals are malformed');
  if (!Array.isArray(violations) || !violations.every(isSeedReport))
    throw new InvalidCampaignError(path, 'violations are malformed');
  if (!Array.isArray(earlier) || !earlier.every(isEarlier))
    throw new InvalidCampaignError(path, 'earlier totals are malformed');
  return { format: FORMAT, work, codeVersion, nextSeed, totals, violations, earlier };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidCampaignError(path, error instanceof Error ? error.message : String(error));
  }
}

function isTotals(value: unknown): value is Totals {
  return isRecord(value) && Object.values(value).every(isScenarioTotals);
}

function isScenarioTotals(value: unknown): value is ScenarioTotals {
  if (!isRecord(value) || !isRecord(value.spreads)) return false;
  const { spreads } = value;
  const sums = [
    'seeds',
    'failed',
    'messages',
    'sharded',
    'dispatching',
    'delivered',
    'inSections',
    'controlled',
    'controls',
    'virtualMs',
  ];
  return sums.every((key) => typeof value[key] === 'number') && MEDIANS.every((median) => isSpread(spreads[median]));
}

function isSpread(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(Number.isFinite);
}

function isEarlier(value: unknown): value is EarlierTotals {
  if (!isRecord(value)) return false;
  return typeof value.codeVersion === 'string' && typeof value.seeds === 'number' && typeof value.failed === 'number';
}
