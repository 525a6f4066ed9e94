import { certificatesOf } from './certificates.ts';
import type { Invariant } from './checker.ts';

/** No view has both a finalization and a nullification, whoever holds them. */
export const finalizedViewNotNullified: Invariant = {
  name: 'finalized-view-not-nullified',
  create: (_view, fail) => {
    const finalized = new Set<bigint>();
    const nullified = new Set<bigint>();
    return {
      on: (event) => {
        for (const certificate of certificatesOf(event)) {
          if (certificate.kind === 'notarize') continue;
          const view = certificate.kind === 'nullify' ? certificate.view : certificate.tuple.view;
          (certificate.kind === 'nullify' ? nullified : finalized).add(view);
          if (finalized.has(view) && nullified.has(view)) fail(`view ${view} is finalized and nullified`);
        }
      },
      finish: () => {},
    };
  },
};
