import type { ByzantineActors } from '@heddle/node';
import { assert } from '@heddle/primitives';
import type { Actor } from './actor.ts';
import { openCorrupted } from './open-corrupted.ts';
import { overTheWire } from './over-the-wire.ts';
import { certificateWithholder } from './speakers/certificate-withholder.ts';
import { conflicter } from './speakers/conflicter.ts';
import { equivocator } from './speakers/equivocator.ts';
import { lateLeader } from './speakers/late-leader.ts';
import { voteWithholder } from './speakers/vote-withholder.ts';
import { emptyMaker, senderCensor } from './whole-nodes/censors.ts';
import { chunkWithholder } from './whole-nodes/chunk-withholder.ts';
import { controlForger } from './whole-nodes/control-forger.ts';
import { doubleProducer } from './whole-nodes/double-producer.ts';
import { endorsementWithholder } from './whole-nodes/endorsement-withholder.ts';
import { forgedSyncServer } from './whole-nodes/forged-sync-server.ts';
import { invalidChunkProducer } from './whole-nodes/invalid-chunk-producer.ts';
import { sectionStuffer } from './whole-nodes/section-stuffer.ts';
import { silent } from './whole-nodes/silent.ts';

/** Those whose harm shows to a user of the network; the others are for the network's own tests. */
export const ACTORS_FOR_DEVNETS: readonly Actor[] = [
  silent,
  overTheWire(equivocator),
  overTheWire(conflicter),
  overTheWire(voteWithholder),
  overTheWire(certificateWithholder),
  overTheWire(lateLeader),
  invalidChunkProducer,
  doubleProducer,
  chunkWithholder,
  endorsementWithholder,
  emptyMaker,
  senderCensor,
  sectionStuffer,
  controlForger,
  forgedSyncServer,
];

/** What a devnet's owner may make of a validator. */
export const byzantineActors: ByzantineActors = {
  names: ACTORS_FOR_DEVNETS.map(({ name }) => name),
  open: ({ actor: name, ...corrupted }, options) => {
    const actor = ACTORS_FOR_DEVNETS.find((known) => known.name === name);
    assert(actor !== undefined, `${name} is one of the names`);
    return openCorrupted({ ...corrupted, actor }, options);
  },
};
