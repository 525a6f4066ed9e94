import type { TracerSpec } from '@heddle/simulation';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { MAX_MUX_TRACERS } from '../limits.ts';
import type { BlockOverrides, StateOverrides } from '../ports.ts';
import { describeType, parseAt } from './bad-value.ts';
import { NO_OVERRIDES, parseBlockOverrides, parseStateOverrides } from './call-request.ts';
import { optionalField } from './fields.ts';
import { parseBoolean, parseCount, parseString } from './scalars.ts';

/** The last parameter of geth's debug_trace methods. */
export interface TraceConfig {
  readonly tracer: TracerSpec;
  /** Milliseconds that its user gives it; null = as long as any call. */
  readonly timeoutMs: number | null;
  /** Of debug_traceCall. */
  readonly overrides: StateOverrides;
  readonly blockOverrides: BlockOverrides;
}

export const DEFAULT_TRACE_CONFIG: TraceConfig = {
  tracer: structLog({}),
  timeoutMs: null,
  overrides: NO_OVERRIDES,
  blockOverrides: NO_BLOCK_OVERRIDES,
};

/** Members that are not known are passed over, as geth does; `reexec` is: no block is executed from an older one. */
export function parseTraceConfig(value: unknown): TraceConfig {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  const name = optionalField(value, 'tracer', parseString, null);
  const options = ownMember(value, 'tracerConfig') ?? {};
  return {
    // The options of the struct logger stand in the configuration itself.
    tracer:
      name === null || name === '' ? structLog(value) : parseAt('tracer', name, (known) => tracerOf(known, options)),
    timeoutMs: optionalField(value, 'timeout', parseDuration, null),
    overrides: optionalField(value, 'stateOverrides', parseStateOverrides, NO_OVERRIDES),
    blockOverrides: optionalField(value, 'blockOverrides', parseBlockOverrides, NO_BLOCK_OVERRIDES),
  };
}

const TRACERS: ReadonlyMap<unknown, (options: UncheckedObject) => TracerSpec> = new Map<
  unknown,
  (options: UncheckedObject) => TracerSpec
>([
  [
    'callTracer',
    (options) => ({ kind: 'call', onlyTopCall: flag(options, 'onlyTopCall'), withLog: flag(options, 'withLog') }),
  ],
  [
    'flatCallTracer',
    (options) => ({
      kind: 'flatCall',
      convertParityErrors: flag(options, 'convertParityErrors'),
      includePrecompiles: flag(options, 'includePrecompiles'),
    }),
  ],
  [
    'prestateTracer',
    (options) => ({
      kind: 'prestate',
      diffMode: flag(options, 'diffMode'),
      disableCode: flag(options, 'disableCode'),
      disableStorage: flag(options, 'disableStorage'),
      includeEmpty: flag(options, 'includeEmpty'),
    }),
  ],
  ['4byteTracer', () => ({ kind: 'fourByte' })],
  ['noopTracer', () => ({ kind: 'noop' })],
  ['muxTracer', muxOf],
]);

/** Throws BadValueError for a tracer in JavaScript: nothing here runs code that a user sends. */
function tracerOf(name: unknown, options: unknown): TracerSpec {
  const create = TRACERS.get(name);
  if (create === undefined) {
    const known = [...TRACERS.keys()].join(', ');
    throw new BadValueError(
      `no such tracer; there are ${known}, and without one the struct logger (none in JavaScript)`,
    );
  }
  if (!isUncheckedObject(options))
    throw new BadValueError(`tracerConfig: want an object, got ${describeType(options)}`);
  return create(options);
}

/** One within another is not taken: geth does, but nobody needs it, and depth would have to be bounded. */
function muxOf(options: UncheckedObject): TracerSpec {
  const names = Object.keys(options);
  if (names.length > MAX_MUX_TRACERS) throw new BadValueError(`at most ${MAX_MUX_TRACERS} tracers at once`);
  return {
    kind: 'mux',
    tracers: names.map((name) => {
      if (name === 'muxTracer') throw new BadValueError('muxTracer within muxTracer is not supported');
      return [
        name,
        parseAt(name.slice(0, 40), name, (known) => tracerOf(known, ownMember(options, name) ?? {})),
      ] as const;
    }),
  };
}

function structLog(options: UncheckedObject): TracerSpec {
  return {
    kind: 'structLog',
    enableMemory: flag(options, 'enableMemory'),
    disableStack: flag(options, 'disableStack'),
    disableStorage: flag(options, 'disableStorage'),
    enableReturnData: flag(options, 'enableReturnData'),
    limit: optionalField(options, 'limit', parseCount, 0),
  };
}

function flag(options: UncheckedObject, name: string): boolean {
  return optionalField(options, name, parseBoolean, false);
}

const UNIT_MS: ReadonlyMap<string | undefined, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Go's notation, one unit: '5s', '1.5s', '300ms', '1m'. */
function parseDuration(value: unknown): number {
  const [, count, unit] = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)$/.exec(parseString(value)) ?? [];
  const unitMs = UNIT_MS.get(unit);
  if (unitMs === undefined) throw new BadValueError('want a duration such as "5s" or "300ms"');
  return Math.ceil(Number(count) * unitMs);
}
