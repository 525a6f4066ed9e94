import { CHUNK_STREAM, CONSENSUS_STREAM } from '@heddle/node';
import type { ValidatorIndex } from '@heddle/types';
import { type Actor, UNTOUCHED } from './actor.ts';

/** Messages to one validator by which it lags: a few views' worth. */
const LAG = 24;

/** Says everything long after it mattered, as if it lived some views in the past. */
export const outdated: Actor = {
  name: 'outdated',
  description: 'says everything some views late',
  proofs: [],
  start: ({ misdeed }) => {
    const unsaid = new Map<ValidatorIndex, Uint8Array[]>();
    return {
      ...UNTOUCHED,
      send: (to, protocol, payload) => {
        if (protocol === CHUNK_STREAM) return [];
        if (protocol !== CONSENSUS_STREAM) return [payload];
        const queue = unsaid.get(to) ?? [];
        unsaid.set(to, queue);
        queue.push(payload);
        misdeed(null);
        const oldest = queue.length > LAG ? queue.shift() : undefined;
        return oldest === undefined ? [] : [oldest];
      },
    };
  },
};
