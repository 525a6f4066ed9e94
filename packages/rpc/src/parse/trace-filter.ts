import type { Address } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import { isUncheckedObject } from '../json.ts';
import { MAX_ALTERNATIVES, MAX_TRACE_DEPTH } from '../limits.ts';
import { describeType } from './bad-value.ts';
import { type BlockId, LATEST, parseBlockId } from './block-id.ts';
import { optionalField, parseList } from './fields.ts';
import { parseAddress } from './hex.ts';
import { parseCount, parseString } from './scalars.ts';

/** The parameter of trace_filter. */
export interface TraceFilter {
  readonly from: BlockId;
  readonly to: BlockId;
  readonly fromAddress: readonly Address[];
  readonly toAddress: readonly Address[];
  /** Whether both lists have to fit ("intersection"), not one of them. */
  readonly both: boolean;
  readonly after: number;
  /** null = all. */
  readonly count: number | null;
}

export function parseTraceFilter(value: unknown): TraceFilter {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  return {
    from: optionalField(value, 'fromBlock', parseBlockId, LATEST),
    to: optionalField(value, 'toBlock', parseBlockId, LATEST),
    fromAddress: optionalField(value, 'fromAddress', parseAddresses, []),
    toAddress: optionalField(value, 'toAddress', parseAddresses, []),
    both: optionalField(value, 'mode', parseMode, false),
    after: optionalField(value, 'after', parseCount, 0),
    count: optionalField(value, 'count', parseCount, null),
  };
}

function parseAddresses(value: unknown): readonly Address[] {
  return Array.isArray(value) ? parseList(value, MAX_ALTERNATIVES, parseAddress) : [parseAddress(value)];
}

function parseMode(value: unknown): boolean {
  const mode = parseString(value);
  if (mode !== 'union' && mode !== 'intersection') throw new BadValueError('want "union" or "intersection"');
  return mode === 'intersection';
}

/** Which parts of trace_replayTransaction and its like. */
export interface TraceTypes {
  readonly trace: boolean;
  readonly stateDiff: boolean;
}

/** "vmTrace" is taken and stays null: debug_traceTransaction has each step. */
export function parseTraceTypes(value: unknown): TraceTypes {
  const types = parseList(value, 3, parseString);
  for (const type of types) {
    if (type !== 'trace' && type !== 'stateDiff' && type !== 'vmTrace') {
      throw new BadValueError(`want "trace", "stateDiff" or "vmTrace", got "${type.slice(0, 40)}"`);
    }
  }
  return { trace: types.includes('trace'), stateDiff: types.includes('stateDiff') };
}

/** Of trace_get: which call of which call. */
export function parseTraceAddress(value: unknown): readonly number[] {
  return parseList(value, MAX_TRACE_DEPTH, parseCount);
}
