import type { SigningRequest } from '@heddle/types';

/** Where a signature belongs: at most one message is ever signed for a place. */
export interface SigningPlace {
  /** Views restart with each epoch, so the epoch is part of the slot. */
  readonly slot: string;
  readonly position: bigint;
  readonly scope: string;
}

/** Of what is signed in a view. */
export type ViewKind = 'propose' | 'notarize' | 'nullify' | 'finalize';

/** The slot of a kind of vote. */
export function viewSlot(epoch: bigint, kind: ViewKind): string {
  return `${epoch}/${kind}`;
}

/** The place of everything that is recorded; null for 'randao', which is deterministic and signed as often as asked. */
export function signingPlaceOf(request: SigningRequest, epoch: bigint): SigningPlace | null {
  switch (request.kind) {
    case 'propose':
    case 'notarize':
    case 'finalize':
      return { slot: viewSlot(epoch, request.kind), position: request.tuple.view, scope: '' };
    case 'nullify':
      return { slot: viewSlot(epoch, request.kind), position: request.view, scope: '' };
    case 'endorse':
    case 'produce': {
      const { kind, shard, height, parentBlockHash } = request;
      return { slot: `${epoch}/${kind}:${shard}`, position: height, scope: parentBlockHash };
    }
    case 'randao':
      return null;
  }
}

/** The epoch that a slot belongs to. */
export function epochOfSlot(slot: string): bigint {
  return BigInt(slot.slice(0, slot.indexOf('/')));
}
