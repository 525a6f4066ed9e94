import type { NullifyCertificate, TupleCertificate } from '@heddle/types';
import type { Ancestor, EngineState, Justification } from './state.ts';
import { viewRecord } from './state.ts';

/** What a proposal for a view can stand on, or the views whose certificates are missing for that, highest first. */
export type WalkBack =
  | { readonly kind: 'complete'; readonly justification: Justification }
  | { readonly kind: 'gaps'; readonly views: readonly bigint[] };

/**
 * [P1] Walks back from `view` − 1 to the first notarized or finalized view and collects the nullifications of the
 * views skipped.
 */
export function walkBack(state: EngineState, view: bigint): WalkBack {
  const skips: NullifyCertificate[] = [];
  const gaps: bigint[] = [];
  let at = view - 1n;
  for (; certificateOfParent(state, at) === null && at > state.finalizedView; at -= 1n) {
    const { nullification } = viewRecord(state, at);
    if (nullification === null) gaps.push(at);
    else skips.push(nullification);
  }
  if (gaps.length > 0) return { kind: 'gaps', views: gaps };
  const parentCertificate = certificateOfParent(state, at);
  const justification = { ...ancestor(state, parentCertificate), parentCertificate, skipCertificates: skips.reverse() };
  return { kind: 'complete', justification };
}

/** The highest notarized or finalized tuple below a view; genesis if there is none. */
export function bestParent(state: EngineState, view: bigint): Ancestor {
  let at = view - 1n;
  while (certificateOfParent(state, at) === null && at > state.finalizedView) at -= 1n;
  return ancestor(state, certificateOfParent(state, at));
}

/** [V2] k: views skipped between the best parent and this view. ≥ 0. */
export function skippedViews(state: EngineState, view: bigint): bigint {
  return view - 1n - bestParent(state, view).parentView;
}

function certificateOfParent(state: EngineState, view: bigint): TupleCertificate | null {
  const { finalization, notarization } = viewRecord(state, view);
  return finalization ?? notarization;
}

function ancestor(state: EngineState, certificate: TupleCertificate | null): Ancestor {
  if (certificate === null) return { parentView: 0n, parentHash: state.config.genesisHash };
  return { parentView: certificate.tuple.view, parentHash: certificate.tuple.blockHash };
}
