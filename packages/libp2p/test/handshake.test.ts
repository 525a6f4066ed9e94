import { createServer, type Server } from 'node:net';
import { peerOf } from '@heddle/network';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createLibp2pTransport,
  DEFAULT_LIMITS,
  type HandshakeFailedError,
  InvalidAddressError,
  InvalidNetworkKeyError,
  type Libp2pObserver,
  type Libp2pTransport,
  ListenFailedError,
  silentObserver,
} from '../src/index.ts';
import { identityOf, networkKeyOf, optionsOf, TestNetwork } from './support/network.ts';
import { RawPeer } from './support/raw-peer.ts';
import { until } from './support/until.ts';

let network: TestNetwork;
let raw: RawPeer[];
let failures: HandshakeFailedError['facts'][];
let own: string[];
let observer: Libp2pObserver;

beforeEach(() => {
  network = new TestNetwork();
  raw = [];
  failures = [];
  own = [];
  observer = {
    ...silentObserver,
    handshakeFailed: (error) => failures.push(error.facts),
    ownKeySeen: (peer) => own.push(peer),
  };
});

afterEach(async () => {
  await Promise.all(raw.map((peer) => peer.stop()));
  await network.close();
});

async function rawPeer(name: string): Promise<RawPeer> {
  const peer = await RawPeer.create(name);
  raw.push(peer);
  return peer;
}

async function started(name: string, other: Parameters<typeof optionsOf>[1] = {}): Promise<Libp2pTransport> {
  const transport = await network.create(name, other);
  await transport.start();
  network.introduce(transport);
  return transport;
}

describe('who a peer is', () => {
  test('a validator is called by its whole key, any other node by its peer id', async () => {
    const a = await started('a');
    const b = await started('b', { identity: null });
    await until(() => a.peers().length === 1 && b.peers().length === 1, 'they connect');
    expect(a.self).toBe(peerOf(identityOf('a').publicKey));
    expect(b.self).toBe(b.peerId);
    expect([a.peers(), b.peers()]).toEqual([[b.self], [a.self]]);
  });

  test('another chain is refused on both sides, with the reason', async () => {
    await started('a', { observer });
    const b = await started('b', { observer, genesisHash: `0x${'22'.repeat(32)}` });
    await until(() => failures.length >= 2, 'both are told');
    expect(failures.map(({ reason, by }) => `${reason} ${by}`).toSorted()).toEqual([
      'otherGenesis them',
      'otherGenesis us',
    ]);
    expect(b.peers()).toEqual([]);
  });

  test("somebody else's key, and a signature for another peer id, are refused", async () => {
    const a = await started('a');
    const thief = await rawPeer('thief');
    const victim = await rawPeer('victim');
    expect(await thief.join(a.addresses()[0], victim.hello(true))).toBe('badSignature');
    await until(() => !thief.isConnected, 'it is disconnected');
    expect(a.peers()).toEqual([]);
  });

  test('a key that is connected already is refused to a second peer', async () => {
    const a = await started('a', { observer });
    const b = await started('b');
    await until(() => a.peers().length === 1, 'they connect');
    const networkKey = await networkKeyOf('another machine');
    const twice = await createLibp2pTransport(await optionsOf('b', { networkKey, bootnodes: a.addresses() }));
    await twice.start();
    await until(() => failures.some(({ reason }) => reason === 'nameTaken'), 'the second is refused');
    expect([a.peers(), twice.peers()]).toEqual([[b.self], []]);
    await twice.stop();
  });

  test("a peer with this node's own key is noticed", async () => {
    const a = await started('a', { observer });
    const networkKey = await networkKeyOf('another machine');
    const twice = await createLibp2pTransport(await optionsOf('a', { networkKey, bootnodes: a.addresses() }));
    await twice.start();
    await until(() => own.length > 0, 'it is seen');
    expect(own).toEqual([twice.peerId]);
    expect(a.peers()).toEqual([]);
    await twice.stop();
  });

  test('one that is connected and says nothing is closed', async () => {
    const a = await started('a', { observer, limits: { ...DEFAULT_LIMITS, handshakeTimeoutMs: 300 } });
    const silent = await rawPeer('silent');
    await silent.dial(a.addresses()[0]);
    await until(() => failures.length === 1 && !silent.isConnected, 'it is disconnected');
    expect(failures[0]).toMatchObject({ reason: 'timeout', peer: silent.peerId });
  });

  test('a peer that was started anew is a new peer, whatever is left of the old one', async () => {
    const a = await started('a');
    const changes: string[] = [];
    a.onPeerChange((peer, isConnected) => changes.push(`${isConnected ? '+' : '-'}${peer}`));
    const first = await rawPeer('b');
    const again = await rawPeer('b');
    expect(await first.join(a.addresses()[0], first.hello(true))).toBeNull();
    await until(() => changes.length === 1, 'it is there');
    expect(await again.join(a.addresses()[0], { ...again.hello(true), session: new Uint8Array(8) })).toBeNull();
    await until(() => !first.isConnected && changes.length === 3, 'the old one is dropped');
    const name = peerOf(identityOf('b').publicKey);
    expect([changes, again.isConnected]).toEqual([[`+${name}`, `-${name}`, `+${name}`], true]);
  });
});

describe('finding peers', () => {
  test('who knows one peer hears of the others', async () => {
    const a = await started('a');
    const others: Libp2pTransport[] = [];
    for (const name of ['b', 'c', 'd']) {
      const transport = await network.create(name, { bootnodes: a.addresses() });
      await transport.start();
      others.push(transport);
    }
    await until(() => others.every((transport) => transport.peers().length === 3), 'everybody knows everybody');
    expect(a.peers()).toHaveLength(3);
  });

  test('a node tells its external address', async () => {
    const a = await started('a', { external: ['/ip4/203.0.113.7/tcp/30300'] });
    expect(a.addresses()).toEqual([`/ip4/203.0.113.7/tcp/30300/p2p/${a.peerId}`]);
  });
});

describe('configuration', () => {
  let server: Server;

  afterEach(() => {
    server.close();
  });

  test('a port in use, a bad address and a bad key are clear errors', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const taken = await network.create('a', { listen: [`/ip4/127.0.0.1/tcp/${port}`] });
    await expect(taken.start()).rejects.toBeInstanceOf(ListenFailedError);
    await expect(network.create('a', { bootnodes: ['nonsense'] })).rejects.toBeInstanceOf(InvalidAddressError);
    await expect(network.create('a', { networkKey: new Uint8Array(68) })).rejects.toBeInstanceOf(
      InvalidNetworkKeyError,
    );
  });

  test('one that failed to start can be started when the port is free', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const transport = await network.create('a', { listen: [`/ip4/127.0.0.1/tcp/${port}`] });
    await expect(transport.start()).rejects.toBeInstanceOf(ListenFailedError);
    await new Promise((resolve) => server.close(resolve));
    await transport.start();
    expect(transport.addresses()[0]).toContain(`/tcp/${port}/`);
  });
});
