import type { SeedReport } from '../world/run-seed.ts';

const NUMBERS = [
  'seed',
  'validators',
  'shards',
  'blocks',
  'views',
  'crashes',
  'messages',
  'delivered',
  'inSections',
  'controls',
  'virtualMs',
];
const TEXTS = ['scenario', 'traceHash'];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What another process sent is a report. */
export function isSeedReport(value: unknown): value is SeedReport {
  if (!isRecord(value)) return false;
  if (!NUMBERS.every((key) => typeof value[key] === 'number')) return false;
  if (!TEXTS.every((key) => typeof value[key] === 'string')) return false;
  if (typeof value.dispatch !== 'boolean') return false;
  const { violation } = value;
  if (violation === null) return true;
  return isRecord(violation) && typeof violation.invariant === 'string' && typeof violation.detail === 'string';
}
