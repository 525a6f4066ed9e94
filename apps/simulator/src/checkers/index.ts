import { accountsLiveOnce } from './accounts-live-once.ts';
import { actorsAct } from './actors-act.ts';
import { blocksFollow } from './blocks-follow.ts';
import { blocksOfTheirEpoch } from './blocks-of-their-epoch.ts';
import { boundedMemory } from './bounded-memory.ts';
import type { Invariant } from './checker.ts';
import { controlIsDoneOnce } from './control-is-done-once.ts';
import { derivedBlocksAreFound } from './derived-blocks-are-found.ts';
import { finalizedViewNotNullified } from './finalized-view-not-nullified.ts';
import { membersSign } from './members-sign.ts';
import { messagesArrive } from './messages-arrive.ts';
import { noContradictingVotes } from './no-contradicting-votes.ts';
import { noHonestAccused } from './no-honest-accused.ts';
import { noHonestBlocked } from './no-honest-blocked.ts';
import { noLostFinalBlock } from './no-lost-final-block.ts';
import { noLostTransaction } from './no-lost-transaction.ts';
import { nobodyIsCensored } from './nobody-is-censored.ts';
import { nobodyIsImpersonated } from './nobody-is-impersonated.ts';
import { oneFinalizationPerHeight } from './one-finalization-per-height.ts';
import { oneNotarizedTuplePerView } from './one-notarized-tuple-per-view.ts';
import { prefixAgreement } from './prefix-agreement.ts';
import { sameState } from './same-state.ts';
import { sectionsShrink } from './sections-shrink.ts';
import { seenFaultsAreProven } from './seen-faults-are-proven.ts';
import { setsAreNamed } from './sets-are-named.ts';
import { shardsGoOn } from './shards-go-on.ts';
import { signerRemembers } from './signer-remembers.ts';
import { slowShardsProgress } from './slow-shards-progress.ts';
import { supplyConserved } from './supply-conserved.ts';
import { votesAreDurableFirst } from './votes-are-durable-first.ts';

/** What must never happen. Progress after GST is the run's own business: `world/run-seed.ts`. */
export const INVARIANTS: readonly Invariant[] = [
  oneFinalizationPerHeight,
  prefixAgreement,
  finalizedViewNotNullified,
  oneNotarizedTuplePerView,
  blocksOfTheirEpoch,
  setsAreNamed,
  membersSign,
  noContradictingVotes,
  votesAreDurableFirst,
  signerRemembers,
  noHonestAccused,
  noHonestBlocked,
  seenFaultsAreProven,
  actorsAct,
  noLostFinalBlock,
  noLostTransaction,
  messagesArrive,
  shardsGoOn,
  supplyConserved,
  accountsLiveOnce,
  blocksFollow,
  sameState,
  boundedMemory,
  slowShardsProgress,
  sectionsShrink,
  nobodyIsCensored,
  nobodyIsImpersonated,
  controlIsDoneOnce,
  derivedBlocksAreFound,
];
