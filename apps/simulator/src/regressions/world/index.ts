import type { Scenario } from '../../scenarios/scenario.ts';
import { allCrashAfterNullify } from './all-crash-after-nullify.ts';
import { applicationAhead } from './application-ahead.ts';
import { clockSteps } from './clock-steps.ts';
import { crashOnLastHeight } from './crash-on-last-height.ts';
import { damagedJournal } from './damaged-journal.ts';
import { emptyJournal } from './empty-journal.ts';
import { exValidatorsForgeSet } from './ex-validators-forge-set.ts';
import { forgedNumbers } from './forged-numbers.ts';
import { garbageSenders } from './garbage-senders.ts';
import { genuineBlockDropped } from './genuine-block-dropped.ts';
import { goodVoteOverwritten } from './good-vote-overwritten.ts';
import { keysChangedMidEpoch } from './keys-changed-mid-epoch.ts';
import { lastBlockAgain } from './last-block-again.ts';
import { missingSigner } from './missing-signer.ts';
import { oldJournalReplayed } from './old-journal-replayed.ts';
import { replayUnableToSign } from './replay-unable-to-sign.ts';
import { staleExValidatorVotes } from './stale-ex-validator-votes.ts';
import { syncStateDeletedEarly } from './sync-state-deleted-early.ts';
import { tornJournal } from './torn-journal.ts';

/** Known bugs of other engines that take whole nodes to show. */
export const WORLD_REGRESSIONS: readonly Scenario[] = [
  forgedNumbers,
  garbageSenders,
  clockSteps,
  genuineBlockDropped,
  goodVoteOverwritten,
  syncStateDeletedEarly,
  allCrashAfterNullify,
  applicationAhead,
  damagedJournal,
  emptyJournal,
  missingSigner,
  replayUnableToSign,
  tornJournal,
];

/** Those about epochs, with the spare machines that each needs. */
export const EPOCH_REGRESSIONS: ReadonlyMap<Scenario, number> = new Map([
  [crashOnLastHeight, 0],
  [exValidatorsForgeSet, 4],
  [keysChangedMidEpoch, 1],
  [lastBlockAgain, 0],
  [oldJournalReplayed, 0],
  [staleExValidatorVotes, 0],
]);
