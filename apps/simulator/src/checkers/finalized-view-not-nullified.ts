import { certificatesOf } from './certificates.ts';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

/** No view has both a finalization and a nullification, whoever holds them. */
export const finalizedViewNotNullified: Invariant = {
  name: 'finalized-view-not-nullified',
  create: (_view, fail) => {
    const finalized = new Set<string>();
    const nullified = new Set<string>();
    return {
      on: (event) => {
        for (const certificate of certificatesOf(event)) {
          if (certificate.kind === 'notarize') continue;
          const place = placeOf(certificate);
          (certificate.kind === 'nullify' ? nullified : finalized).add(place);
          if (finalized.has(place) && nullified.has(place)) fail(`${place} is finalized and nullified`);
        }
      },
      finish: () => {},
    };
  },
};
