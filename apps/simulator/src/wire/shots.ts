import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from '@heddle/node';
import type { Dice } from '@heddle/runtime';
import { distortedBytes, distortedFields } from './distort.ts';
import { joinEnvelope } from './envelope.ts';
import type { Sample, Samples } from './samples.ts';

/** Bytes on a channel of one of the three forms that a transport has. */
export interface Shot {
  readonly form: 'direct' | 'topic' | 'request';
  readonly protocol: string;
  readonly payload: Uint8Array;
}

const STREAMS = [CONSENSUS_STREAM, CHUNK_STREAM, EVIDENCE_STREAM];
/** Kinds that nobody knows, of any length that an envelope has room for. */
const UNKNOWN_KINDS = [
  '',
  'v',
  'votes',
  'chunkResponse',
  '__proto__',
  'constructor',
  'a-kind-of-thirty-one-characters',
];
const KIB = 1_024;
const MIB = 1_024 * KIB;
/** Just above what some kind may have, and far above. The last ones are rare: each costs a copy. */
const OVERSIZED: readonly (readonly [bytes: number, weight: number])[] = [
  [65, 300],
  [KIB + 1, 300],
  [64 * KIB, 60],
  [MIB + 1, 6],
  [4 * MIB + 1, 2],
  [16 * MIB + 1, 1],
  [33 * MIB, 1],
];

/** Anything that a peer may send: genuine messages distorted in one way or another, on any channel. */
export function wildShot(dice: Dice, samples: Samples): Shot {
  const sample = samples.any();
  const channel = channelFor(dice, sample);
  return { ...channel, payload: wildPayload(dice, sample, samples.any()) };
}

/** Mostly where it belongs. */
function channelFor(dice: Dice, { protocol }: Sample): Pick<Shot, 'form' | 'protocol'> {
  if (dice.chance(0.8)) {
    if (protocol === FETCH_PROTOCOL) return { form: 'request', protocol };
    return { form: protocol === TRANSACTION_TOPIC ? 'topic' : 'direct', protocol };
  }
  return dice.weighted([
    [{ form: 'direct', protocol: dice.pick(STREAMS) }, 5],
    [{ form: 'topic', protocol: TRANSACTION_TOPIC }, 2],
    [{ form: 'request', protocol: FETCH_PROTOCOL }, 2],
    [{ form: dice.pick(['direct', 'topic', 'request'] as const), protocol: '/heddle/nothing/1' }, 1],
  ] as const);
}

function wildPayload(dice: Dice, sample: Sample, other: Sample): Uint8Array {
  const { kind, payload, bytes } = sample;
  switch (dice.below(10)) {
    case 0:
      return bytes;
    case 1:
      return distortedBytes(dice, bytes, other.bytes);
    case 2:
      return joinEnvelope({ kind, payload: distortedBytes(dice, payload, other.payload) });
    case 3:
      return joinEnvelope({ kind: other.kind, payload });
    case 4:
      return joinEnvelope({ kind: dice.pick(UNKNOWN_KINDS), payload });
    case 5:
      return joinEnvelope({ kind, payload: new Uint8Array(dice.weighted(OVERSIZED)) });
    default:
      return joinEnvelope({ kind, payload: distortedFields(dice, payload, other.payload) });
  }
}
