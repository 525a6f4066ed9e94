import type { ValidatorIndex } from '@heddle/types';
import { InvalidCaseError } from '../errors.ts';
import type { DiskFailure } from '../world/disk.ts';
import type { CrashPoint } from './point.ts';

/** What becomes of data that was written and not synced: stays, is lost in part, is lost. */
export type Ending = 'kill' | 'power' | 'blackout';

/** What happens at a point. */
export type CrashFault =
  | { readonly kind: 'before'; readonly ending: Ending }
  | { readonly kind: 'after'; readonly ending: Ending }
  /** Only so many bytes of the write happened. */
  | { readonly kind: 'torn'; readonly bytes: number; readonly ending: Ending }
  /** The process lives and is told so; EIO once, ENOSPC until somebody mends the disk. */
  | { readonly kind: 'error'; readonly failure: DiskFailure };

/** The machine of the point, f of them, all of them at the same moment. */
export const VICTIMS = ['one', 'f', 'all'] as const;
export type Victims = (typeof VICTIMS)[number];

/** One run of a walk. */
export interface CrashCase {
  readonly point: CrashPoint;
  readonly fault: CrashFault;
  readonly victims: Victims;
}

const ENDINGS: readonly Ending[] = ['kill', 'power', 'blackout'];

/** As `--case` takes it: `<machine>.<number>/<fault>/<victims>`. */
export function caseName({ point, fault, victims }: CrashCase): string {
  return `${point.machine}.${point.number}/${faultName(fault)}/${victims}`;
}

function faultName(fault: CrashFault): string {
  if (fault.kind === 'error') return fault.failure;
  return fault.kind === 'torn' ? `torn-${fault.bytes}-${fault.ending}` : `${fault.kind}-${fault.ending}`;
}

/** Everything that can go wrong at a point; of a write that is torn the first, middle and last byte. */
export function faultsAt({ kind, bytes }: CrashPoint): readonly CrashFault[] {
  // A frame has left or not: right after it is right before what comes next.
  if (kind === 'frame' || kind === 'report') return [before('kill'), before('blackout')];
  const around = ENDINGS.flatMap((ending): readonly CrashFault[] => [before(ending), { kind: 'after', ending }]);
  const errors = (['EIO', 'ENOSPC'] as const).map((failure): CrashFault => ({ kind: 'error', failure }));
  if (kind === 'step') return [...around, ...errors];
  const cuts = new Set([1, bytes >> 1, bytes - 1].filter((cut) => cut > 0 && cut < bytes));
  const torn = [...cuts].map((cut): CrashFault => ({ kind: 'torn', bytes: cut, ending: 'kill' }));
  return [...around, ...torn, { kind: 'torn', bytes: bytes >> 1, ending: 'power' }, ...errors];
}

/** A kill after each byte of a write. */
export function tearsAt({ bytes }: CrashPoint): readonly CrashFault[] {
  return Array.from({ length: Math.max(0, bytes - 1) }, (_, index) => ({
    kind: 'torn',
    bytes: index + 1,
    ending: 'kill',
  }));
}

function before(ending: Ending): CrashFault {
  return { kind: 'before', ending };
}

/** The machines that a case ends, the point's own first. */
export function victimsOf({ point, victims }: CrashCase, count: number, faultBound: number): readonly ValidatorIndex[] {
  const wanted = { one: 1, f: faultBound, all: count }[victims];
  return Array.from({ length: wanted }, (_, index) => (point.machine + index) % count);
}

/** The case of a name among the points of a run. Throws InvalidCaseError. */
export function caseNamed(name: string, points: readonly CrashPoint[]): CrashCase {
  const [place, fault, victims] = name.split('/');
  const point = points.find(({ machine, number }) => `${machine}.${number}` === place);
  if (point === undefined) throw new InvalidCaseError(name, 'the run has no such point');
  const found = [...faultsAt(point), ...tearsAt(point)].find((each) => faultName(each) === fault);
  const known = VICTIMS.find((each) => each === victims);
  if (found === undefined || known === undefined) throw new InvalidCaseError(name, 'no such fault at this point');
  return { point, fault: found, victims: known };
}
