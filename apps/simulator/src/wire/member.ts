import { type Actor, type ActorTools, UNTOUCHED } from '@heddle/byzantine';
import { kindOfEnvelope } from '@heddle/network';
import { FETCH_PROTOCOL } from '@heddle/node';
import { splitEnvelope } from './envelope.ts';
import type { Samples } from './samples.ts';

/** A validator whose node is honest, and whose connection somebody else uses too: all that goes over it is recorded. */
export function recordingMember(samples: Samples, started: (tools: ActorTools) => void): Actor {
  const record = (protocol: string, bytes: Uint8Array): void => {
    const kind = kindOfEnvelope(bytes);
    if (kind !== null) samples.add({ protocol, bytes, ...splitEnvelope(kind, bytes) });
  };
  return {
    name: 'wire-member',
    description: 'is honest but for what the wire driver sends over its connection',
    proofs: [],
    start: (tools) => {
      started(tools);
      return {
        ...UNTOUCHED,
        send: (_to, protocol, payload) => {
          record(protocol, payload);
          return [payload];
        },
        receive: (from, protocol, payload) => {
          // The driver's own strangers reach everybody by gossip.
          if (from < tools.validatorCount) record(protocol, payload);
          return payload;
        },
        answer: (request, honest) => {
          record(FETCH_PROTOCOL, request);
          return UNTOUCHED.answer(request, honest);
        },
        executor: UNTOUCHED.executor,
      };
    },
  };
}
