import { silentMetrics, type Transport, type TransportMetrics } from '@heddle/network';
import { blsPublicKey, blsSecretKeyFromSeed, blsSign, bytesToHex, sha256, utf8ToBytes } from '@heddle/primitives';
import { secureRandom, systemClock, systemScheduler } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import { generateKeyPairFromSeed, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import {
  createLibp2pTransport,
  DEFAULT_LIMITS,
  type Libp2pTransport,
  type Libp2pTransportOptions,
  type NetworkIdentity,
  NO_PEER_FILE,
  silentObserver,
} from '../../src/index.ts';

export const GENESIS: Hash = bytesToHex(sha256(utf8ToBytes('a chain')));

export async function networkKeyOf(name: string): Promise<Uint8Array> {
  return privateKeyToProtobuf(await generateKeyPairFromSeed('Ed25519', sha256(utf8ToBytes(name))));
}

export function identityOf(name: string): NetworkIdentity {
  const secretKey = blsSecretKeyFromSeed(sha256(utf8ToBytes(name)));
  return { publicKey: blsPublicKey(secretKey), sign: (message) => blsSign(secretKey, message) };
}

/** Options of a validator that takes every key for a validator's, on a free port. */
export async function optionsOf(
  name: string,
  other: Partial<Libp2pTransportOptions> = {},
): Promise<Libp2pTransportOptions> {
  return {
    networkKey: await networkKeyOf(name),
    identity: identityOf(name),
    genesisHash: GENESIS,
    validators: { has: () => true },
    listen: ['/ip4/127.0.0.1/tcp/0'],
    external: [],
    bootnodes: [],
    clock: systemClock,
    scheduler: systemScheduler,
    random: secureRandom,
    metrics: silentMetrics,
    observer: silentObserver,
    limits: DEFAULT_LIMITS,
    peerFile: NO_PEER_FILE,
    ...other,
  };
}

/** Transports of one test, which find one another when they start. */
export class TestNetwork {
  readonly #transports: Libp2pTransport[] = [];

  async transport(name: string, metrics: TransportMetrics): Promise<Transport> {
    const transport = await this.create(name, { metrics });
    return {
      self: transport.self,
      peers: () => transport.peers(),
      start: async () => {
        await transport.start();
        this.introduce(transport);
      },
      stop: () => transport.stop(),
      send: (to, protocol, payload) => transport.send(to, protocol, payload),
      onDirect: (protocol, handler) => transport.onDirect(protocol, handler),
      publish: (topic, payload) => transport.publish(topic, payload),
      subscribe: (topic, handler) => transport.subscribe(topic, handler),
      request: (to, protocol, payload, timeoutMs) => transport.request(to, protocol, payload, timeoutMs),
      onRequest: (protocol, handler) => transport.onRequest(protocol, handler),
      onPeerChange: (listener) => transport.onPeerChange(listener),
      block: (peer) => transport.block(peer),
      unblock: (peer) => transport.unblock(peer),
    };
  }

  async create(name: string, other: Partial<Libp2pTransportOptions> = {}): Promise<Libp2pTransport> {
    const transport = await createLibp2pTransport(await optionsOf(name, other));
    this.#transports.push(transport);
    return transport;
  }

  /** It dials those that run already. */
  introduce(transport: Libp2pTransport): void {
    for (const other of this.#transports) {
      const [address] = other === transport ? [] : other.addresses();
      if (address !== undefined) transport.addBootnode(address);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.stop()));
  }
}
