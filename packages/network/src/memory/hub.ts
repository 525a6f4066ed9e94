import type { Random, Scheduler } from '@heddle/runtime';
import { PeerIdTakenError } from '../errors.ts';
import { silentMetrics, type TransportMetrics } from '../metrics.ts';
import type { PeerId, Transport } from '../transport.ts';
import { Faults } from './faults.ts';
import { type Latency, NO_LATENCY } from './latency.ts';
import { Link } from './link.ts';
import { type LinkPolicy, transitOf } from './link-policy.ts';
import { MemoryTransport } from './transport.ts';

export interface MemoryHubOptions {
  /** Everything happens on it: virtual time makes runs repeatable. */
  readonly scheduler: Scheduler;
}

/** A network within one process: every running transport is connected to every other, but for faults. */
export interface MemoryHub {
  /** A new transport for `peer`. One at a time runs under an identity; the next may start when it has stopped. */
  transport(peer: PeerId, metrics?: TransportMetrics): Transport;
  /** Only peers of one group see one another; those in no group are a group of their own. Replaces the last partition. */
  partition(groups: readonly (readonly PeerId[])[]): void;
  /** Ends the partition. Latency and loss stay. */
  heal(): void;
  /** Of every frame from now on, each way; 0 = as soon as possible. Throws `InvalidFaultError`. */
  setLatencyMs(latencyMs: number): void;
  /** The same by link and with jitter, which is drawn from `random`. Throws `InvalidFaultError`. */
  setLatency(latency: Latency, random: Random): void;
  /** Share of frames that get lost, 0 … 1, drawn from `random`. Throws `InvalidFaultError`. */
  setDropRate(rate: number, random: Random): void;
  /** From now on `policy` decides over each frame, in the place of latency and loss. */
  setLinkPolicy(policy: LinkPolicy): void;
}

export function createMemoryHub(options: MemoryHubOptions): MemoryHub {
  const hub = new Hub(options.scheduler);
  return {
    transport: (peer, metrics = silentMetrics) => new MemoryTransport(peer, metrics, hub),
    partition: (groups) => hub.partition(groups),
    heal: () => hub.partition([]),
    setLatencyMs: (ms) => hub.faults.setLatency({ ...NO_LATENCY, ms }, null),
    setLatency: (latency, random) => hub.faults.setLatency(latency, random),
    setDropRate: (rate, random) => hub.faults.setDropRate(rate, random),
    setLinkPolicy: (policy) => hub.setLinkPolicy(policy),
  };
}

interface Connection {
  readonly ends: readonly [MemoryTransport, MemoryTransport];
  readonly links: readonly [Link, Link];
}

class Hub {
  readonly scheduler: Scheduler;
  readonly faults = new Faults();
  readonly #running = new Map<PeerId, MemoryTransport>();
  /** By `connectionKey`. */
  readonly #connections = new Map<string, Connection>();
  #groupOf: ReadonlyMap<PeerId, number> = new Map();
  #policy: LinkPolicy = this.faults;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  join(transport: MemoryTransport): void {
    if (this.#running.has(transport.self)) throw new PeerIdTakenError(transport.self);
    this.#running.set(transport.self, transport);
    this.#reconnect();
  }

  leave(transport: MemoryTransport): void {
    this.#running.delete(transport.self);
    for (const [key, connection] of [...this.#connections]) {
      if (connection.ends.includes(transport)) this.#disconnect(key, connection);
    }
  }

  setLinkPolicy(policy: LinkPolicy): void {
    this.#policy = policy;
  }

  partition(groups: readonly (readonly PeerId[])[]): void {
    this.#groupOf = new Map(groups.flatMap((group, index) => group.map((peer) => [peer, index] as const)));
    this.#reconnect();
  }

  /** Makes the connections what the partition says, in the order of the peers' names. */
  #reconnect(): void {
    const transports = [...this.#running.values()].sort((a, b) => (a.self < b.self ? -1 : 1));
    for (const [index, a] of transports.entries()) {
      for (const b of transports.slice(index + 1)) {
        const key = connectionKey(a.self, b.self);
        const connection = this.#connections.get(key);
        const isWanted = this.#groupOf.get(a.self) === this.#groupOf.get(b.self);
        if (isWanted && connection === undefined) this.#connect(key, a, b);
        if (!isWanted && connection !== undefined) this.#disconnect(key, connection);
      }
    }
  }

  #connect(key: string, a: MemoryTransport, b: MemoryTransport): void {
    const connection: Connection = { ends: [a, b], links: [this.#link(a, b), this.#link(b, a)] };
    this.#connections.set(key, connection);
    a.linkUp(b.self, connection.links[0]);
    b.linkUp(a.self, connection.links[1]);
  }

  #disconnect(key: string, { ends: [a, b], links }: Connection): void {
    this.#connections.delete(key);
    for (const link of links) link.close();
    a.linkDown(b.self);
    b.linkDown(a.self);
  }

  #link(from: MemoryTransport, to: MemoryTransport): Link {
    return new Link({
      scheduler: this.scheduler,
      copies: (channel, frame) => this.#policy.copies(transitOf(from.self, to.self, channel, frame)),
      deliver: (frame) => to.receive(from.self, frame),
      dropped: (channel, reason) => from.metrics.dropped(to.self, channel, reason),
    });
  }
}

/** Peer ids may hold any text, so their lengths keep the two apart. */
function connectionKey(a: PeerId, b: PeerId): string {
  return `${a.length}:${a}${b}`;
}
