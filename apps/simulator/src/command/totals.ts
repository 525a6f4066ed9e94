import type { SeedReport } from '../world/run-seed.ts';

/** Sums over the seeds of one scenario. Plain JSON. */
export interface ScenarioTotals {
  readonly seeds: number;
  readonly failed: number;
  readonly views: number;
  readonly crashes: number;
  readonly messages: number;
  readonly virtualMs: number;
  /** How many seeds ended with so many final blocks: the median comes from it. */
  readonly blocks: Readonly<Record<string, number>>;
}

/** By the scenario's name. */
export type Totals = Readonly<Record<string, ScenarioTotals>>;

const NONE: ScenarioTotals = { seeds: 0, failed: 0, views: 0, crashes: 0, messages: 0, virtualMs: 0, blocks: {} };

export function withReport(totals: Totals, report: SeedReport): Totals {
  const before = totals[report.scenario] ?? NONE;
  const { views, crashes, messages, virtualMs, blocks } = report;
  const after: ScenarioTotals = {
    seeds: before.seeds + 1,
    failed: before.failed + (report.violation === null ? 0 : 1),
    views: before.views + views,
    crashes: before.crashes + crashes,
    messages: before.messages + messages,
    virtualMs: before.virtualMs + virtualMs,
    blocks: { ...before.blocks, [blocks]: (before.blocks[blocks] ?? 0) + 1 },
  };
  return { ...totals, [report.scenario]: after };
}

export function failedIn(totals: Totals): number {
  return Object.values(totals).reduce((sum, { failed }) => sum + failed, 0);
}

export function seedsIn(totals: Totals): number {
  return Object.values(totals).reduce((sum, { seeds }) => sum + seeds, 0);
}

export function medianBlocks({ blocks, seeds }: ScenarioTotals): number {
  const sorted = Object.entries(blocks)
    .map(([count, times]) => [Number(count), times] as const)
    .sort(([a], [b]) => a - b);
  let passed = 0;
  for (const [count, times] of sorted) {
    passed += times;
    if (passed * 2 >= seeds) return count;
  }
  return 0;
}

/** One line a scenario, for people. */
export function formatTotals(totals: Totals): string {
  const rows = Object.entries(totals)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sums]) => [
      name,
      String(sums.seeds),
      String(sums.failed),
      String(medianBlocks(sums)),
      String(sums.views),
      String(sums.crashes),
      String(sums.messages),
      (sums.virtualMs / 1_000).toFixed(0),
    ]);
  const head = ['scenario', 'seeds', 'failed', 'median blocks', 'views', 'crashes', 'messages', 'virtual s'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}
