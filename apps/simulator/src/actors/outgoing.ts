import { decodeWireMessage, encodeWireMessage, kindOfEnvelope, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM } from '@heddle/node';
import type { ValidatorIndex } from '@heddle/types';
import { type Tampering, UNTOUCHED } from './actor.ts';

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

/** Tampers with everything that goes out on the consensus stream. */
export function forgingConsensus(forge: Forge<WireMessage>): Tampering {
  return {
    ...UNTOUCHED,
    send: (to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM) return [payload];
      return forge(decodeWireMessage(payload), to).map(encodeWireMessage);
    },
  };
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
