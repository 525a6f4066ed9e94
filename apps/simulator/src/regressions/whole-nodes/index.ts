import type { Scenario } from '../../scenarios/scenario.ts';
import { clockSteps } from './clock-steps.ts';
import { genuineBlockDropped, goodVoteOverwritten } from './counted-views.ts';
import { crashOnLastHeight } from './crash-on-last-height.ts';
import {
  allCrashAfterNullify,
  applicationAhead,
  damagedJournal,
  emptyJournal,
  missingSigner,
  oldJournalReplayed,
  replayUnableToSign,
  tornJournal,
} from './disks.ts';
import { exValidatorsForgeSet } from './ex-validators-forge-set.ts';
import { forgedNumbers } from './forged-numbers.ts';
import { garbageSenders } from './garbage-senders.ts';
import { keysChangedMidEpoch } from './keys-changed-mid-epoch.ts';
import { lastBlockAgain } from './last-block-again.ts';
import { staleExValidatorVotes } from './stale-ex-validator-votes.ts';
import { syncStateDeletedEarly } from './sync-state-deleted-early.ts';

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
