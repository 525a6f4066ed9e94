import {
  decodeWireMessage,
  InvalidWireMessageError,
  isValidatorName,
  type PeerId,
  UNCONNECTED_AUTHOR,
  type WireMessage,
} from '@heddle/network';
import { rememberedBy, unreachable } from '@heddle/primitives';
import type { Epochs } from '../epochs/epochs.ts';
import { PeerBlockedError } from '../errors.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { EvidencePool } from './evidence-pool.ts';
import type { PeerLink } from './peer-link.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from './protocols.ts';
import type { Responder } from './responder.ts';
import type { TransactionGossip } from './transaction-gossip.ts';

type Parts = Pick<Foundation, 'transport' | 'blocked'> &
  Telling<'blame'> & {
    readonly link: Pick<PeerLink, 'send'>;
    readonly epochs: Pick<Epochs, 'makesChunks' | 'receive' | 'receiveChunk' | 'receiveEndorsement' | 'status'>;
    readonly evidence: Pick<EvidencePool, 'receive'>;
    readonly gossip: Pick<TransactionGossip, 'receive'>;
    readonly responder: Pick<Responder, 'answer'>;
  };

/** Where a message may come in: on a direct stream or a gossip topic. */
type Channel = 'consensus' | 'chunks' | 'evidence' | 'transactions';

/** A broadcast reaches all validators of a process as one payload, which nobody writes to. */
const decodeOnce: (bytes: Uint8Array) => WireMessage = rememberedBy(decodeWireMessage);

/**
 * Everything that comes from the network: decoded once, here, unless its sender is blocked. Honest validators send
 * nothing that does not decode, and every kind on its own channel: whoever does otherwise is at fault.
 */
export class Receiver {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Call once, before the transport starts. */
  listen(): void {
    const { transport, epochs } = this.#parts;
    transport.onDirect(CONSENSUS_STREAM, (from, bytes) => this.#receive(from, bytes, 'consensus'));
    transport.onDirect(CHUNK_STREAM, (from, bytes) => {
      // Of others nothing is read on this stream.
      if (epochs.makesChunks(from)) this.#receive(from, bytes, 'chunks');
    });
    transport.onDirect(EVIDENCE_STREAM, (from, bytes) => this.#receive(from, bytes, 'evidence'));
    transport.subscribe(TRANSACTION_TOPIC, (from, bytes) => this.#receiveGossip(from, bytes));
    transport.onRequest(FETCH_PROTOCOL, (from, bytes) => this.#answer(from, bytes));
    transport.onPeerChange((peer, isConnected) => {
      if (isConnected && isValidatorName(peer)) this.#greet(peer);
    });
  }

  #greet(peer: PeerId): void {
    const { link, epochs } = this.#parts;
    link.send(peer, { kind: 'status', status: epochs.status() });
  }

  #receive(from: PeerId, bytes: Uint8Array, channel: Channel): void {
    const { blocked, events } = this.#parts;
    if (!isValidatorName(from) || blocked.has(from)) return;
    try {
      const message = decodeOnce(bytes);
      if (channelOf(message) === channel) this.#take(message, from, bytes.length);
      else events.blame(from, `${message.kind} on the channel of ${channel}`);
    } catch (error) {
      if (!(error instanceof InvalidWireMessageError)) throw error;
      events.blame(from, `${channel}: malformed message`);
    }
  }

  /** A transaction proves itself: it is taken of authors that are not connected too, whom no blame can reach. */
  #receiveGossip(from: PeerId, bytes: Uint8Array): void {
    if (from !== UNCONNECTED_AUTHOR) return this.#receive(from, bytes, 'transactions');
    try {
      const message = decodeOnce(bytes);
      if (message.kind === 'transactions') void this.#parts.gossip.receive(message.transactions, from);
    } catch (error) {
      if (!(error instanceof InvalidWireMessageError)) throw error;
    }
  }

  #take(message: WireMessage, from: PeerId, bytes: number): void {
    const { epochs, evidence, gossip } = this.#parts;
    switch (message.kind) {
      case 'proposal':
      case 'vote':
      case 'certificate':
      case 'certificateRequest':
      case 'status':
        return epochs.receive(from, message, bytes);
      case 'chunk':
        return epochs.receiveChunk(from, message.chunk, bytes);
      case 'endorsement':
        return epochs.receiveEndorsement(from, message.endorsement, bytes);
      case 'evidence':
        return evidence.receive(message.report, from);
      case 'transactions':
        void gossip.receive(message.transactions, from);
        return;
      default:
        return unreachable(message, 'wire message');
    }
  }

  async #answer(from: PeerId, request: Uint8Array): Promise<Uint8Array> {
    if (this.#parts.blocked.has(from)) throw new PeerBlockedError(from);
    return this.#parts.responder.answer(from, request);
  }
}

/** Every kind belongs on one channel. */
function channelOf(message: WireMessage): Channel {
  switch (message.kind) {
    case 'proposal':
    case 'vote':
    case 'certificate':
    case 'certificateRequest':
    case 'status':
      return 'consensus';
    case 'chunk':
    case 'endorsement':
      return 'chunks';
    case 'evidence':
      return 'evidence';
    case 'transactions':
      return 'transactions';
    default:
      return unreachable(message, 'wire message');
  }
}
