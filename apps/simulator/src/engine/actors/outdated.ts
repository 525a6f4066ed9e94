import type { ConsensusMessage } from '@heddle/consensus';
import type { ValidatorIndex } from '@heddle/types';
import { type Actor, atOnce, SILENCE } from '../actor.ts';

/** Messages to one validator by which it lags: a few views' worth. */
const LAG = 24;

/** Says everything long after it mattered, as if it lived some views in the past. */
export const outdated: Actor = {
  name: 'outdated',
  create: () => {
    const unsaid = new Map<ValidatorIndex, ConsensusMessage[]>();
    return (message, to) => {
      const queue = unsaid.get(to) ?? [];
      unsaid.set(to, queue);
      queue.push(message);
      const oldest = queue.length > LAG ? queue.shift() : undefined;
      return oldest === undefined ? SILENCE : atOnce(oldest);
    };
  },
};
