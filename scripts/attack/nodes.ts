import {
  createLibp2pTransport,
  DEFAULT_LIMITS,
  type Libp2pTransport,
  type NetworkIdentity,
  NO_PEER_FILE,
  silentObserver,
} from '@heddle/libp2p';
import { type PeerId, silentMetrics, type TransportMetrics } from '@heddle/network';
import { secureRandom, systemClock, systemScheduler } from '@heddle/runtime';
import type { Shot } from '../../apps/simulator/src/wire/shots.ts';
import type { Orders } from './target.ts';

const JOIN_MS = 10_000;
const POLL_MS = 5;
/** Nobody waits for the answers of questions that are nonsense. */
const ANSWER_MS = 1_000;

/** A node that speaks the protocol as ours do, whatever it says in it. */
export function createAttacker(
  { targets, genesisHash }: Orders,
  networkKey: Uint8Array,
  identity: NetworkIdentity | null,
  metrics: TransportMetrics = silentMetrics,
): Promise<Libp2pTransport> {
  return createLibp2pTransport({
    networkKey,
    identity,
    genesisHash,
    validators: { has: () => true },
    listen: [],
    external: [],
    bootnodes: targets,
    clock: systemClock,
    scheduler: systemScheduler,
    random: secureRandom,
    metrics,
    observer: silentObserver,
    limits: DEFAULT_LIMITS,
    peerFile: NO_PEER_FILE,
  });
}

/** Whether so many have let it in. */
export async function joined(transport: Libp2pTransport, peers: number): Promise<boolean> {
  const endMs = performance.now() + JOIN_MS;
  while (transport.peers().length < peers && performance.now() < endMs)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  return transport.peers().length >= peers;
}

export function fire(transport: Libp2pTransport, to: PeerId, { form, protocol, payload }: Shot): void {
  if (form === 'direct') transport.send(to, protocol, payload);
  else if (form === 'topic') transport.publish(protocol, payload);
  else void transport.request(to, protocol, payload, ANSWER_MS).catch(() => undefined);
}
