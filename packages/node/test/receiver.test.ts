import {
  type DirectHandler,
  encodeWireMessage,
  type PeerId,
  peerOf,
  type RequestHandler,
  type Transport,
  UNCONNECTED_AUTHOR,
  type WireMessage,
} from '@heddle/network';
import { type Endorsement, encodeEndorsement, ZERO_HASH } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_BLOCKED_PEERS } from '../src/limits.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { BlockList } from '../src/peers/block-list.ts';
import { blockingLink } from '../src/peers/blocking-link.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, TRANSACTION_TOPIC } from '../src/peers/protocols.ts';
import { Receiver } from '../src/peers/receiver.ts';
import { emptyChunkAt } from './support/blocks.ts';
import { EMPTY_PEER, FakeLink } from './support/fake-link.ts';

const [PEER, OTHER, OUTSIDER] = [nameOf(0xaa), nameOf(0xbb), nameOf(0xcc)];

function nameOf(keyByte: number): PeerId {
  return peerOf(new Uint8Array(48).fill(keyByte));
}

/** Hands over what the test says, on the channel that it says. */
class FakeTransport implements Transport {
  readonly self = nameOf(0);
  readonly channels = new Map<string, DirectHandler>();
  answer: RequestHandler = () => Promise.reject(new Error('nobody answers'));

  peers(): readonly PeerId[] {
    return [];
  }
  start(): Promise<void> {
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
  send(): void {}
  publish(): void {}
  request(): Promise<Uint8Array> {
    return Promise.reject(new Error('not asked'));
  }
  onDirect(protocol: string, handler: DirectHandler): void {
    this.channels.set(protocol, handler);
  }
  subscribe(topic: string, handler: DirectHandler): void {
    this.channels.set(topic, handler);
  }
  onRequest(_protocol: string, handler: RequestHandler): void {
    this.answer = handler;
  }
  onPeerChange(): void {}
  block(): void {}
  unblock(): void {}
}

let transport: FakeTransport;
let blocked: BlockList;
let heard: string[];
let blamed: string[];

beforeEach(() => {
  transport = new FakeTransport();
  blocked = new BlockList({
    log: SILENT_LOGGER,
    transport: { block: () => {}, unblock: () => {} },
    events: { peerBlocked: () => {} },
  });
  heard = [];
  blamed = [];
  new Receiver({
    transport,
    blocked,
    link: new FakeLink(),
    epochs: {
      makesChunks: (peer) => peer !== OUTSIDER,
      receive: (_from, { kind }, bytes) => heard.push(`${kind} ${bytes > 0}`),
      receiveChunk: (_from, _chunk, bytes) => heard.push(`chunk ${bytes > 0}`),
      receiveEndorsement: (_from, _endorsement, bytes) => heard.push(`endorsement ${bytes > 0}`),
      status: () => ({ epoch: 0n, currentView: 0n, bestFinalization: null }),
    },
    evidence: { receive: () => heard.push('evidence') },
    gossip: {
      receive: async () => {
        heard.push('transactions');
      },
    },
    responder: { answer: () => Promise.resolve(Uint8Array.of(1)) },
    events: { blame: (peer, reason) => blamed.push(`${peer} ${reason}`) },
  }).listen();
});

const endorsement: Endorsement = {
  shard: 0,
  parentBlockHash: ZERO_HASH,
  chunkHash: ZERO_HASH,
  signer: 1,
  signature: new Uint8Array(192),
};
const VOTE: WireMessage = {
  kind: 'vote',
  vote: { kind: 'nullify', epoch: 0n, view: 1n, signer: 1, signature: new Uint8Array(192) },
};

/** One message of each kind that is quick to make, with its channel. */
const MESSAGES: readonly (readonly [string, WireMessage])[] = [
  [CONSENSUS_STREAM, VOTE],
  [CONSENSUS_STREAM, { kind: 'certificateRequest', epoch: 0n, view: 1n }],
  [CONSENSUS_STREAM, { kind: 'status', status: { epoch: 0n, currentView: 1n, bestFinalization: null } }],
  [CHUNK_STREAM, { kind: 'chunk', chunk: emptyChunkAt(1n).chunk }],
  [CHUNK_STREAM, { kind: 'endorsement', endorsement }],
  [TRANSACTION_TOPIC, { kind: 'transactions', transactions: [Uint8Array.of(1)] }],
];
const CHANNELS = [CONSENSUS_STREAM, CHUNK_STREAM, EVIDENCE_STREAM, TRANSACTION_TOPIC];

function say(from: PeerId, channel: string, bytes: Uint8Array): void {
  transport.channels.get(channel)?.(from, bytes);
}

describe('every kind has its channel', () => {
  test.each(MESSAGES)('%s: heard there, a fault anywhere else', (own, message) => {
    for (const channel of CHANNELS) say(PEER, channel, encodeWireMessage(message));
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain(message.kind);
    expect(blamed).toHaveLength(CHANNELS.length - 1);
    for (const reason of blamed) expect(reason).toContain(`${PEER} ${message.kind} on the channel of`);
    expect(own).toBeDefined();
  });

  test('what does not decode is a fault; outer form and contents alike', () => {
    say(PEER, CONSENSUS_STREAM, Uint8Array.of(1, 2, 3));
    const whole = encodeWireMessage({ kind: 'endorsement', endorsement });
    const broken = whole.slice();
    // The list that the payload is goes for a longer one.
    broken[whole.length - encodeEndorsement(endorsement).length + 2] = 0xff;
    say(PEER, CHUNK_STREAM, broken);
    expect(blamed).toEqual([`${PEER} consensus: malformed message`, `${PEER} chunks: malformed message`]);
  });

  test('who has no part in chunks is not read on their stream, and nobody else than a validator anywhere', () => {
    say(OUTSIDER, CHUNK_STREAM, Uint8Array.of(1, 2, 3));
    for (const channel of CHANNELS) say('wallet', channel, Uint8Array.of(1, 2, 3));
    expect([heard, blamed]).toEqual([[], []]);
  });
});

test('of authors that are not connected only transactions are taken, and no name gets the blame for what they send', () => {
  for (const [channel, message] of MESSAGES) say(UNCONNECTED_AUTHOR, channel, encodeWireMessage(message));
  expect(heard).toEqual(['transactions']);
  for (const [, message] of MESSAGES.slice(0, -1)) {
    say(UNCONNECTED_AUTHOR, TRANSACTION_TOPIC, encodeWireMessage(message));
  }
  say(UNCONNECTED_AUTHOR, TRANSACTION_TOPIC, Uint8Array.of(1, 2, 3));
  expect([heard, blamed]).toEqual([['transactions'], []]);
});

describe('a blocked peer', () => {
  test('is read nowhere and answered nothing, until the list begins anew', async () => {
    blocked.add(PEER, 'chunk: invalid');
    for (const channel of CHANNELS) say(PEER, channel, Uint8Array.of(1, 2, 3));
    for (const [channel, message] of MESSAGES) say(PEER, channel, encodeWireMessage(message));
    expect([heard, blamed]).toEqual([[], []]);
    await expect(transport.answer(PEER, Uint8Array.of(1))).rejects.toMatchObject({ code: 'PEER_BLOCKED' });
    expect(await transport.answer(OTHER, Uint8Array.of(1))).toEqual(Uint8Array.of(1));
    blocked.clear();
    say(PEER, CONSENSUS_STREAM, encodeWireMessage(VOTE));
    expect(heard).toEqual(['vote true']);
    expect(await transport.answer(PEER, Uint8Array.of(1))).toEqual(Uint8Array.of(1));
  });

  test('is asked nothing, and nothing is passed on to it', () => {
    const link = new FakeLink();
    for (const peer of [PEER, OTHER]) link.peers.set(peer, EMPTY_PEER);
    const careful = blockingLink(link, blocked);
    expect(careful.connected()).toEqual([PEER, OTHER]);
    blocked.add(PEER, 'chunk: invalid');
    expect(careful.connected()).toEqual([OTHER]);
  });

  test('is not read by the transport until the next epoch; of too many the oldest is again', () => {
    const unread = new Set<PeerId>();
    const transport = {
      block: (peer: PeerId) => void unread.add(peer),
      unblock: (peer: PeerId) => void unread.delete(peer),
    };
    const list = new BlockList({ log: SILENT_LOGGER, transport, events: { peerBlocked: () => {} } });
    list.add(PEER, 'chunk: invalid');
    expect([...unread]).toEqual([PEER]);
    for (let i = 0; i < MAX_BLOCKED_PEERS; i++) list.add(`peer ${i}`, 'chunk: invalid');
    expect([list.has(PEER), unread.has(PEER), unread.size]).toEqual([false, false, MAX_BLOCKED_PEERS]);
    list.clear();
    expect(unread.size).toBe(0);
  });

  test('is counted by reason, logged and told, once', () => {
    let lines = 0;
    const told: PeerId[] = [];
    const log = { ...SILENT_LOGGER, child: () => ({ ...SILENT_LOGGER, warn: () => (lines += 1) }) };
    const transport = { block: () => {}, unblock: () => {} };
    const list = new BlockList({ log, transport, events: { peerBlocked: (peer) => told.push(peer) } });
    list.add(PEER, 'vote: bad signature in view 7');
    list.add(PEER, 'chunk: invalid');
    list.add(OTHER, 'vote: bad signature in view 8');
    expect(lines).toBe(2);
    expect(told).toEqual([PEER, OTHER]);
    expect(list.faults).toEqual(new Map([['vote: bad signature in view …', 2]]));
    expect(list.blocked.get(PEER)).toBe('vote: bad signature in view 7');
    list.clear();
    list.add(PEER, 'chunk: invalid');
    expect(list.faults.get('chunk: invalid')).toBe(1);
  });
});
