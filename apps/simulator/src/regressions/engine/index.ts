import type { EngineScenario } from '../../engine/scenario.ts';
import { fixedTimeout, smallSetFork, splitCertificates, withheldCertificates } from './certificates.ts';
import {
  doubleProposal,
  forgedViewNumber,
  invalidJustification,
  leaderCannotBuild,
  missingSkipCertificate,
  parentSkipped,
  proposalFlood,
  staleParent,
} from './proposals.ts';
import {
  allCrashAfterNullify,
  applicationAhead,
  nullifyForgottenAtFloor,
  proposalLostOnRestart,
  replayUnableToSign,
  tornJournal,
  votesLostOnRestart,
} from './restarts.ts';
import {
  contradictoryVotes,
  lateVotes,
  notarizationAfterNullify,
  poisonedQuorum,
  proposalAfterNullify,
  voteOverwritten,
} from './votes.ts';

/** Every directed scenario that an engine can play on its own: known bugs of other engines, and rules broken one by one. */
export const engineScenarios: readonly EngineScenario[] = [
  allCrashAfterNullify,
  votesLostOnRestart,
  proposalLostOnRestart,
  notarizationAfterNullify,
  proposalAfterNullify,
  nullifyForgottenAtFloor,
  voteOverwritten,
  poisonedQuorum,
  proposalFlood,
  forgedViewNumber,
  tornJournal,
  replayUnableToSign,
  applicationAhead,
  fixedTimeout,
  splitCertificates,
  lateVotes,
  withheldCertificates,
  doubleProposal,
  contradictoryVotes,
  invalidJustification,
  parentSkipped,
  staleParent,
  missingSkipCertificate,
  smallSetFork,
  leaderCannotBuild,
];
