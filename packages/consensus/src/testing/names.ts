import type { Certificate, Vote } from '@heddle/types';
import type { ConsensusMessage, Effect, JournalRecord } from '../effect.ts';
import { viewOf } from '../engine/subjects.ts';

/** The effects of one kind. */
export function only<E extends { readonly kind: string }, K extends E['kind']>(
  effects: readonly E[],
  kind: K,
): readonly Extract<E, { readonly kind: K }>[] {
  return effects.filter((effect): effect is Extract<E, { readonly kind: K }> => effect.kind === kind);
}

/** The view that a message is about: a status's is its sender's current one. */
export function viewOfMessage(message: ConsensusMessage): bigint {
  switch (message.kind) {
    case 'proposal':
      return message.proposal.tuple.view;
    case 'vote':
      return viewOf(message.vote);
    case 'certificate':
      return viewOf(message.certificate);
    case 'certificateRequest':
      return message.view;
    case 'status':
      return message.status.currentView;
  }
}

/** What a message is, as `vote/nullify`, `certificate/notarize`, `proposal`: for filters and for reading. */
export function nameOfMessage(message: ConsensusMessage): MessageName {
  if (message.kind === 'vote') return `vote/${message.vote.kind}`;
  return message.kind === 'certificate' ? `certificate/${message.certificate.kind}` : message.kind;
}

export type MessageName =
  | 'proposal'
  | 'status'
  | 'certificateRequest'
  | `${'vote' | 'certificate'}/${'notarize' | 'nullify' | 'finalize'}`;

/** What an engine broadcast or sent, as `vote/notarize:1`, `proposal:1`, `status:1`. */
export function said(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'broadcast' && effect.kind !== 'send') return [];
    return [describeMessage(effect.message)];
  });
}

/** A message's name and view. */
export function describeMessage(message: ConsensusMessage): string {
  return `${nameOfMessage(message)}:${viewOfMessage(message)}`;
}

/** What an engine asked to sign, as `notarize:1`. */
export function signRequests(effects: readonly Effect[]): readonly string[] {
  return only(effects, 'sign').map(({ request }) => {
    if ('tuple' in request) return `${request.kind}:${request.tuple.view}`;
    return 'view' in request ? `${request.kind}:${request.view}` : request.kind;
  });
}

/** As `ownVote/notarize:1`, `firstProposal:1`. */
export function recordNames(records: readonly JournalRecord[]): readonly string[] {
  return records.map((record) => {
    if (record.kind === 'firstProposal') return `firstProposal:${record.proposal.tuple.view}`;
    if (record.kind === 'ownVote') return `ownVote/${nameOf(record.vote)}`;
    if (record.kind === 'epochSwitch') return `epochSwitch:${record.epoch}`;
    return `${record.kind}/${nameOf(record.certificate)}`;
  });
}

function nameOf(item: Vote | Certificate): string {
  return `${item.kind}:${viewOf(item)}`;
}
