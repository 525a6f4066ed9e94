import { sameTuple } from '@heddle/consensus';
import type { ProposalTuple } from '@heddle/types';
import { certificatesOf } from './certificates.ts';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

/** All notarizations and finalizations of one view are for the same tuple. */
export const oneNotarizedTuplePerView: Invariant = {
  name: 'one-notarized-tuple-per-view',
  create: (_view, fail) => {
    const tuples = new Map<string, ProposalTuple>();
    return {
      on: (event) => {
        for (const certificate of certificatesOf(event)) {
          if (certificate.kind === 'nullify') continue;
          const { tuple } = certificate;
          const place = placeOf(certificate);
          const known = tuples.get(place) ?? tuple;
          if (!sameTuple(known, tuple)) fail(`${place}: ${known.blockHash} and ${tuple.blockHash}`);
          tuples.set(place, known);
        }
      },
      finish: () => {},
    };
  },
};
