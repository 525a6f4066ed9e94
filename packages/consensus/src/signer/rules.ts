import { bytesToHex } from '@heddle/primitives';
import { type ProposalTuple, type SigningDomain, type SigningRequest, signingMessage } from '@heddle/types';
import type { SigningPlace } from './place.ts';
import type { RecordIndex } from './record-index.ts';

type TupleRequest = Extract<SigningRequest, { readonly tuple: ProposalTuple }>;

/**
 * Why a request that was never signed before must not be signed now; null if it may. The vote rules of consensus.md
 * once more, from this key's own records alone: whatever the engine believes, no two of its signatures are evidence.
 */
export function objectionTo(
  domain: SigningDomain,
  index: RecordIndex,
  request: SigningRequest,
  place: SigningPlace,
): string | null {
  const lowest = index.lowestEpoch();
  if (domain.epoch < lowest) return `epoch ${domain.epoch} is over: this key has signed in epoch ${lowest + 1n}`;
  const floor = index.floorOf(place.slot);
  if (place.position < floor) return `${place.slot} is signed from position ${floor} on, not at ${place.position}`;
  switch (request.kind) {
    case 'propose':
    case 'notarize':
      return objectionToView(domain, index, request.tuple.view) ?? objectionToBlockVote(domain, index, request);
    case 'nullify':
      return objectionToView(domain, index, request.view) ?? objectionToNullify(domain, index, request.view);
    case 'finalize':
      return objectionToFinalize(domain, index, request);
    case 'endorse':
    case 'produce':
    case 'randao':
      return null;
  }
}

/** Proposals, notarizations and nullifications belong to the current view, and that never goes back. */
function objectionToView({ epoch }: SigningDomain, index: RecordIndex, view: bigint): string | null {
  const highest = index.highestVotedView(epoch);
  return view < highest ? `view ${view} is over: this key has voted in view ${highest}` : null;
}

function objectionToBlockVote(domain: SigningDomain, index: RecordIndex, request: TupleRequest): string | null {
  return (
    objectionAfterNullify(domain, index, request.tuple.view) ??
    objectionToOtherTuple(domain, index, request.tuple, ['propose', 'notarize', 'finalize'])
  );
}

/** Needs no notarization of its own, but one that exists has to be for the same tuple (E2, E3). */
function objectionToFinalize(domain: SigningDomain, index: RecordIndex, request: TupleRequest): string | null {
  return (
    objectionAfterNullify(domain, index, request.tuple.view) ??
    objectionToOtherTuple(domain, index, request.tuple, ['notarize'])
  );
}

function objectionAfterNullify({ epoch }: SigningDomain, index: RecordIndex, view: bigint): string | null {
  return index.digestInView(epoch, 'nullify', view) === null ? null : `this key has nullified view ${view}`;
}

/** Allowed after a notarization; never after a finalize vote (E4). */
function objectionToNullify({ epoch }: SigningDomain, index: RecordIndex, view: bigint): string | null {
  return index.digestInView(epoch, 'finalize', view) === null ? null : `this key has voted to finalize view ${view}`;
}

/** What this key has signed of these kinds in the view has to be about the same tuple. */
function objectionToOtherTuple(
  domain: SigningDomain,
  index: RecordIndex,
  tuple: ProposalTuple,
  kinds: readonly TupleRequest['kind'][],
): string | null {
  for (const kind of kinds) {
    const signed = index.digestInView(domain.epoch, kind, tuple.view);
    if (signed !== null && signed !== bytesToHex(signingMessage(domain, { kind, tuple }))) {
      return `this key has signed ${kind} of another tuple in view ${tuple.view}`;
    }
  }
  return null;
}
