import type { Certificate, ProposalTuple, Vote } from '@heddle/types';

/** The view that a vote or certificate is about. */
export function viewOf(item: Vote | Certificate): bigint {
  return item.kind === 'nullify' ? item.view : item.tuple.view;
}

/** The epoch that a vote or certificate is about. */
export function epochOf(item: Vote | Certificate): bigint {
  return item.kind === 'nullify' ? item.epoch : item.tuple.epoch;
}

export function sameTuple(a: ProposalTuple, b: ProposalTuple): boolean {
  if (a === b) return true;
  return (
    a.epoch === b.epoch &&
    a.view === b.view &&
    a.parentView === b.parentView &&
    a.parentHash === b.parentHash &&
    a.blockHash === b.blockHash &&
    a.justificationRoot === b.justificationRoot
  );
}

/** What an engine votes for. */
export type VoteRequest =
  | { readonly kind: 'notarize' | 'finalize'; readonly tuple: ProposalTuple }
  | { readonly kind: 'nullify'; readonly epoch: bigint; readonly view: bigint };

/** What a vote or certificate signs. */
export function requestOf(item: Vote | Certificate): VoteRequest {
  if (item.kind === 'nullify') return { kind: item.kind, epoch: item.epoch, view: item.view };
  return { kind: item.kind, tuple: item.tuple };
}

/** Whether two votes, or a vote and a certificate, sign the same message. */
export function sameSubject(a: Vote | Certificate, b: Vote | Certificate): boolean {
  if (a.kind === 'nullify' || b.kind === 'nullify') {
    return a.kind === b.kind && viewOf(a) === viewOf(b) && epochOf(a) === epochOf(b);
  }
  return a.kind === b.kind && sameTuple(a.tuple, b.tuple);
}

/** A tuple that can stand in this epoch at all: its parent lies below it, from view 0 on. */
export function isPlausibleTuple(tuple: ProposalTuple, epoch: bigint): boolean {
  return tuple.epoch === epoch && tuple.parentView >= 0n && tuple.parentView < tuple.view;
}
