import type { ProposalTuple, SigningRequest } from '@heddle/types';
import type { OwnTupleVote } from '../engine/state.ts';
import type { Transition } from '../engine/transition.ts';

/** Asks for a signature. The caller has marked the intention, or does so in the same step. */
export function requestSignature(t: Transition, request: SigningRequest): void {
  t.emit({ kind: 'sign', requestId: t.open({ kind: 'sign', request }), request });
}

/** The mark that stands in the state from the moment a vote's signature is asked for. */
export function signing(tuple: ProposalTuple): OwnTupleVote {
  return { status: 'signing', tuple };
}
