import type { PeerId, Transport } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import type { Tampering } from '../actors/actor.ts';
import type { ProcessLife } from './process.ts';

export interface LifeTransportOptions {
  readonly transport: Transport;
  readonly life: ProcessLife;
  /** Validators as the epoch's set numbers them; who is not in it comes after them all. */
  indexOf(peer: PeerId): ValidatorIndex;
  /** It is there as soon as anything comes or goes. */
  tampering(): Tampering;
  /** Told of each direct message before it is tampered with. */
  readonly sending: (protocol: string, payload: Uint8Array) => void;
}

/** A machine's transport as one life of its process uses it: what arrives during a stall waits, after the end is gone. */
export function lifeTransport(options: LifeTransportOptions): Transport {
  const { transport, life, indexOf, tampering, sending } = options;
  const receive = (handler: (from: PeerId, payload: Uint8Array) => void, protocol: string) => {
    return (from: PeerId, payload: Uint8Array): void => {
      const shown = tampering().receive(indexOf(from), protocol, payload);
      if (shown !== null) life.run(() => handler(from, shown));
    };
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
      for (const sent of tampering().send(indexOf(to), protocol, payload)) transport.send(to, protocol, sent);
    },
    onDirect: (protocol, handler) => transport.onDirect(protocol, receive(handler, protocol)),
    publish: (topic, payload) => transport.publish(topic, payload),
    subscribe: (topic, handler) => transport.subscribe(topic, receive(handler, topic)),
    request: async (to, protocol, payload, timeoutMs) => {
      const answer = transport.request(to, protocol, payload, timeoutMs);
      await answer.catch(() => {});
      return inTurn(() => answer);
    },
    onRequest: (protocol, handler) =>
      transport.onRequest(protocol, (from, payload) =>
        inTurn(async () => tampering().answer(payload, await handler(from, payload))),
      ),
    onPeerChange: (listener) => transport.onPeerChange((peer, connected) => life.run(() => listener(peer, connected))),
  };
}
