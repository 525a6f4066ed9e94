import {
  createMemoryHub,
  decodeWireMessage,
  MAX_PROPOSAL_BYTES,
  MessageTooLargeError,
  peerOf,
  type Transport,
  type WireMessage,
} from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, expect, test } from '@jest/globals';
import { guardedScheduler, guardedTransport } from '../src/guarded.ts';
import { GOSSIPED_TRANSACTIONS } from '../src/limits.ts';
import { createLogger, SILENT_LOGGER } from '../src/logger.ts';
import type { PeerLink } from '../src/peers/peer-link.ts';
import { CHUNK_STREAM, TRANSACTION_TOPIC } from '../src/peers/protocols.ts';
import { createTransportLink } from '../src/peers/transport-link.ts';
import { UnsentMessages } from '../src/peers/unsent-messages.ts';
import { emptyChunkAt } from './support/blocks.ts';
import { largeTransactionOf, transferOf } from './support/pool.ts';

const [SELF, OTHER] = [peerOf(new Uint8Array(48).fill(1)), peerOf(new Uint8Array(48).fill(2))];

let time: VirtualTime;
let other: Transport;
let unsent: UnsentMessages;
let link: PeerLink;
let heard: WireMessage[];

beforeEach(async () => {
  time = createVirtualTime({ startWallMs: 0 });
  const hub = createMemoryHub({ scheduler: time.scheduler });
  const transport = hub.transport(SELF);
  other = hub.transport(OTHER);
  heard = [];
  for (const stream of [CHUNK_STREAM]) other.onDirect(stream, (_, bytes) => heard.push(decodeWireMessage(bytes)));
  other.subscribe(TRANSACTION_TOPIC, (_, bytes) => heard.push(decodeWireMessage(bytes)));
  await transport.start();
  await other.start();
  time.advance(0);
  unsent = new UnsentMessages(SILENT_LOGGER);
  link = createTransportLink(transport, unsent);
});

function transactionCounts(): readonly number[] {
  return heard.map((message) => (message.kind === 'transactions' ? message.transactions.length : -1));
}

test('nine transactions behind a nonce gap are gossiped in pieces', () => {
  const nine = Array.from({ length: 9 }, (_, i) => largeTransactionOf(BigInt(i + 1)));
  link.gossipTransactions(nine);
  time.advance(10);
  expect(transactionCounts()).toEqual([8, 1]);
  expect(unsent.total).toBe(0);
});

test('a message holds so many and no more', () => {
  const many = Array.from({ length: GOSSIPED_TRANSACTIONS + 3 }, () => transferOf(0n));
  link.gossipTransactions(many);
  time.advance(10);
  expect(transactionCounts()).toEqual([GOSSIPED_TRANSACTIONS, 3]);
});

test('what no message holds is counted and logged, costs nothing else, and nobody throws', () => {
  const lines: string[] = [];
  const log = createLogger({
    levels: { base: 'error', modules: new Map() },
    format: 'json',
    write: (line) => lines.push(line),
    wallMs: () => 0,
  });
  unsent = new UnsentMessages(log);
  const own = createMemoryHub({ scheduler: time.scheduler }).transport(SELF);
  const lonely = createTransportLink(own, unsent);
  const { chunk } = emptyChunkAt(1n, 0, 0);
  const body = { ...chunk.body, transactions: [new Uint8Array(17 * 1_024 * 1_024)] };
  for (let i = 0; i < 5; i++) lonely.broadcastChunk({ ...chunk, body });
  expect(unsent.total).toBe(5);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(
    [1, 2, 4].map((count) => ({
      level: 'error',
      message: 'message not sent: too large',
      facts: { kind: 'chunk', count },
    })),
  );
});

test('what is thrown in a timer or a handler ends its validator and nothing else', () => {
  const failures: unknown[] = [];
  const fail = (error: unknown): void => void failures.push(error);
  const bug = new MessageTooLargeError('proposal', MAX_PROPOSAL_BYTES + 1, MAX_PROPOSAL_BYTES);
  const throwing = (): never => {
    throw bug;
  };
  const scheduler = guardedScheduler(time.scheduler, fail);
  scheduler.soon(throwing);
  scheduler.after(5, throwing);
  const cancel = scheduler.after(6, throwing);
  cancel();
  const guarded = guardedTransport(createMemoryHub({ scheduler: time.scheduler }).transport('x'), fail);
  guarded.onPeerChange(throwing);
  time.advance(10);
  expect(failures).toEqual([bug, bug]);
});

test('a handler that throws is its validator’s failure', async () => {
  const failures: unknown[] = [];
  const hub = createMemoryHub({ scheduler: time.scheduler });
  const [a, b] = [hub.transport('a'), guardedTransport(hub.transport('b'), (error) => void failures.push(error))];
  b.onDirect('stream', () => JSON.parse('not this'));
  b.subscribe('topic', () => JSON.parse('nor that'));
  await a.start();
  await b.start();
  a.send('b', 'stream', Uint8Array.of(1));
  a.publish('topic', Uint8Array.of(1));
  time.advance(10);
  expect(failures).toHaveLength(2);
});
