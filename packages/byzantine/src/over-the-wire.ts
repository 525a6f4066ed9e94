import type { ConsensusMessage } from '@heddle/consensus';
import { decodeWireMessage, encodeWireMessage, kindOfEnvelope, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM } from '@heddle/node';
import type { ValidatorIndex } from '@heddle/types';
import { type Actor, type Tampering, UNTOUCHED } from './actor.ts';
import type { Speaker } from './speaker.ts';

type OfKind<K extends WireMessage['kind']> = Extract<WireMessage, { readonly kind: K }>;

/** What `to` gets in the place of a message. */
export type Forge<M> = (message: M, to: ValidatorIndex) => readonly WireMessage[];

/** Tampers with the messages of one kind that go out on direct streams. */
export function forging<K extends WireMessage['kind']>(kind: K, forge: Forge<OfKind<K>>): Tampering {
  const isWanted = (message: WireMessage): message is OfKind<K> => message.kind === kind;
  return {
    ...UNTOUCHED,
    send: (to, _protocol, payload) => {
      if (kindOfEnvelope(payload) !== kind) return [payload];
      const message = decodeWireMessage(payload);
      return isWanted(message) ? forge(message, to).map(encodeWireMessage) : [payload];
    },
  };
}

/** A speaker in a whole node: what its engine says on the consensus stream goes through its speech. */
export function overTheWire(speaker: Speaker): Actor {
  return {
    ...speaker,
    start: (tools) => {
      const { say, hear } = speaker.start(tools);
      return {
        ...UNTOUCHED,
        send: (to, protocol, payload) => {
          const message = ofConsensus(protocol, payload);
          if (message === null) return [payload];
          return say(message, to).map((said) => (said === message ? payload : encodeWireMessage(said)));
        },
        receive: (_from, protocol, payload) => {
          const message = hear === null ? null : ofConsensus(protocol, payload);
          if (hear !== null && message !== null) hear(message);
          return payload;
        },
      };
    },
  };
}

/** The same, saying nothing of chunks. */
export function withoutChunks(actor: Actor): Actor {
  return {
    ...actor,
    start: (tools) => {
      const tampering = actor.start(tools);
      return {
        ...tampering,
        send: (to, protocol, payload) => (protocol === CHUNK_STREAM ? [] : tampering.send(to, protocol, payload)),
      };
    },
  };
}

function ofConsensus(protocol: string, payload: Uint8Array): ConsensusMessage | null {
  if (protocol !== CONSENSUS_STREAM) return null;
  const message = decodeWireMessage(payload);
  switch (message.kind) {
    case 'proposal':
    case 'vote':
    case 'certificate':
    case 'certificateRequest':
    case 'status':
      return message;
    default:
      return null;
  }
}

/** What comes in on the streams of consensus and chunks goes past `look` too. */
export function watching(tampering: Tampering, look: (message: WireMessage) => void): Tampering {
  return {
    ...tampering,
    receive: (from, protocol, payload) => {
      if (protocol === CONSENSUS_STREAM || protocol === CHUNK_STREAM) look(decodeWireMessage(payload));
      return tampering.receive(from, protocol, payload);
    },
  };
}
