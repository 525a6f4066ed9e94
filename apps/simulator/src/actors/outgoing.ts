import { decodeWireMessage, encodeWireMessage, kindOfEnvelope, type WireMessage } from '@heddle/network';
import { CONSENSUS_STREAM } from '@heddle/node';
import type { ValidatorIndex } from '@heddle/types';
import { type Tampering, UNTOUCHED } from './actor.ts';

/** Tampers with the consensus messages of one kind that go out: `forge` says what `to` gets instead. */
export function forging<K extends WireMessage['kind']>(
  kind: K,
  forge: (message: Extract<WireMessage, { readonly kind: K }>, to: ValidatorIndex) => readonly WireMessage[],
): Tampering {
  const isWanted = (message: WireMessage): message is Extract<WireMessage, { readonly kind: K }> =>
    message.kind === kind;
  return {
    ...UNTOUCHED,
    send: (to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM || kindOfEnvelope(payload) !== kind) return [payload];
      const message = decodeWireMessage(payload);
      return isWanted(message) ? forge(message, to).map(encodeWireMessage) : [payload];
    },
  };
}
