import { awakenedNetwork } from './awakened-network.ts';
import { betterParent } from './better-parent.ts';
import { chunkEndorser } from './chunk-endorser.ts';
import { chunkLeader } from './chunk-leader.ts';
import { chunkProducers } from './chunk-producers.ts';
import { chunkSender } from './chunk-sender.ts';
import type { DirectedScenario } from './directed-scenario.ts';
import { finalityIsReported } from './finality-is-reported.ts';
import { finalizeWithoutCertificate } from './finalize-without-certificate.ts';
import { heartbeat } from './heartbeat.ts';
import { helpedLaggard } from './helped-laggard.ts';
import { honestCoSigner } from './honest-co-signer.ts';
import { idleLeader } from './idle-leader.ts';
import { idleNetwork } from './idle-network.ts';
import { invalidBlock } from './invalid-block.ts';
import { lateVerdict } from './late-verdict.ts';
import { leaderThatHangs } from './leader-that-hangs.ts';
import { loneValidator } from './lone-validator.ts';
import { minorityCertificate } from './minority-certificate.ts';
import { notarizedSibling } from './notarized-sibling.ts';
import { nullifyAfterNotarize } from './nullify-after-notarize.ts';
import { oldViews } from './old-views.ts';
import { oneContent } from './one-content.ts';
import { patientLeader } from './patient-leader.ts';
import { proposalOpensView } from './proposal-opens-view.ts';
import { relayedProposal } from './relayed-proposal.ts';
import { restartWhereItWas } from './restart-where-it-was.ts';
import { retries } from './retries.ts';
import { shardUnderLoad } from './shard-under-load.ts';
import { signerDurableFirst } from './signer-durable-first.ts';
import { signerMemory } from './signer-memory.ts';
import { signerRefusesLeader } from './signer-refuses-leader.ts';
import { slowSigner } from './slow-signer.ts';
import { splitVotes } from './split-votes.ts';
import { tornProposal } from './torn-proposal.ts';
import { voteDuringAggregation } from './vote-during-aggregation.ts';
import { voteForBadJustification } from './vote-for-bad-justification.ts';
import { votesFarAhead } from './votes-far-ahead.ts';

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
