import type { RecoveredTransaction } from '@heddle/types';
import type { Random } from '../random.ts';

/** Another body than the one that was produced; most are invalid. */
export interface MutatedBody {
  readonly what: string;
  readonly transactions: readonly RecoveredTransaction[];
}

/** A transaction left out, repeated, swapped with another, or put in although the producer refused it. */
export function mutateBody(
  random: Random,
  body: readonly RecoveredTransaction[],
  refused: readonly RecoveredTransaction[],
): MutatedBody {
  const at = random.below(body.length + 1);
  const chosen = body[at];
  const insert = (transaction: RecoveredTransaction): readonly RecoveredTransaction[] => [
    ...body.slice(0, at),
    transaction,
    ...body.slice(at),
  ];
  if (refused.length > 0 && random.chance(50)) {
    return { what: `a refused transaction put in at ${at}`, transactions: insert(random.pick(refused)) };
  }
  if (chosen === undefined)
    return { what: 'the first transaction again', transactions: [...body, ...body.slice(0, 1)] };
  switch (random.below(3)) {
    case 0:
      return { what: `transaction ${at} left out`, transactions: body.filter((_, i) => i !== at) };
    case 1:
      return { what: `transaction ${at} twice`, transactions: insert(chosen) };
    default:
      return {
        what: `transaction ${at} moved to the front`,
        transactions: [chosen, ...body.filter((_, i) => i !== at)],
      };
  }
}
