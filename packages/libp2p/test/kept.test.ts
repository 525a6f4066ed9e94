import { createVirtualTime } from '@heddle/runtime';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PeerFile, silentObserver } from '../src/index.ts';
import { MAX_BAN_MS, MAX_KEPT_BANS } from '../src/limits.ts';
import { Bans } from '../src/peers/bans.ts';
import { decodeKeptPeers, encodeKeptPeers } from '../src/peers/kept.ts';
import { TestNetwork } from './support/network.ts';
import { until } from './support/until.ts';

const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const BAN = { subject: PEER, reason: 'test', count: 2, untilWallMs: 5_000 };
const KNOWN = { peerId: PEER, addresses: ['/ip4/203.0.113.7/tcp/9000'] };

function bansAt(startWallMs: number): Bans {
  const { clock } = createVirtualTime({ startWallMs });
  return new Bans({ clock, limits: { banMs: 1_000 }, banned: () => undefined });
}

describe('what is kept of peers', () => {
  test('comes back as it was', () => {
    const kept = { bans: [BAN], peers: [KNOWN] };
    expect(decodeKeptPeers(encodeKeptPeers(kept))).toEqual(kept);
    expect(decodeKeptPeers(null)).toEqual({ bans: [], peers: [] });
  });

  test('is bounded: the newest bans', () => {
    const bans = Array.from({ length: MAX_KEPT_BANS + 5 }, (_, count) => ({ ...BAN, count }));
    expect(decodeKeptPeers(encodeKeptPeers({ bans, peers: [] }))?.bans).toEqual(bans.slice(5));
  });

  test.each(['', '{', '[]', '{"version":2,"bans":[],"peers":[]}', '{"version":1,"bans":{},"peers":[]}'])(
    'is nothing where %s stands',
    (text) => {
      expect(decodeKeptPeers(text)).toBeNull();
    },
  );

  test('is never more than bans and dialable addresses, whatever stands there', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.jsonValue()), (bans, peers) => {
        const text = JSON.stringify({ version: 1, bans: [...bans, BAN], peers: [...peers, { ...KNOWN, more: 1 }] });
        const kept = decodeKeptPeers(text);
        expect(kept?.bans.at(-1)).toEqual(BAN);
        expect(kept?.peers.at(-1)).toEqual(KNOWN);
      }),
    );
  });

  test('addresses that nobody may be told are left out', () => {
    const peers = [{ peerId: PEER, addresses: ['/unix/%2Ftmp%2Fa', 7, ...KNOWN.addresses] }, { peerId: 'none' }];
    expect(decodeKeptPeers(JSON.stringify({ version: 1, bans: [], peers }))?.peers).toEqual([KNOWN]);
  });
});

describe('bans after a restart', () => {
  test('end when they would have ended, and the next is longer', () => {
    const before = bansAt(1_000_000);
    before.ban('a', 'test');
    const after = bansAt(1_000_600);
    after.restore(before.kept());
    expect(after.list()).toMatchObject([{ subject: 'a', untilMs: expect.any(Number) }]);
    const late = bansAt(1_001_500);
    late.restore(before.kept());
    expect(late.has('a')).toBe(false);
    after.ban('a', 'again');
    expect(after.kept()).toMatchObject([{ count: 2, untilWallMs: 1_003_000 }]);
  });

  test('of a clock that was years ahead are no longer than any', () => {
    const bans = bansAt(0);
    bans.restore([{ ...BAN, untilWallMs: 10 ** 12 }]);
    expect(bans.kept().map(({ untilWallMs }) => untilWallMs)).toEqual([MAX_BAN_MS]);
  });
});

describe('a transport', () => {
  let network: TestNetwork;

  beforeEach(() => {
    network = new TestNetwork();
  });

  afterEach(async () => {
    await network.close();
  });

  test('that starts again remembers whom it banned, and finds by itself whom it knew', async () => {
    const texts: string[] = [];
    const peerFile: PeerFile = { read: () => texts.at(-1) ?? null, write: (text) => void texts.push(text) };
    const a = await network.create('a', { peerFile });
    const b = await network.create('b');
    for (const each of [a, b]) await each.start();
    b.addBootnode(a.addresses()[0] ?? '');
    await until(() => a.peers().length === 1, 'they connect');
    a.ban('203.0.113.9', 'test');
    await a.stop();
    const again = await network.create('a', { peerFile, listen: [] });
    await again.start();
    expect(again.bans()).toMatchObject([{ subject: '203.0.113.9', reason: 'test' }]);
    await until(() => again.peers().includes(b.self), 'it dials whom it knew');
  });

  test('begins anew with what can not be read, and says so once', async () => {
    const told: string[] = [];
    const observer = { ...silentObserver, keptPeersDamaged: () => void told.push('damaged') };
    const a = await network.create('a', { observer, peerFile: { read: () => '{', write: () => undefined } });
    await a.start();
    expect([told, a.bans()]).toEqual([['damaged'], []]);
  });
});
