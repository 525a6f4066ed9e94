import { InvalidWireMessageError, type PeerId, type Transport } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import type { Tampering } from './actor.ts';

export interface TamperedOptions {
  /** Validators as the epoch's set numbers them; who is not in it comes after them all. */
  indexOf(peer: PeerId): ValidatorIndex;
  /** It is there as soon as anything comes or goes. */
  tampering(): Tampering;
}

/** A transport as an actor lets its node have it: what comes and goes passes through the actor's hands. */
export function tamperedTransport(transport: Transport, { indexOf, tampering }: TamperedOptions): Transport {
  const receive = (handler: (from: PeerId, payload: Uint8Array) => void, protocol: string) => {
    return (from: PeerId, payload: Uint8Array): void => {
      const shown = shownOf(tampering(), indexOf(from), protocol, payload);
      if (shown !== null) handler(from, shown);
    };
  };
  return {
    self: transport.self,
    peers: () => transport.peers(),
    start: () => transport.start(),
    stop: () => transport.stop(),
    send: (to, protocol, payload) => {
      for (const sent of tampering().send(indexOf(to), protocol, payload)) transport.send(to, protocol, sent);
    },
    onDirect: (protocol, handler) => transport.onDirect(protocol, receive(handler, protocol)),
    publish: (topic, payload) => transport.publish(topic, payload),
    subscribe: (topic, handler) => transport.subscribe(topic, receive(handler, topic)),
    request: (to, protocol, payload, timeoutMs) => transport.request(to, protocol, payload, timeoutMs),
    onRequest: (protocol, handler) =>
      transport.onRequest(protocol, async (from, payload) => tampering().answer(payload, await handler(from, payload))),
    onPeerChange: (listener) => transport.onPeerChange(listener),
    block: (peer) => transport.block(peer),
    unblock: (peer) => transport.unblock(peer),
  };
}

/** Another actor may have sent what is no message: that is for the node to find out. */
function shownOf(tampering: Tampering, from: ValidatorIndex, protocol: string, payload: Uint8Array): Uint8Array | null {
  try {
    return tampering.receive(from, protocol, payload);
  } catch (error) {
    if (error instanceof InvalidWireMessageError) return payload;
    throw error;
  }
}
