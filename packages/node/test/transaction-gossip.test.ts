import type { TransactionPool } from '@heddle/mempool';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import type { Hash, RecoveredTransaction } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  MAX_READ_TRANSACTIONS,
  MAX_REBROADCAST_BYTES,
  MAX_UNREAD_TRANSACTION_BYTES,
  REBROADCAST_MS,
} from '../src/limits.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { TransactionGossip } from '../src/peers/transaction-gossip.ts';
import { FakeLink } from './support/fake-link.ts';
import { impersonatedOf, largeTransactionOf, poolOf, transferOf } from './support/pool.ts';

let time: VirtualTime;
let link: FakeLink;
let pool: TransactionPool;
let finalNonce: bigint;
let added: Hash[];
let changes: number;
/** What users gave to an earlier run. */
let earlier: readonly Uint8Array[];
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
  earlier = [];
  gossip = new TransactionGossip({
    pool,
    link,
    scheduler: time.scheduler,
    log: SILENT_LOGGER,
    storage: {
      pool: {
        load: () => earlier,
        append: (raw, waiting) => {
          kept.push(raw);
          stillWaiting = waiting;
          return Promise.resolve();
        },
      },
    },
    work: {
      refresh: () => {
        changes++;
      },
    },
    events: {
      transactionPooled: ({ hash }) => added.push(hash),
      fatal: (error) => {
        throw error;
      },
    },
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

  test('a full pool is sent again in turns, not all at once', () => {
    const big = Array.from({ length: 50 }, (_, i) => largeTransactionOf(BigInt(i)));
    for (const transaction of big) gossip.submit(transaction);
    time.advance(0);
    const rounds: (readonly RecoveredTransaction[])[] = [];
    for (let round = 1; round <= 3; round++) {
      time.advance(REBROADCAST_MS);
      rounds.push(link.gossiped.at(-1) ?? []);
    }
    for (const round of rounds) {
      expect(bytesOf(round)).toBeGreaterThanOrEqual(MAX_REBROADCAST_BYTES);
      expect(bytesOf(round)).toBeLessThan(MAX_REBROADCAST_BYTES + 131_072);
    }
    expect(new Set(hashes(rounds.flat()))).toEqual(new Set(hashes(big)));
    gossip.stop();
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
    earlier = [...sent.map(({ raw }) => raw), Uint8Array.of(1)];
    gossip.restore();
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

describe('without a signature', () => {
  test('what this process makes is pooled and kept, and nobody is told', () => {
    const made = impersonatedOf(0n);
    expect(gossip.submit(made)).toMatchObject({ ok: true });
    expect(added).toEqual([made.hash]);
    expect(kept).toEqual([made.raw]);
    time.advance(3 * REBROADCAST_MS);
    const signed = transferOf(1n);
    gossip.submit(signed);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped).toEqual([[signed], [signed]]);
    expect(stillWaiting()).toEqual([made.raw, signed.raw]);
    gossip.stop();
  });

  test('of an earlier run it is pooled again', () => {
    const made = impersonatedOf(0n);
    earlier = [made.raw];
    gossip.restore();
    expect(hashes(pool.all())).toEqual([made.hash]);
    time.advance(REBROADCAST_MS);
    expect(link.gossiped).toEqual([]);
  });

  test('from a peer it is dropped', async () => {
    const [signed] = transfers(1);
    if (signed === undefined) throw new Error('one was made');
    await gossip.receive([impersonatedOf(0n).raw, signed.raw, impersonatedOf(1n).raw], 'a');
    expect(hashes(pool.all())).toEqual([signed.hash]);
    expect(added).toEqual([signed.hash]);
  });
});

describe('from a peer', () => {
  test('is pooled and announced once, and not sent on', async () => {
    const received = transfers(2);
    const raws = received.map(({ raw }) => raw);
    await gossip.receive(raws, 'a');
    await gossip.receive(raws, 'a');
    time.advance(10 * REBROADCAST_MS);
    expect(added).toEqual(hashes(received));
    expect(changes).toBe(1);
    expect(link.gossiped).toEqual([]);
    expect(hashes(pool.all())).toEqual(hashes(received));
  });

  test('garbage, forged signatures and other chains’ are dropped, the good one among them is kept', async () => {
    const [good] = transfers(1);
    if (good === undefined) throw new Error('one was made');
    const cut = good.raw.slice(0, -1);
    await gossip.receive(
      [Uint8Array.of(), Uint8Array.of(0x02, 0xc0), new Uint8Array(200).fill(0xff), cut, good.raw],
      'a',
    );
    expect(hashes(pool.all())).toEqual([good.hash]);
    expect(added).toEqual([good.hash]);
  });

  test('many are read in several turns of the event loop, the peers in turn', async () => {
    const many = transfers(MAX_READ_TRANSACTIONS + 10);
    const read = gossip.receive(many.map(({ raw }) => raw).slice(0, -1), 'a');
    expect(pool.size).toBe(MAX_READ_TRANSACTIONS);
    const other = gossip.receive(many.map(({ raw }) => raw).slice(-1), 'b');
    await time.advanceAsync(0);
    await Promise.all([read, other]);
    expect(pool.size).toBe(many.length);
    expect(time.pending()).toBe(0);
  });

  test('a flood is dropped and counted, and costs the others nothing', async () => {
    const junk = Array.from({ length: 1_000 }, () => new Uint8Array(1_000));
    for (let i = 0; i < 20; i++) void gossip.receive(junk, 'flood');
    const fitting = Math.floor(MAX_UNREAD_TRANSACTION_BYTES / 1_000_000);
    expect(gossip.dropped).toBe(20 - fitting);
    const [good] = transfers(1);
    if (good === undefined) throw new Error('one was made');
    const read = gossip.receive([good.raw], 'other');
    let turns = 0;
    time.runUntil(() => pool.size > 0 || ++turns > 2, 0);
    expect(pool.size).toBe(1);
    gossip.stop();
    await read;
  });
});

function bytesOf(transactions: readonly RecoveredTransaction[]): number {
  return transactions.reduce((sum, { raw }) => sum + raw.length, 0);
}
