import { type MemoryHub, type PeerId, peerOf, type Transport } from '@heddle/network';
import { BLS_PUBLIC_KEY_BYTES, bytesToHex } from '@heddle/primitives';
import type { Dice, Scheduler } from '@heddle/runtime';
import { MESSAGES_PER_STRANGER, REQUEST_PATIENCE_MS } from '../limits.ts';
import type { Shot } from './shots.ts';

/** Somebody who is connected and sends. */
export interface Sender {
  /** Rejects for a request that is refused; resolves at once for everything else. */
  send(to: PeerId, shot: Shot): Promise<unknown>;
}

export function senderOver(transport: Pick<Transport, 'send' | 'publish' | 'request'>): Sender {
  return {
    send: async (to, { form, protocol, payload }) => {
      if (form === 'request') return transport.request(to, protocol, payload, REQUEST_PATIENCE_MS);
      if (form === 'topic') transport.publish(protocol, payload);
      else transport.send(to, protocol, payload);
      return null;
    },
  };
}

interface StrangersPorts {
  readonly hub: MemoryHub;
  readonly scheduler: Scheduler;
}

/** Longer than a frame is on its way, milliseconds. */
const LINGER_MS = 100;

/** Peers that are in no set, another name every few messages: what is kept of each of them must not add up. */
export class Strangers {
  readonly #ports: StrangersPorts;
  readonly #nameOf: () => PeerId;
  #transport: Transport | null = null;
  #left = 0;

  constructor(ports: StrangersPorts, nameOf: () => PeerId) {
    this.#ports = ports;
    this.#nameOf = nameOf;
  }

  async next(): Promise<Sender> {
    this.#left -= 1;
    if (this.#transport !== null && this.#left > 0) return senderOver(this.#transport);
    const gone = this.#transport;
    // What it has sent is on its way, and would be lost with its connections.
    if (gone !== null) this.#ports.scheduler.after(LINGER_MS, () => void gone.stop());
    const transport = this.#ports.hub.transport(this.#nameOf());
    await transport.start();
    this.#transport = transport;
    this.#left = MESSAGES_PER_STRANGER;
    return senderOver(transport);
  }

  async leave(): Promise<void> {
    await this.#transport?.stop();
    this.#transport = null;
  }
}

/** A name as validators have it. */
export function validatorName(dice: Dice): PeerId {
  return peerOf(dice.random.bytes(BLS_PUBLIC_KEY_BYTES));
}

export function otherName(dice: Dice): PeerId {
  return `peer ${bytesToHex(dice.random.bytes(8))}`;
}
