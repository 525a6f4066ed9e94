import { allCrashAfterNullify } from '../regressions/all-crash-after-nullify.ts';
import { applicationAhead } from '../regressions/application-ahead.ts';
import { contradictoryVotes } from '../regressions/contradictory-votes.ts';
import { doubleProposal } from '../regressions/double-proposal.ts';
import { fixedTimeout } from '../regressions/fixed-timeout.ts';
import { forgedViewNumber } from '../regressions/forged-view-number.ts';
import { invalidJustification } from '../regressions/invalid-justification.ts';
import { lateVotes } from '../regressions/late-votes.ts';
import { leaderCannotBuild } from '../regressions/leader-cannot-build.ts';
import { missingSkipCertificate } from '../regressions/missing-skip-certificate.ts';
import { notarizationAfterNullify } from '../regressions/notarization-after-nullify.ts';
import { nullifyForgottenAtFloor } from '../regressions/nullify-forgotten-at-floor.ts';
import { parentSkipped } from '../regressions/parent-skipped.ts';
import { poisonedQuorum } from '../regressions/poisoned-quorum.ts';
import { proposalAfterNullify } from '../regressions/proposal-after-nullify.ts';
import { proposalFlood } from '../regressions/proposal-flood.ts';
import { proposalLostOnRestart } from '../regressions/proposal-lost-on-restart.ts';
import { replayUnableToSign } from '../regressions/replay-unable-to-sign.ts';
import { smallSetFork } from '../regressions/small-set-fork.ts';
import { splitCertificates } from '../regressions/split-certificates.ts';
import { staleParent } from '../regressions/stale-parent.ts';
import { tornJournal } from '../regressions/torn-journal.ts';
import { voteOverwritten } from '../regressions/vote-overwritten.ts';
import { votesLostOnRestart } from '../regressions/votes-lost-on-restart.ts';
import { withheldCertificates } from '../regressions/withheld-certificates.ts';
import type { EngineScenario } from './scenario.ts';

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
