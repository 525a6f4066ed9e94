import { type ActorTools, nullify, signChunk, voteMessage } from '@heddle/byzantine';
import {
  decodeWireMessage,
  encodeWireMessage,
  encodeWireRequest,
  type WireMessage,
  type WireRequest,
} from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM, FETCH_PROTOCOL } from '@heddle/node';
import { bigintToBytes, bytesToHex } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import type { Samples } from './samples.ts';
import type { Shot } from './shots.ts';

/** Above any view, height and epoch of a run. */
const FAR = 2n ** 40n;
/** No epoch of a run has so many views. */
const UNREACHED = 1_000n;

/**
 * What a member of the set may say any number of times without anybody being sure that it lies: its own votes, chunks and
 * endorsements of any place, well signed; what it has said before; questions. It reaches everything behind the signatures.
 */
export function ownWords(tools: ActorTools, samples: Samples): Shot {
  const { dice } = tools;
  const message = dice.pick([vote, chunk, endorsement, question, status])(tools, samples);
  if (message !== null) return direct(message);
  return { form: 'request', protocol: FETCH_PROTOCOL, payload: encodeWireRequest(request(tools)) };
}

function direct(message: WireMessage): Shot {
  const isOfChunks = message.kind === 'chunk' || message.kind === 'endorsement';
  const protocol = isOfChunks ? CHUNK_STREAM : CONSENSUS_STREAM;
  return { form: 'direct', protocol, payload: encodeWireMessage(message) };
}

/** Near, far or in between. */
function number(tools: ActorTools): bigint {
  const { dice } = tools;
  return dice.pick([0n, 1n, BigInt(dice.below(64)), BigInt(dice.below(100_000)), FAR + BigInt(dice.below(1_000))]);
}

function hash({ dice }: ActorTools): Hash {
  return bytesToHex(dice.random.bytes(32));
}

/** For views that its own node never comes to: it contradicts nobody, and no proof of a fault is left behind. */
function vote(tools: ActorTools): WireMessage {
  const epoch = tools.domain.epoch + BigInt(tools.dice.below(3));
  const view = UNREACHED + number(tools);
  if (tools.dice.chance(0.5)) return voteMessage(nullify(tools, epoch, view));
  const [parentHash, blockHash] = [hashOf(view), hashOf(view + 1n)];
  const tuple = { epoch, view, parentView: view - 1n, parentHash, blockHash, justificationRoot: parentHash };
  const signature = tools.sign({ kind: 'notarize', tuple });
  return voteMessage({ kind: 'notarize', tuple, signer: tools.index, signature });
}

function hashOf(number: bigint): Hash {
  return bytesToHex(bigintToBytes(number, 32));
}

function chunk(tools: ActorTools, samples: Samples): WireMessage | null {
  const sample = samples.ofKind('chunk');
  if (sample === null) return null;
  const message = decodeWireMessage(sample.bytes);
  if (message.kind !== 'chunk') return null;
  const { header } = message.chunk;
  const producer = tools.index;
  const height = tools.dice.chance(0.5) ? header.height + BigInt(tools.dice.below(6)) : 1n + number(tools);
  const parentBlockHash = tools.dice.chance(0.5) ? header.parentBlockHash : hash(tools);
  return {
    kind: 'chunk',
    chunk: signChunk(tools, { ...message.chunk, header: { ...header, producer, height, parentBlockHash } }),
  };
}

function endorsement(tools: ActorTools): WireMessage {
  const place = { shard: tools.dice.below(4), parentBlockHash: hash(tools), chunkHash: hash(tools) };
  const signature = tools.sign({ kind: 'endorse', ...place, height: 0n });
  return { kind: 'endorsement', endorsement: { ...place, signer: tools.index, signature } };
}

function question(tools: ActorTools): WireMessage | null {
  if (tools.dice.chance(0.5)) return null;
  return { kind: 'certificateRequest', epoch: tools.domain.epoch + BigInt(tools.dice.below(2)), view: number(tools) };
}

function status(tools: ActorTools): WireMessage {
  const epoch = tools.domain.epoch + BigInt(tools.dice.below(3));
  return { kind: 'status', status: { epoch, currentView: 1n + number(tools), bestFinalization: null } };
}

function request(tools: ActorTools): WireRequest {
  const from = number(tools);
  const to = from + BigInt(tools.dice.below(16));
  return tools.dice.pick<WireRequest>([
    { kind: 'blockRequest', hash: hash(tools) },
    { kind: 'chunkRequest', hash: hash(tools) },
    { kind: 'rangeRequest', from, to },
    { kind: 'poolRequest' },
  ]);
}
