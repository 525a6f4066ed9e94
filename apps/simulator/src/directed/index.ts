import type { DirectedScenario } from '../engine/scenario.ts';
import { finalityIsReported, honestCoSigner, minorityCertificate } from './certificates.ts';
import { chunkEndorser, chunkLeader, chunkProducers, chunkSender } from './chunks.ts';
import { awakenedNetwork, heartbeat, idleLeader, idleNetwork } from './idle.ts';
import { leaderThatHangs, signerRefusesLeader, slowSigner } from './leaders.ts';
import { oneContent } from './one-content.ts';
import {
  betterParent,
  invalidBlock,
  lateVerdict,
  notarizedSibling,
  proposalOpensView,
  relayedProposal,
  voteForBadJustification,
} from './proposals.ts';
import {
  finalizeWithoutCertificate,
  helpedLaggard,
  loneValidator,
  restartWhereItWas,
  retries,
  tornProposal,
} from './restarts.ts';
import { shardUnderLoad } from './shard-under-load.ts';
import { signerDurableFirst, signerMemory } from './signer.ts';
import { nullifyAfterNotarize, oldViews, splitVotes, voteDuringAggregation, votesFarAhead } from './votes.ts';
import { patientLeader } from './waiting-for-chunks.ts';

/** Every directed scenario on a single engine, signer or chunk protocol. `journal-on-disk.ts` is not among them. */
export const directedScenarios: readonly DirectedScenario[] = [
  awakenedNetwork,
  betterParent,
  chunkEndorser,
  chunkLeader,
  chunkProducers,
  chunkSender,
  finalityIsReported,
  finalizeWithoutCertificate,
  heartbeat,
  helpedLaggard,
  honestCoSigner,
  idleLeader,
  idleNetwork,
  invalidBlock,
  lateVerdict,
  leaderThatHangs,
  loneValidator,
  minorityCertificate,
  notarizedSibling,
  nullifyAfterNotarize,
  oldViews,
  oneContent,
  patientLeader,
  proposalOpensView,
  relayedProposal,
  restartWhereItWas,
  retries,
  shardUnderLoad,
  signerDurableFirst,
  signerMemory,
  signerRefusesLeader,
  slowSigner,
  splitVotes,
  tornProposal,
  voteDuringAggregation,
  voteForBadJustification,
  votesFarAhead,
];
