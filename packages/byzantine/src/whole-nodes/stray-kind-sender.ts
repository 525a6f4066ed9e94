import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL } from '@heddle/node';
import { type Actor, UNTOUCHED } from '../actor.ts';

/** Beside each message that it sends; the rest of them stay as they are. */
const SHARE = 0.2;
/** The last ones are no direct streams at all. */
const STREAMS = [CONSENSUS_STREAM, CHUNK_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, '/heddle/nothing/1'];
/** Where the first letter of a kind stands: behind the map, the key "kind" and the length of a short text. */
const KIND_AT = 7;

/** Sends kinds that nobody knows, and known ones on the streams of others. */
export const strayKindSender: Actor = {
  name: 'stray-kind-sender',
  description: 'sends wire kinds that do not exist, and those that do on streams where they do not belong',
  proofs: [],
  start: (tools) => ({
    ...UNTOUCHED,
    send: (to, protocol, payload) => {
      if (!tools.dice.chance(SHARE)) return [payload];
      tools.misdeed(null);
      if (tools.dice.chance(0.5)) return [ofUnknownKind(payload), payload];
      tools.say(to, tools.dice.pick(STREAMS.filter((stream) => stream !== protocol)), payload);
      return [payload];
    },
  }),
};

/** A kind with another first letter: of the right form, and nobody's. */
function ofUnknownKind(payload: Uint8Array): Uint8Array {
  return payload.map((byte, at) => (at === KIND_AT ? byte ^ 0x20 : byte));
}
