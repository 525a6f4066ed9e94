import type { TransactionPool } from '@heddle/mempool';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import type { Hash, RecoveredTransaction } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_TRANSACTIONS_PER_MESSAGE, REBROADCAST_MS } from '../src/limits.ts';
import { TransactionGossip } from '../src/peers/transaction-gossip.ts';
import { FakeLink } from './support/fake-link.ts';
import { poolOf, transferOf } from './support/pool.ts';

let time: VirtualTime;
let link: FakeLink;
let pool: TransactionPool;
let finalNonce: bigint;
let added: Hash[];
let changes: number;
let kept: Uint8Array[];
let stillWaiting: () => readonly Uint8Array[];
let gossip: TransactionGossip;

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  link = new FakeLink();
  finalNonce = 0n;
  pool = poolOf(() => finalNonce);
  added = [];
  changes = 0;
  kept = [];
  gossip = new TransactionGossip({
    pool,
    link,
    scheduler: time.scheduler,
    keep: (raw, waiting) => {
      kept.push(raw);
      stillWaiting = waiting;
      return Promise.resolve();
    },
    changed: () => {
      changes++;
    },
    added: ({ hash }) => added.push(hash),
  });
});

function transfers(count: number): readonly RecoveredTransaction[] {
  return Array.from({ length: count }, (_, nonce) => transferOf(BigInt(nonce)));
}

function hashes(transactions: readonly RecoveredTransaction[]): readonly Hash[] {
  return transactions.map(({ hash }) => hash);
}

describe('from a user', () => {
  test('a good one is pooled, announced and sent; those of one turn travel together', () => {
    const sent = transfers(3);
    for (const transaction of sent) expect(gossip.submit(transaction)).toMatchObject({ ok: true });
    expect(link.gossiped).toEqual([]);
    expect(added).toEqual(hashes(sent));
    expect(changes).toBe(3);
    time.advance(0);
    expect(link.gossiped).toEqual([sent]);
  });

  test('what the pool refuses is not sent', () => {
    const [transaction] = transfers(1);
    if (transaction === undefined) throw new Error('one was made');
    gossip.submit(transaction);
    expect(gossip.submit(transaction)).toEqual({ ok: false, reason: 'already known' });
    time.advance(0);
    expect(link.gossiped).toEqual([[transaction]]);
    expect(changes).toBe(1);
  });

  test('is sent again while it waits, and no timer runs when nothing does', () => {
    const sent = transfers(2);
    for (const transaction of sent) gossip.submit(transaction);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped).toEqual([sent, sent]);
    finalNonce = 1n;
    pool.onFinalized([sent[0]?.sender ?? '0x']);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped.at(-1)).toEqual([sent[1]]);
    finalNonce = 2n;
    pool.onFinalized([sent[0]?.sender ?? '0x']);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped).toHaveLength(3);
    expect(time.pending()).toBe(0);
  });

  test('a message holds so many and no more', () => {
    const sent = transfers(5);
    const many = Array.from({ length: 1 + Math.ceil(MAX_TRANSACTIONS_PER_MESSAGE / sent.length) }, () => sent).flat();
    expect(many.length).toBeGreaterThan(MAX_TRANSACTIONS_PER_MESSAGE);
    // As if the pool took everything: the pool has its own tests.
    const lax = new TransactionGossip({
      pool: { ...poolView(pool), add: () => ({ ok: true, replaced: null }) },
      link,
      scheduler: time.scheduler,
      keep: () => Promise.resolve(),
      changed: () => {},
      added: () => {},
    });
    for (const transaction of many) lax.submit(transaction);
    time.advance(0);
    lax.stop();
    expect(link.gossiped.map(({ length }) => length)).toEqual([
      MAX_TRANSACTIONS_PER_MESSAGE,
      many.length - MAX_TRANSACTIONS_PER_MESSAGE,
    ]);
  });

  test('is kept, each once, and no longer than it waits', () => {
    const sent = transfers(3);
    for (const transaction of sent) gossip.submit(transaction);
    gossip.submit(transferOf(0n));
    expect(kept).toEqual(sent.map(({ raw }) => raw));
    finalNonce = 2n;
    pool.onFinalized([sent[0]?.sender ?? '0x']);
    expect(stillWaiting()).toEqual([sent[2]?.raw]);
  });

  test('of an earlier run is pooled again unless it has been executed, and told to the others', () => {
    const sent = transfers(3);
    finalNonce = 1n;
    gossip.restore([...sent.map(({ raw }) => raw), Uint8Array.of(1)]);
    expect(hashes(pool.all())).toEqual(hashes(sent.slice(1)));
    expect(kept).toEqual([]);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped).toEqual([sent.slice(1)]);
    gossip.submit(transferOf(3n));
    expect(stillWaiting()).toHaveLength(3);
  });

  test('after stop nothing is sent again', () => {
    for (const transaction of transfers(1)) gossip.submit(transaction);
    time.advance(0);
    gossip.stop();
    time.advance(10 * REBROADCAST_MS);
    expect(link.gossiped).toHaveLength(1);
    expect(time.pending()).toBe(0);
  });
});

describe('from a peer', () => {
  test('is pooled and announced once, and not sent on', () => {
    const received = transfers(2);
    const raws = received.map(({ raw }) => raw);
    gossip.receive(raws);
    gossip.receive(raws);
    time.advance(10 * REBROADCAST_MS);
    expect(added).toEqual(hashes(received));
    expect(changes).toBe(1);
    expect(link.gossiped).toEqual([]);
    expect(hashes(pool.all())).toEqual(hashes(received));
  });

  test('garbage, forged signatures and other chains’ are dropped, the good one among them is kept', () => {
    const [good] = transfers(1);
    if (good === undefined) throw new Error('one was made');
    const cut = good.raw.slice(0, -1);
    gossip.receive([Uint8Array.of(), Uint8Array.of(0x02, 0xc0), new Uint8Array(200).fill(0xff), cut, good.raw]);
    expect(hashes(pool.all())).toEqual([good.hash]);
    expect(added).toEqual([good.hash]);
  });
});

/** The pool's methods as plain properties, so that a test can replace one. */
function poolView(of: TransactionPool): TransactionPool {
  return {
    add: (transaction) => of.add(transaction),
    candidates: (mine, baseFee) => of.candidates(mine, baseFee),
    onFinalized: (senders) => of.onFinalized(senders),
    drop: (hash) => of.drop(hash),
    get: (hash) => of.get(hash),
    pendingNonce: (address) => of.pendingNonce(address),
    hasExecutable: (baseFee) => of.hasExecutable(baseFee),
    all: () => of.all(),
    size: of.size,
  };
}
