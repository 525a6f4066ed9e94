import type { ConsensusMessage } from '@heddle/consensus';
import {
  decodeWireMessage,
  InvalidWireMessageError,
  type PeerId,
  type Transport,
  type WireMessage,
} from '@heddle/network';
import { rememberedBy, unreachable } from '@heddle/primitives';
import type { Chunk, Endorsement } from '@heddle/types';
import { PeerBlockedError } from '../errors.ts';
import type { BlockList } from './block-list.ts';
import type { EvidencePool } from './evidence-pool.ts';
import { isValidatorName } from './peer-names.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from './protocols.ts';
import type { TransactionGossip } from './transaction-gossip.ts';

export interface ReceiverPorts {
  readonly transport: Transport;
  readonly blocked: BlockList;
  readonly gossip: TransactionGossip;
  readonly evidence: EvidencePool;
  /** Whether the peer has a part in chunks: of others nothing is read on their stream. */
  makesChunks(peer: PeerId): boolean;
  consensus(from: PeerId, message: ConsensusMessage, bytes: number): void;
  chunk(from: PeerId, chunk: Chunk, bytes: number): void;
  endorsement(from: PeerId, endorsement: Endorsement, bytes: number): void;
  /** A peer sent what it can't have believed. */
  blame(peer: PeerId, reason: string): void;
  /** Answers a peer's request. */
  answer(from: PeerId, request: Uint8Array): Promise<Uint8Array>;
  /** A peer has come into reach. */
  connected(peer: PeerId): void;
}

/** Where a message may come in: on a direct stream or a gossip topic. */
type Channel = 'consensus' | 'chunks' | 'evidence' | 'transactions';

/** A broadcast reaches all validators of a process as one payload, which nobody writes to. */
const decodeOnce: (bytes: Uint8Array) => WireMessage = rememberedBy(decodeWireMessage);

/**
 * Everything that comes from the network: decoded once, here, unless its sender is blocked. Honest validators send
 * nothing that does not decode, and every kind on its own channel: whoever does otherwise is at fault.
 */
export class Receiver {
  readonly #ports: ReceiverPorts;

  constructor(ports: ReceiverPorts) {
    this.#ports = ports;
  }

  /** Call once, before the transport starts. */
  listen(): void {
    const { transport, connected, makesChunks } = this.#ports;
    transport.onDirect(CONSENSUS_STREAM, (from, bytes) => this.#receive(from, bytes, 'consensus'));
    transport.onDirect(CHUNK_STREAM, (from, bytes) => {
      if (makesChunks(from)) this.#receive(from, bytes, 'chunks');
    });
    transport.onDirect(EVIDENCE_STREAM, (from, bytes) => this.#receive(from, bytes, 'evidence'));
    transport.subscribe(TRANSACTION_TOPIC, (from, bytes) => this.#receive(from, bytes, 'transactions'));
    transport.onRequest(FETCH_PROTOCOL, (from, bytes) => this.#answer(from, bytes));
    transport.onPeerChange((peer, isConnected) => {
      if (isConnected && isValidatorName(peer)) connected(peer);
    });
  }

  #receive(from: PeerId, bytes: Uint8Array, channel: Channel): void {
    const { blocked, blame } = this.#ports;
    if (!isValidatorName(from) || blocked.has(from)) return;
    try {
      const message = decodeOnce(bytes);
      if (channelOf(message) === channel) this.#take(message, from, bytes.length);
      else blame(from, `${message.kind} on the channel of ${channel}`);
    } catch (error) {
      if (!(error instanceof InvalidWireMessageError)) throw error;
      blame(from, `${channel}: malformed message`);
    }
  }

  #take(message: WireMessage, from: PeerId, bytes: number): void {
    const { consensus, chunk, endorsement, evidence, gossip } = this.#ports;
    switch (message.kind) {
      case 'proposal':
      case 'vote':
      case 'certificate':
      case 'certificateRequest':
      case 'status':
        return consensus(from, message, bytes);
      case 'chunk':
        return chunk(from, message.chunk, bytes);
      case 'endorsement':
        return endorsement(from, message.endorsement, bytes);
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
    if (this.#ports.blocked.has(from)) throw new PeerBlockedError(from);
    return this.#ports.answer(from, request);
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
