import type { Actor } from './actor.ts';
import { overTheWire, withoutChunks } from './over-the-wire.ts';
import { bitmapMalformer } from './speakers/bitmap-malformer.ts';
import { certificateWithholder } from './speakers/certificate-withholder.ts';
import { conflicter } from './speakers/conflicter.ts';
import { equivocator } from './speakers/equivocator.ts';
import { impersonator } from './speakers/impersonator.ts';
import { invalidJustificationLeader } from './speakers/invalid-justification-leader.ts';
import { lateLeader } from './speakers/late-leader.ts';
import { nuller } from './speakers/nuller.ts';
import { nullifyOnly } from './speakers/nullify-only.ts';
import { outdated } from './speakers/outdated.ts';
import { parentSkipper } from './speakers/parent-skipper.ts';
import { proposalFlooder } from './speakers/proposal-flooder.ts';
import { voteOverwriter } from './speakers/vote-overwriter.ts';
import { voteWithholder } from './speakers/vote-withholder.ts';
import { wrongEpoch } from './speakers/wrong-epoch.ts';
import { emptyMaker, senderCensor } from './whole-nodes/censors.ts';
import { chunkForger } from './whole-nodes/chunk-forger.ts';
import { chunkWithholder } from './whole-nodes/chunk-withholder.ts';
import { controlForger } from './whole-nodes/control-forger.ts';
import { doubleEndorser } from './whole-nodes/double-endorser.ts';
import { doubleProducer } from './whole-nodes/double-producer.ts';
import { earlyProducer } from './whole-nodes/early-producer.ts';
import { endorsementWithholder } from './whole-nodes/endorsement-withholder.ts';
import { forgedCopyLeader } from './whole-nodes/forged-copy-leader.ts';
import { forgedSyncServer } from './whole-nodes/forged-sync-server.ts';
import { garbageChunkHolder } from './whole-nodes/garbage-chunk-holder.ts';
import { invalidChunkProducer } from './whole-nodes/invalid-chunk-producer.ts';
import { memoryFlooder } from './whole-nodes/memory-flooder.ts';
import { overLocalProducer } from './whole-nodes/over-local-producer.ts';
import { secondHandRelayer } from './whole-nodes/second-hand-relayer.ts';
import { sectionStuffer } from './whole-nodes/section-stuffer.ts';
import { silent } from './whole-nodes/silent.ts';
import { strayKindSender } from './whole-nodes/stray-kind-sender.ts';

/** What scenarios of whole nodes pick from, whoever owns the network. */
export const ACTORS: readonly Actor[] = [
  overTheWire(conflicter),
  overTheWire(equivocator),
  overTheWire(nuller),
  overTheWire(nullifyOnly),
  overTheWire(impersonator),
  withoutChunks(overTheWire(outdated)),
  overTheWire(wrongEpoch),
  overTheWire(proposalFlooder),
  overTheWire(voteOverwriter),
  overTheWire(voteWithholder),
  overTheWire(certificateWithholder),
  overTheWire(lateLeader),
  overTheWire(invalidJustificationLeader),
  overTheWire(parentSkipper),
  forgedSyncServer,
  overTheWire(bitmapMalformer),
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
  sectionStuffer,
  emptyMaker,
  senderCensor,
  overLocalProducer,
  silent,
];

/** Where somebody owns the network. */
export const ACTORS_OF_OWNED: readonly Actor[] = [...ACTORS, controlForger];
