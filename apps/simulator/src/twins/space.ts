import { assert } from '@heddle/primitives';
import type { ValidatorIndex } from '@heddle/types';
import { allPartitions, comparePartitions, type Partition, swapped } from './partitions.ts';

/** One Twins case: who leads, who hears whom in each round. Round r is view r + 1; later views are whole. */
export interface TwinsCase {
  readonly validatorCount: number;
  /** Validators 0 … twins−1 run twice. */
  readonly twins: number;
  /** Leaders of views 1, 2, …, n, then again. */
  readonly schedule: readonly ValidatorIndex[];
  /** By node id: 0 … n−1 are the validators, n + i is the twin of i. */
  readonly partitions: readonly Partition[];
}

/** A set of cases without symmetric copies, in a fixed order. */
export interface TwinsSpace {
  readonly name: string;
  readonly count: number;
  /** 0 ≤ index < count. */
  readonly caseAt: (index: number) => TwinsCase;
}

const N = 4;
const ROUNDS = 4;

/**
 * n = 4 without twins. Validators are alike but for their turn to lead, so the schedule is 0, 1, 2, 3 without loss of
 * generality; what is left are the partitions of every round.
 */
export function spaceWithoutTwins(): TwinsSpace {
  const partitions = allPartitions(N, N);
  const caseAt = (index: number): TwinsCase => {
    const { chosen } = digits(
      index,
      Array.from({ length: ROUNDS }, () => partitions),
    );
    return { validatorCount: N, twins: 0, schedule: [0, 1, 2, 3], partitions: chosen };
  };
  return { name: 'twins-n4-none', count: partitions.length ** ROUNDS, caseAt };
}

/**
 * n = 4, validator 0 runs twice, every split of a round into at most `maxGroups` groups. Two symmetries are taken out:
 * honest validators are alike but for their turn to lead, so they lead in ascending order and only the twin's turn
 * varies (4); the two instances are alike, so of a case and its mirror image only the one whose first asymmetric round
 * is the lesser partition counts. With p partitions, s of them symmetric, that leaves 4 · (pʳ + sʳ) / 2 for r rounds.
 */
export function spaceWithOneTwin(maxGroups: number): TwinsSpace {
  const all = allPartitions(N + 1, maxGroups);
  const mirrored = all.map((partition) => comparePartitions(partition, swapped(partition, 0, N)));
  const symmetric = all.filter((_, at) => mirrored[at] === 0);
  const lesser = all.filter((_, at) => (mirrored[at] ?? 0) < 0);
  // A family for each round that is the first asymmetric one; in the last all are symmetric.
  const families = Array.from({ length: ROUNDS + 1 }, (_, first) =>
    Array.from({ length: ROUNDS }, (_, round) => (round < first ? symmetric : round === first ? lesser : all)),
  );
  const sizes = families.map((family) => family.reduce((product, { length }) => product * length, 1));
  const perTurn = sizes.reduce((sum, size) => sum + size, 0);
  const caseAt = (index: number): TwinsCase => {
    let rest = index % perTurn;
    let family = 0;
    while (rest >= (sizes[family] ?? Number.POSITIVE_INFINITY)) {
      rest -= sizes[family] ?? 0;
      family += 1;
    }
    const { chosen } = digits(rest, families[family] ?? []);
    return { validatorCount: N, twins: 1, schedule: scheduleOf(Math.floor(index / perTurn)), partitions: chosen };
  };
  return { name: `twins-n4-one-${maxGroups}-groups`, count: N * perTurn, caseAt };
}

/** The twin leads in turn `turn`, the honest validators in the others, ascending. */
function scheduleOf(turn: number): readonly ValidatorIndex[] {
  const honest = [1, 2, 3];
  return [...honest.slice(0, turn), 0, ...honest.slice(turn)];
}

/** A number in a mixed radix: one choice of each list. */
function digits<T>(index: number, lists: readonly (readonly T[])[]): { readonly chosen: readonly T[] } {
  let rest = index;
  const chosen = lists.map((list) => {
    const choice = list[rest % list.length];
    assert(choice !== undefined, 'every list has a choice');
    rest = Math.floor(rest / list.length);
    return choice;
  });
  assert(rest === 0, 'the index lies in the space');
  return { chosen };
}
