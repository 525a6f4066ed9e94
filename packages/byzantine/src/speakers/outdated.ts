import type { ConsensusMessage } from '@heddle/consensus';
import type { ValidatorIndex } from '@heddle/types';
import { forgingAll, type Speaker } from '../speaker.ts';

/** Messages to one validator by which it lags: a few views' worth. */
const LAG = 24;

/** Says everything long after it mattered, as if it lived some views in the past. */
export const outdated: Speaker = {
  name: 'outdated',
  description: 'says everything some views late',
  proofs: [],
  start: ({ misdeed }) => {
    const unsaid = new Map<ValidatorIndex, ConsensusMessage[]>();
    return forgingAll((message, to) => {
      const queue = unsaid.get(to) ?? [];
      unsaid.set(to, queue);
      queue.push(message);
      misdeed(null);
      const oldest = queue.length > LAG ? queue.shift() : undefined;
      return oldest === undefined ? [] : [oldest];
    });
  },
};
