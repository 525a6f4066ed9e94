import { decodeWireMessage, encodeWireMessage, kindOfEnvelope, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM } from '@heddle/node';
import type { Proposal } from '@heddle/types';
import { type ActorTools, type Tampering, UNTOUCHED } from '../actor.ts';

/** Tells `act` of each proposal once, of others or its own, as soon as the actor has anything of it. */
export function seeingProposals(act: (proposal: Proposal) => void): Tampering {
  let newest: Proposal | null = null;
  const look = (payload: Uint8Array): void => {
    if (kindOfEnvelope(payload) !== 'proposal') return;
    const message = decodeWireMessage(payload);
    if (message.kind !== 'proposal') return;
    const { epoch, view } = message.proposal.tuple;
    const known = newest?.tuple ?? null;
    if (known !== null && (epoch < known.epoch || (epoch === known.epoch && view <= known.view))) return;
    newest = message.proposal;
    act(newest);
  };
  return {
    ...UNTOUCHED,
    send: (_to, protocol, payload) => {
      if (protocol === CONSENSUS_STREAM) look(payload);
      return [payload];
    },
    receive: (_from, protocol, payload) => {
      if (protocol === CONSENSUS_STREAM) look(payload);
      return payload;
    },
  };
}

/** To every other validator of the set but `except`, on the stream that the message belongs on. */
export function sayToAll(tools: ActorTools, message: WireMessage, except: readonly number[] = []): void {
  const payload = encodeWireMessage(message);
  for (let to = 0; to < tools.validatorCount; to++) {
    if (to !== tools.index && !except.includes(to)) tools.say(to, streamOf(message), payload);
  }
}

/** Where honest validators send a message directly. */
function streamOf({ kind }: WireMessage): string {
  if (kind === 'chunk' || kind === 'endorsement') return CHUNK_STREAM;
  return kind === 'evidence' ? EVIDENCE_STREAM : CONSENSUS_STREAM;
}
