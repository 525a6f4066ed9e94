import type { PeerId, Transport } from '@heddle/network';
import type { ProcessLife } from './process.ts';

export interface LifeTransportOptions {
  readonly transport: Transport;
  readonly life: ProcessLife;
  /** Told of each direct message that the node sends. */
  readonly sending: (protocol: string, payload: Uint8Array) => void;
}

/** A machine's transport as one life of its process uses it: what arrives during a stall waits, after the end is gone. */
export function lifeTransport({ transport, life, sending }: LifeTransportOptions): Transport {
  const inLife = (handler: (from: PeerId, payload: Uint8Array) => void) => {
    return (from: PeerId, payload: Uint8Array): void => life.run(() => handler(from, payload));
  };
  /** Settles in its turn of the event loop. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => life.run(() => void work().then(resolve, reject)));
  return {
    self: transport.self,
    peers: () => transport.peers(),
    start: () => transport.start(),
    stop: () => transport.stop(),
    send: (to, protocol, payload) => {
      sending(protocol, payload);
      transport.send(to, protocol, payload);
    },
    onDirect: (protocol, handler) => transport.onDirect(protocol, inLife(handler)),
    publish: (topic, payload) => transport.publish(topic, payload),
    subscribe: (topic, handler) => transport.subscribe(topic, inLife(handler)),
    request: async (to, protocol, payload, timeoutMs) => {
      const answer = transport.request(to, protocol, payload, timeoutMs);
      await answer.catch(() => {});
      return inTurn(() => answer);
    },
    onRequest: (protocol, handler) =>
      transport.onRequest(protocol, (from, payload) => inTurn(() => handler(from, payload))),
    onPeerChange: (listener) => transport.onPeerChange((peer, connected) => life.run(() => listener(peer, connected))),
    block: (peer) => transport.block(peer),
    unblock: (peer) => transport.unblock(peer),
  };
}
