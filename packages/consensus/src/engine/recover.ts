import { assert, unreachable } from '@heddle/primitives';
import type { Certificate, Hash, Proposal, TupleCertificate, Vote } from '@heddle/types';
import type { JournalRecord } from '../effect.ts';
import { InvalidJournalError } from '../errors.ts';
import { held } from '../rules/certificates.ts';
import { dropOldViews } from '../rules/finality.ts';
import type { EngineConfig } from './config.ts';
import { leaderOf } from './leaders.ts';
import { createEngine, type EngineState, heldCertificate, viewRecord } from './state.ts';
import { epochOf, sameSubject, viewOf } from './subjects.ts';
import { EngineTransition } from './transition.ts';

/**
 * [D3] The engine as its journal left it: floor, then every record, without sending anything; `start` does that.
 * `lastFinal` is the finalization that the application has committed (null = genesis); it may be ahead of the journal
 * or behind it. Records may repeat. Throws InvalidEngineConfigError, InvalidJournalError.
 */
export function recoverEngine(
  config: EngineConfig,
  records: readonly JournalRecord[],
  lastFinal: TupleCertificate | null,
): EngineState {
  const t = new EngineTransition(createEngine(config));
  if (lastFinal !== null) {
    restoreCertificate(t, lastFinal);
    t.set({ reportedView: lastFinal.tuple.view });
  }
  for (const record of records) restore(t, record);
  dropOldViews(t);
  return t.finish().state;
}

/** What a fresh journal of this engine begins with; synced before the first `step`. */
export function journalHead({ epoch, genesisHash }: EngineConfig, validatorSetHash: Hash): JournalRecord {
  return { kind: 'epochSwitch', epoch, validatorSetHash, baseHash: genesisHash };
}

function restore(t: EngineTransition, record: JournalRecord): void {
  switch (record.kind) {
    case 'floor':
      restoreCertificate(t, record.certificate);
      t.set({ floorView: record.certificate.tuple.view });
      return;
    case 'certificate':
      restoreCertificate(t, record.certificate);
      return;
    case 'firstProposal':
      restoreProposal(t, record.proposal);
      return;
    case 'ownVote':
      restoreVote(t, record.vote);
      return;
    case 'epochSwitch':
      checkBase(t, record.epoch, record.baseHash);
      return;
    default:
      unreachable(record, 'journal record');
  }
}

/** View = max(1, highest certificate + 1, highest own vote). */
function reach(t: EngineTransition, view: bigint): void {
  if (view > t.state.currentView) t.set({ currentView: view });
}

function restoreCertificate(t: EngineTransition, certificate: Certificate): void {
  const view = viewOf(certificate);
  checkEpoch(t, epochOf(certificate), view);
  if (heldCertificate(t.view(view), certificate.kind) === null) t.updateView(view, held(certificate));
  reach(t, view + 1n);
  if (certificate.kind !== 'finalize' || view <= t.state.finalizedView) return;
  t.set({ finalizedView: view, finalization: certificate });
}

/** The own proposal is valid: it was built here. Another's has to be executed again, unless our vote says that it was. */
function restoreProposal(t: EngineTransition, proposal: Proposal): void {
  const { config } = t.state;
  const { view } = proposal.tuple;
  checkEpoch(t, proposal.tuple.epoch, view);
  const own = leaderOf(config.leaders, view) === config.validatorIndex;
  t.updateView(view, { proposal: { proposal, status: own ? 'valid' : 'checking' } });
  if (own) restoreVote(t, proposal.leaderNotarize); // a torn journal may end between the two records
}

function restoreVote(t: EngineTransition, vote: Vote): void {
  const view = viewOf(vote);
  checkEpoch(t, epochOf(vote), view);
  if (vote.signer !== t.state.config.validatorIndex) throw new InvalidJournalError('otherValidator', view);
  const { votes } = viewRecord(t.state, view);
  const before = votes[vote.kind].get(vote.signer);
  if (before !== undefined && !sameSubject(before, vote)) throw new InvalidJournalError('contradictoryVotes', view);
  t.updateView(view, { votes: { ...votes, [vote.kind]: votes[vote.kind].with(vote) } });
  markSigned(t, vote);
  reach(t, view);
}

function markSigned(t: EngineTransition, vote: Vote): void {
  if (vote.kind === 'nullify') {
    t.updateView(vote.view, { ownNullify: { status: 'signed', vote } });
    return;
  }
  const own = { status: 'signed', tuple: vote.tuple, vote } as const;
  t.updateView(vote.tuple.view, vote.kind === 'notarize' ? { ownNotarize: own } : { ownFinalize: own });
}

/** The base block's header fixes the epoch's validators, so its hash stands for their set's too. */
function checkBase(t: EngineTransition, epoch: bigint, baseHash: Hash): void {
  const { config } = t.state;
  if (epoch !== config.epoch) throw new InvalidJournalError('otherEpoch', 0n);
  if (baseHash !== config.genesisHash) throw new InvalidJournalError('otherChain', 0n);
}

function checkEpoch(t: EngineTransition, epoch: bigint, view: bigint): void {
  if (epoch !== t.state.config.epoch) throw new InvalidJournalError('otherEpoch', view);
  assert(view >= 1n, 'nothing is journaled for view 0');
}
