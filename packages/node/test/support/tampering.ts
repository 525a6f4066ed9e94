import type { PeerId, Transport } from '@heddle/network';

/** What a dishonest validator does to its own traffic; the rest of it runs as it should. */
export interface Tampering {
  /** A direct message on its way out, another one in its place, or null for none. */
  send(to: PeerId, protocol: string, payload: Uint8Array): Uint8Array | null;
  /** The answer to a peer's request. Rejecting is a refusal; never settling, silence. */
  answer(request: Uint8Array, honest: Uint8Array): Promise<Uint8Array>;
}

export const HONEST: Tampering = {
  send: (_to, _protocol, payload) => payload,
  answer: (_request, honest) => Promise.resolve(honest),
};

/** `transport` as a validator uses it that is not honest in what goes out. */
export function tamperWith(transport: Transport, tampering: Tampering): Transport {
  return {
    self: transport.self,
    peers: () => transport.peers(),
    start: () => transport.start(),
    stop: () => transport.stop(),
    send: (to, protocol, payload) => {
      const sent = tampering.send(to, protocol, payload);
      if (sent !== null) transport.send(to, protocol, sent);
    },
    onDirect: (protocol, handler) => transport.onDirect(protocol, handler),
    publish: (topic, payload) => transport.publish(topic, payload),
    subscribe: (topic, handler) => transport.subscribe(topic, handler),
    request: (to, protocol, payload, timeoutMs) => transport.request(to, protocol, payload, timeoutMs),
    onRequest: (protocol, handler) =>
      transport.onRequest(protocol, async (from, payload) => tampering.answer(payload, await handler(from, payload))),
    onPeerChange: (listener) => transport.onPeerChange(listener),
    block: (peer) => transport.block(peer),
    unblock: (peer) => transport.unblock(peer),
  };
}
