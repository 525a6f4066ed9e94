import type { SeedReport } from '../world/run-seed.ts';
import { formatTable } from './table.ts';

/** What is told of a scenario by the median over its seeds: a run in which nothing happens shows. */
export const MEDIANS = ['blocks', 'views', 'crashes', 'messages'] as const;
type Median = (typeof MEDIANS)[number];

/** How many seeds had so much of something. */
type Spread = Readonly<Record<string, number>>;

/** Sums over the seeds of one scenario. Plain JSON. */
export interface ScenarioTotals {
  readonly seeds: number;
  readonly failed: number;
  readonly messages: number;
  /** Seeds of two shards or more. */
  readonly sharded: number;
  /** Those of them whose chunks may send calls to other shards. */
  readonly dispatching: number;
  /** Messages between shards that their final blocks delivered. */
  readonly delivered: number;
  /** Transactions that sections of their final blocks executed. */
  readonly inSections: number;
  /** Seeds in which control blocks became final. */
  readonly controlled: number;
  /** How many did. */
  readonly controls: number;
  readonly virtualMs: number;
  readonly spreads: Readonly<Record<Median, Spread>>;
}

/** By the scenario's name. */
export type Totals = Readonly<Record<string, ScenarioTotals>>;

const NOTHING: ScenarioTotals['spreads'] = { blocks: {}, views: {}, crashes: {}, messages: {} };
const NONE: ScenarioTotals = {
  seeds: 0,
  failed: 0,
  messages: 0,
  sharded: 0,
  dispatching: 0,
  delivered: 0,
  inSections: 0,
  controlled: 0,
  controls: 0,
  virtualMs: 0,
  spreads: NOTHING,
};

export function withReport(totals: Totals, report: SeedReport): Totals {
  const before = totals[report.scenario] ?? NONE;
  const counted = (median: Median): Spread => withValue(before.spreads[median], report[median]);
  const after: ScenarioTotals = {
    seeds: before.seeds + 1,
    failed: before.failed + (report.violation === null ? 0 : 1),
    messages: before.messages + report.messages,
    sharded: before.sharded + (report.shards > 1 ? 1 : 0),
    dispatching: before.dispatching + (report.shards > 1 && report.dispatch ? 1 : 0),
    delivered: before.delivered + report.delivered,
    inSections: before.inSections + report.inSections,
    controlled: before.controlled + (report.controls > 0 ? 1 : 0),
    controls: before.controls + report.controls,
    virtualMs: before.virtualMs + report.virtualMs,
    spreads: {
      blocks: counted('blocks'),
      views: counted('views'),
      crashes: counted('crashes'),
      messages: counted('messages'),
    },
  };
  return { ...totals, [report.scenario]: after };
}

/** Large values to two digits, so that a spread stays small however many seeds there are. */
function withValue(spread: Spread, value: number): Spread {
  const key = value < 100 ? value : Number(value.toPrecision(2));
  return { ...spread, [key]: (spread[key] ?? 0) + 1 };
}

export function failedIn(totals: Totals): number {
  return Object.values(totals).reduce((sum, { failed }) => sum + failed, 0);
}

export function deliveredIn(totals: Totals): number {
  return Object.values(totals).reduce((sum, { delivered }) => sum + delivered, 0);
}

export function inSectionsOf(totals: Totals): number {
  return Object.values(totals).reduce((sum, { inSections }) => sum + inSections, 0);
}

/** Seeds with control blocks, and how many of these. */
export function controlsIn(totals: Totals): { readonly seeds: number; readonly blocks: number } {
  return Object.values(totals).reduce(
    ({ seeds, blocks }, { controlled, controls }) => ({ seeds: seeds + controlled, blocks: blocks + controls }),
    { seeds: 0, blocks: 0 },
  );
}

export function seedsIn(totals: Totals): number {
  return Object.values(totals).reduce((sum, { seeds }) => sum + seeds, 0);
}

/** Seeds of several shards were played, and something that they are there for never happened; null: it did. */
export function whatIsMissing(totals: Totals): string | null {
  const all = Object.values(totals);
  if (all.some(({ sharded }) => sharded > 0) && inSectionsOf(totals) === 0) return 'no section executed a transaction';
  if (all.some(({ dispatching }) => dispatching > 0) && deliveredIn(totals) === 0)
    return 'no message was delivered between shards';
  return null;
}

/** The median of a seed: blocks, views, crashes and messages. */
export function mediansOf({ spreads, seeds }: ScenarioTotals): Readonly<Record<Median, number>> {
  const median = (of: Median): number => medianOf(spreads[of], seeds);
  return { blocks: median('blocks'), views: median('views'), crashes: median('crashes'), messages: median('messages') };
}

function medianOf(spread: Spread, seeds: number): number {
  const sorted = Object.entries(spread)
    .map(([value, times]) => [Number(value), times] as const)
    .sort(([a], [b]) => a - b);
  let passed = 0;
  for (const [value, times] of sorted) {
    passed += times;
    if (passed * 2 >= seeds) return value;
  }
  return 0;
}

/** One line a scenario, for people. */
export function formatTotals(totals: Totals): string {
  const rows = Object.entries(totals)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sums]) => {
      const medians = mediansOf(sums);
      const seconds = (sums.virtualMs / 1_000).toFixed(0);
      const crossing = [sums.delivered, sums.inSections, sums.controls];
      const counts = [sums.seeds, sums.failed, ...MEDIANS.map((of) => medians[of]), ...crossing];
      return [name, ...counts.map(String), seconds];
    });
  const head = [
    'scenario',
    'seeds',
    'failed',
    ...MEDIANS.map((of) => `${of} (median)`),
    'delivered',
    'in sections',
    'control',
    'virtual s',
  ];
  return formatTable(head, rows);
}
