import { connect, type Socket } from 'node:net';
import { MAX_MESSAGE_BYTES, type PeerId, peerOf } from '@heddle/network';
import { concatBytes, utf8ToBytes } from '@heddle/primitives';
import { createSeededRandom, createVirtualTime } from '@heddle/runtime';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { frameHeader } from '../src/frames.ts';
import { HELLO_PROTOCOL } from '../src/handshakes.ts';
import { encodeHello } from '../src/hello.ts';
import { DEFAULT_LIMITS, type Libp2pTransport, silentObserver } from '../src/index.ts';
import { MAX_OUTSIDER_FRAME_BYTES } from '../src/limits.ts';
import { DIRECT_PROTOCOL } from '../src/streams/direct-streams.ts';
import { REQUEST_PROTOCOL } from '../src/streams/requests.ts';
import { identityOf, type optionsOf, TestNetwork } from './support/network.ts';
import { RawPeer, sendFrame } from './support/raw-peer.ts';
import { until } from './support/until.ts';

const MIB = 1_024 * 1_024;
const INSIDERS = ['a', 'b', 'insider'].map((name) => identityOf(name).publicKey);
const validators = {
  has: (key: Uint8Array): boolean => INSIDERS.some((insider) => Buffer.from(insider).equals(key)),
};

let network: TestNetwork;
let raw: RawPeer[];
let sockets: Socket[];
let banned: string[];
let refused: string[];
let a: Libp2pTransport;
let b: Libp2pTransport;
let heard: PeerId[];

beforeEach(async () => {
  network = new TestNetwork();
  [raw, sockets, banned, refused, heard] = [[], [], [], [], []];
  a = await started('a');
  b = await started('b');
  a.onDirect('votes', (from) => heard.push(from));
  a.onRequest('echo', async (_, payload) => payload);
  await until(() => a.peers().length === 1 && b.peers().length === 1, 'the honest connect');
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(raw.map((peer) => peer.stop()));
  await network.close();
});

async function started(name: string, other: Parameters<typeof optionsOf>[1] = {}): Promise<Libp2pTransport> {
  const observer = {
    ...silentObserver,
    peerBanned: (peer: string): void => {
      banned.push(peer);
    },
    connectionRefused: (_: string, reason: string): void => {
      refused.push(reason);
    },
  };
  const transport = await network.create(name, { validators, observer, ...other });
  await transport.start();
  network.introduce(transport);
  return transport;
}

async function joined(name: string, withKey: boolean): Promise<RawPeer> {
  const peer = await RawPeer.create(name);
  raw.push(peer);
  expect(await peer.join(a.addresses()[0], peer.hello(withKey))).toBeNull();
  await until(() => a.peers().length === 2, 'it is a peer');
  return peer;
}

/** The honest ones still hear and answer one another. */
async function checkUnharmed(): Promise<void> {
  const before = heard.filter((from) => from === b.self).length;
  b.send(a.self, 'votes', Uint8Array.of(1));
  await until(() => heard.filter((from) => from === b.self).length === before + 1, 'a vote arrives');
  expect(await b.request(a.self, 'echo', Uint8Array.of(2), 30_000)).toEqual(Uint8Array.of(2));
}

const random = createSeededRandom(14n);

/** What no honest node sends, each on a connection of its own. */
const OFFENCES: readonly (readonly [string, (peer: RawPeer) => Promise<void>])[] = [
  [
    'a direct stream that begins with no name',
    async (peer) => {
      const stream = await peer.open(DIRECT_PROTOCOL);
      stream.send(concatBytes(Uint8Array.of(0xff), random.bytes(5_000)));
    },
  ],
  [
    'a direct frame above every limit',
    async (peer) => {
      const stream = await peer.open(DIRECT_PROTOCOL);
      sendFrame(stream, utf8ToBytes('votes'));
      stream.send(frameHeader(0xffff_ffff));
    },
  ],
  [
    'a request with a frame too many',
    async (peer) => {
      const stream = await peer.open(REQUEST_PROTOCOL);
      for (const frame of ['echo', 'question', 'and another']) sendFrame(stream, utf8ToBytes(frame));
    },
  ],
  [
    'a request whose name is too long',
    async (peer) => {
      const stream = await peer.open(REQUEST_PROTOCOL);
      sendFrame(stream, new Uint8Array(1_000));
    },
  ],
];

describe.each([
  ['outside', 'outsider', true],
  ['outside, without a key,', 'nobody', false],
  ['inside the set', 'insider', true],
])('a peer %s', (_, name, withKey) => {
  test.each(OFFENCES)('is banned for %s', async (_offence, offend) => {
    const peer = await joined(name, withKey);
    await offend(peer);
    await until(() => banned.includes(peer.peerId) && !peer.isConnected, 'it is banned');
    await expect(peer.join(a.addresses()[0], peer.hello(withKey))).rejects.toThrow();
    await checkUnharmed();
    expect(a.footprint()).toMatchObject({ partialBytes: 0, answerBytes: 0 });
  });

  test('may say hello again and again: nothing comes of it', async () => {
    const peer = await joined(name, withKey);
    for (let i = 0; i < 100; i++) {
      const stream = await peer.open(HELLO_PROTOCOL).catch(() => null);
      if (stream === null) break;
      try {
        sendFrame(stream, encodeHello(peer.hello(withKey)));
      } catch {
        // Ended already.
      }
    }
    await checkUnharmed();
    expect(a.peerInfos().filter(({ peerId }) => peerId === peer.peerId).length).toBeLessThanOrEqual(1);
  });

  test('that repeats what it sent is heard as often as it speaks, in order', async () => {
    const peer = await joined(name, withKey);
    const stream = await peer.open(DIRECT_PROTOCOL);
    sendFrame(stream, utf8ToBytes('votes'));
    for (let i = 0; i < 1_000; i++) sendFrame(stream, Uint8Array.of(7));
    await until(() => heard.length === 1_000, 'all of it');
    await checkUnharmed();
  });

  test('that opens more streams than it may costs nothing', async () => {
    const peer = await joined(name, withKey);
    const opened = Array.from({ length: 300 }, () => peer.open(DIRECT_PROTOCOL).catch(() => null));
    await Promise.all(opened);
    await checkUnharmed();
  });
});

describe('limits', () => {
  test('an outsider sends small frames only, and is no offender by one large frame', async () => {
    const peer = await joined('outsider', true);
    const stream = await peer.open(DIRECT_PROTOCOL);
    sendFrame(stream, utf8ToBytes('votes'));
    sendFrame(stream, new Uint8Array(MAX_OUTSIDER_FRAME_BYTES));
    await until(() => heard.length === 1, 'the largest that it may send');
    stream.send(frameHeader(MAX_OUTSIDER_FRAME_BYTES + 1));
    await until(() => stream.status !== 'open', 'the stream is ended');
    expect([banned, peer.isConnected]).toEqual([[], true]);
  });

  test('frames that begin and never end hold no more than their share', async () => {
    const peer = await joined('insider', true);
    for (let i = 0; i < 8; i++) {
      const stream = await peer.open(DIRECT_PROTOCOL);
      try {
        sendFrame(stream, utf8ToBytes(`votes ${i}`));
        stream.send(frameHeader(MAX_MESSAGE_BYTES));
        for (let sent = 0; sent < 8 * MIB; sent += 64_000) {
          if (!stream.send(new Uint8Array(64_000))) await stream.onDrain();
        }
      } catch {
        // Beyond its share its streams are ended.
      }
    }
    expect(a.footprint().partialBytes).toBeLessThanOrEqual(2 * MAX_MESSAGE_BYTES);
    await checkUnharmed();
    await peer.stop();
    await until(() => a.footprint().partialBytes === 0, 'what it held is let go');
  });

  test('of many connections from one address few stay, and validators come in all the same', async () => {
    const port = Number(/tcp\/(\d+)/.exec(a.addresses()[0] ?? '')?.[1]);
    let closed = 0;
    for (let i = 0; i < 500; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => (closed += 1));
      sockets.push(socket);
    }
    await until(() => closed >= 500 - DEFAULT_LIMITS.maxPerAddress, 'those above the limit are closed');
    expect(refused.filter((reason) => reason === 'perAddress').length).toBeGreaterThan(0);
    // The rest says nothing, and is closed for that.
    await until(() => closed === 500, 'half-open ones are closed');
    await checkUnharmed();
    const insider = await joined('insider', true);
    expect(insider.isConnected).toBe(true);
  });

  test('who is full of outsiders takes validators', async () => {
    const limits = { ...DEFAULT_LIMITS, maxOutsiders: 1 };
    const c = await started('c', { limits, identity: null });
    await until(() => c.peers().length === 2, 'two validators are there');
    for (const [name, verdict] of [
      ['first', null],
      ['second', 'tooManyPeers'],
      ['insider', null],
    ] as const) {
      const peer = await RawPeer.create(name);
      raw.push(peer);
      expect([name, await peer.join(c.addresses()[0], peer.hello(true))]).toEqual([name, verdict]);
      if (verdict === null)
        await until(() => c.peerInfos().some(({ peerId }) => peerId === peer.peerId), 'it is there');
    }
  });

  test('a ban ends by the clock that was given', async () => {
    const time = createVirtualTime({ startWallMs: 0 });
    const c = await started('c', { clock: time.clock });
    const peer = await RawPeer.create('insider');
    raw.push(peer);
    c.ban(peer.peerId, 'test');
    expect(c.bans().map(({ subject }) => subject)).toEqual([peer.peerId]);
    await expect(peer.join(c.addresses()[0], peer.hello(true))).rejects.toThrow();
    time.advance(DEFAULT_LIMITS.banMs);
    expect(c.bans()).toEqual([]);
    expect(await peer.join(c.addresses()[0], peer.hello(true))).toBeNull();
  });
});

describe('gossip', () => {
  test('of the honest goes on, however many strangers of their address have come and gone', async () => {
    const news: PeerId[] = [];
    b.subscribe('news', (from) => news.push(from));
    a.subscribe('news', () => undefined);
    for (let i = 0; i < 60; i++) {
      const peer = await RawPeer.create(`stranger ${i}`);
      raw.push(peer);
      expect(await peer.join(a.addresses()[0], peer.hello(false))).toBeNull();
      expect(await peer.join(b.addresses()[0], peer.hello(false))).toBeNull();
      for (const each of [a, b])
        await until(() => each.peers().includes(peer.peerId), 'it is a peer of both, and gossipsub hears of it');
      await peer.stop();
    }
    let sent = 0;
    const spread = setInterval(() => a.publish('news', Uint8Array.of(sent++)), 100);
    await until(() => news.includes(a.self), 'the news arrive').finally(() => clearInterval(spread));
  });

  test('of one who sends more than its share and goes harms nobody', async () => {
    const peer = await joined('outsider', true);
    const stream = await peer.open('/meshsub/1.2.0');
    const flood = new Uint8Array(64_000);
    try {
      for (let bytes = 0; bytes < 3 * MIB; bytes += flood.length) if (!stream.send(flood)) await stream.onDrain();
    } catch {
      // Ended by the other side, which is as good.
    }
    await peer.stop();
    // The share of a second is over by then: what was paused would be read again.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await checkUnharmed();
  });
});

describe('a blocked peer', () => {
  test('is not read, and sends to it go on; unblocked, it is heard again', async () => {
    let heardByB = 0;
    b.onDirect('news', () => (heardByB += 1));
    b.send(a.self, 'votes', Uint8Array.of(1));
    await until(() => heard.length === 1, 'it is heard');
    a.block(b.self);
    await expect(b.request(a.self, 'echo', Uint8Array.of(1), 30_000)).rejects.toMatchObject({
      facts: { reason: 'disconnected' },
    });
    for (let i = 0; i < 10; i++) b.send(a.self, 'votes', Uint8Array.of(1));
    a.send(b.self, 'news', Uint8Array.of(1));
    await until(() => heardByB === 1, 'what is sent to it arrives');
    expect(heard).toHaveLength(1);
    a.unblock(b.self);
    await until(() => heard.length === 11, 'it is heard again');
  });

  test('that is no validator is thrown out instead: its next name would cost it nothing', async () => {
    const peer = await joined('outsider', true);
    a.block(peerOf(identityOf('outsider').publicKey));
    await until(() => banned.includes(peer.peerId) && !peer.isConnected, 'it is banned');
    await checkUnharmed();
  });

  test('that sends on and on fills its own queue, within its limit, and nothing here', async () => {
    a.block(b.self);
    const payload = new Uint8Array(MIB);
    for (let i = 0; i < 200; i++) b.send(a.self, 'votes', payload);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(b.footprint().queuedBytes).toBeLessThanOrEqual(DEFAULT_LIMITS.maxQueuedBytes);
    expect(b.footprint().queuedBytes).toBeGreaterThan(MIB);
    expect(a.footprint().partialBytes).toBeLessThanOrEqual(2 * MIB);
    expect(heard).toEqual([]);
  });
});
