import { sameTuple } from '@heddle/consensus';
import type { ProposalTuple } from '@heddle/types';
import { certificatesOf } from './certificates.ts';
import type { Invariant } from './checker.ts';

/** All notarizations and finalizations of one view are for the same tuple. */
export const oneNotarizedTuplePerView: Invariant = {
  name: 'one-notarized-tuple-per-view',
  create: (_view, fail) => {
    const tuples = new Map<bigint, ProposalTuple>();
    return {
      on: (event) => {
        for (const certificate of certificatesOf(event)) {
          if (certificate.kind === 'nullify') continue;
          const { tuple } = certificate;
          const known = tuples.get(tuple.view) ?? tuple;
          if (!sameTuple(known, tuple)) fail(`view ${tuple.view}: ${known.blockHash} and ${tuple.blockHash}`);
          tuples.set(tuple.view, known);
        }
      },
      finish: () => {},
    };
  },
};
