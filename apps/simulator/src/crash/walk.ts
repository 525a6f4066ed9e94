import type { ValidatorIndex } from '@heddle/types';
import { type CrashCase, type CrashFault, faultsAt, tearsAt, type Victims } from './crash-case.ts';
import type { CrashPoint } from './point.ts';
import { referencePoints, type WalkTerms } from './reference.ts';

/** Which cases a walk plays. Plain JSON: it goes to other processes. */
export interface WalkPlan extends WalkTerms {
  /** `each`: like `one`, at the points of every machine in turn; else at those of the first. */
  readonly who: Victims | 'each';
  /** Only torn writes, at each of their bytes. */
  readonly torn: boolean;
  /** Of points of the same kind and length on one machine the last one stands for all. */
  readonly distinct: boolean;
  /** Every so many cases, from the first; 1 = all. */
  readonly every: number;
}

const FIRST: ValidatorIndex = 0;

/** The cases of a walk, in the order of the run: the same in each process. Throws ViolationError. */
export async function casesOf(plan: WalkPlan): Promise<readonly CrashCase[]> {
  const { who, validators, torn, distinct, every } = plan;
  const machines = who === 'each' ? Array.from({ length: validators }, (_, index) => index) : [FIRST];
  const points = await referencePoints(plan, machines);
  const wanted = (distinct ? lastOfEach(points) : points).filter(({ kind }) => !torn || kind === 'write');
  const faults = (point: CrashPoint): readonly CrashFault[] => (torn ? tearsAt(point) : faultsAt(point));
  const victims: Victims = who === 'each' ? 'one' : who;
  const cases = wanted.flatMap((point) => faults(point).map((fault): CrashCase => ({ point, fault, victims })));
  return cases.filter((_, index) => index % every === 0);
}

/** What is alike is likely to end alike; the last one finds the longest history. */
function lastOfEach(points: readonly CrashPoint[]): readonly CrashPoint[] {
  const last = new Map(points.map((point) => [`${point.machine} ${point.what} ${point.bytes}`, point]));
  return points.filter((point) => last.get(`${point.machine} ${point.what} ${point.bytes}`) === point);
}
