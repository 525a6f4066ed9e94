import type { Case, Sample } from './measure.ts';

/** Above this share of a core the generator, not the server, may be what is measured. */
const SATURATED = 0.8;

interface Cell {
  readonly perSecond: number;
  readonly cpuMicroseconds: number | null;
}

export interface Row extends Case {
  readonly cells: Readonly<Record<string, Cell>>;
  /** Networks for which the load generator was at its limit: their rates are lower bounds. */
  readonly saturated: readonly string[];
}

export function rowOf(one: Case, samples: ReadonlyMap<string, readonly Sample[]>): Row {
  const cells = [...samples].map(([name, taken]) => {
    const cpu = taken.flatMap(({ cpuMicroseconds }) => (cpuMicroseconds === null ? [] : [cpuMicroseconds]));
    const perSecond = median(taken.map((sample) => sample.perSecond));
    return [name, { perSecond, cpuMicroseconds: cpu.length === 0 ? null : median(cpu) }] as const;
  });
  const saturated = [...samples]
    .filter(([, taken]) => median(taken.map(({ generatorBusy }) => generatorBusy)) > SATURATED)
    .map(([name]) => name);
  return { ...one, cells: Object.fromEntries(cells), saturated };
}

/** A table for people: requests a second, their ratio to anvil's, and microseconds of CPU a request. */
export function tableOf(rows: readonly Row[], networks: readonly string[]): string {
  const others = networks.filter((name) => name !== 'anvil');
  const head = [
    'method',
    'way',
    ...networks.flatMap((name) => [`${name} /s`, 'µs']),
    ...others.map((n) => `${n}/anvil`),
  ];
  const lines = rows.map(({ method, transport, isBatch, cells, saturated }) => {
    const rates = networks.flatMap((name) => {
      const { [name]: cell } = cells;
      const mark = saturated.includes(name) ? '≥' : '';
      return cell === undefined ? ['-', '-'] : [`${mark}${Math.round(cell.perSecond)}`, shown(cell.cpuMicroseconds)];
    });
    const ratios = others.map((name) => {
      const { [name]: own, anvil } = cells;
      return own === undefined || anvil === undefined ? '-' : (own.perSecond / anvil.perSecond).toFixed(2);
    });
    return [method, `${transport}${isBatch ? ' ×100' : ''}`, ...rates, ...ratios];
  });
  return aligned([head, ...lines]);
}

function shown(microseconds: number | null): string {
  if (microseconds === null) return '-';
  return microseconds < 10 ? microseconds.toFixed(1) : String(Math.round(microseconds));
}

/** Texts to the left, figures to the right. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
