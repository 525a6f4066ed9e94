import type { Actor } from './actor.ts';
import { bitmapMalformer } from './bitmap-malformer.ts';
import { certificateWithholder } from './certificate-withholder.ts';
import { chunkForger } from './chunk-forger.ts';
import { chunkWithholder } from './chunk-withholder.ts';
import { conflicter } from './conflicter.ts';
import { doubleEndorser } from './double-endorser.ts';
import { doubleProducer } from './double-producer.ts';
import { earlyProducer } from './early-producer.ts';
import { endorsementWithholder } from './endorsement-withholder.ts';
import { equivocator } from './equivocator.ts';
import { forgedCopyLeader } from './forged-copy-leader.ts';
import { forgedSyncServer } from './forged-sync-server.ts';
import { garbageChunkHolder } from './garbage-chunk-holder.ts';
import { impersonator } from './impersonator.ts';
import { invalidChunkProducer } from './invalid-chunk-producer.ts';
import { invalidJustificationLeader } from './invalid-justification-leader.ts';
import { lateLeader } from './late-leader.ts';
import { memoryFlooder } from './memory-flooder.ts';
import { nuller } from './nuller.ts';
import { nullifyOnly } from './nullify-only.ts';
import { outdated } from './outdated.ts';
import { parentSkipper } from './parent-skipper.ts';
import { proposalFlooder } from './proposal-flooder.ts';
import { secondHandRelayer } from './second-hand-relayer.ts';
import { strayKindSender } from './stray-kind-sender.ts';
import { voteOverwriter } from './vote-overwriter.ts';
import { voteWithholder } from './vote-withholder.ts';
import { wrongEpoch } from './wrong-epoch.ts';

/** Every byzantine behaviour that scenarios pick from. */
export const ACTORS: readonly Actor[] = [
  conflicter,
  equivocator,
  nuller,
  nullifyOnly,
  impersonator,
  outdated,
  wrongEpoch,
  proposalFlooder,
  voteOverwriter,
  voteWithholder,
  certificateWithholder,
  lateLeader,
  invalidJustificationLeader,
  parentSkipper,
  forgedSyncServer,
  bitmapMalformer,
  doubleProducer,
  doubleEndorser,
  invalidChunkProducer,
  endorsementWithholder,
  chunkForger,
  garbageChunkHolder,
  earlyProducer,
  chunkWithholder,
  forgedCopyLeader,
  memoryFlooder,
  secondHandRelayer,
  strayKindSender,
];
