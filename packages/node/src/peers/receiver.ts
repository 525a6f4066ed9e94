import {
  type ChunkAnnouncement,
  type ConsensusMessage,
  decodeEndorsement,
  decodeEvidence,
  type Endorsement,
} from '@heddle/consensus';
import {
  decodeWireMessage,
  InvalidWireMessageError,
  type PeerId,
  type Transport,
  type WireMessage,
} from '@heddle/network';
import { rememberedBy } from '@heddle/primitives';
import { type Chunk, hashChunkHeader, InvalidEncodingError } from '@heddle/types';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import type { Logger } from '../logger.ts';
import type { EvidencePool } from './evidence-pool.ts';
import { isValidatorName } from './peer-names.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from './protocols.ts';
import type { TransactionGossip } from './transaction-gossip.ts';

export interface ReceiverPorts {
  readonly transport: Transport;
  readonly chunks: ChunkCache;
  readonly gossip: TransactionGossip;
  readonly evidence: EvidencePool;
  readonly log: Logger;
  consensus(from: PeerId, message: ConsensusMessage): void;
  chunk(from: PeerId, announcement: ChunkAnnouncement): void;
  endorsement(from: PeerId, endorsement: Endorsement): void;
  /** Answers a peer's request. */
  answer(from: PeerId, request: Uint8Array): Promise<Uint8Array>;
  /** A peer has come into reach. */
  connected(peer: PeerId): void;
}

/** A broadcast reaches all validators of a process as one payload, which nobody writes to. */
const decodeOnce: (bytes: Uint8Array) => WireMessage = rememberedBy(decodeWireMessage);

/** Everything that comes from the network: decoded once, here; what does not decode is dropped and logged. */
export class Receiver {
  readonly #ports: ReceiverPorts;

  constructor(ports: ReceiverPorts) {
    this.#ports = ports;
  }

  /** Call once, before the transport starts. */
  listen(): void {
    const { transport, answer, connected } = this.#ports;
    transport.onDirect(CONSENSUS_STREAM, (from, bytes) => this.#receive(from, bytes, (m, v) => this.#consensus(m, v)));
    transport.onDirect(CHUNK_STREAM, (from, bytes) => this.#receive(from, bytes, (m, v) => this.#chunkTraffic(m, v)));
    transport.onDirect(EVIDENCE_STREAM, (from, bytes) => this.#receive(from, bytes, (m, v) => this.#evidence(m, v)));
    transport.subscribe(TRANSACTION_TOPIC, (from, bytes) =>
      this.#receive(from, bytes, (m, v) => this.#transactions(m, v)),
    );
    transport.onRequest(FETCH_PROTOCOL, (from, bytes) => answer(from, bytes));
    transport.onPeerChange((peer, isConnected) => {
      if (isConnected && isValidatorName(peer)) connected(peer);
    });
  }

  #receive(from: PeerId, bytes: Uint8Array, take: (message: WireMessage, from: PeerId) => void): void {
    if (!isValidatorName(from)) return;
    try {
      take(decodeOnce(bytes), from);
    } catch (error) {
      if (!(error instanceof InvalidWireMessageError) && !(error instanceof InvalidEncodingError)) throw error;
      this.#ports.log.warn('message refused', { from, reason: error.message });
    }
  }

  #consensus(message: WireMessage, from: PeerId): void {
    if (isConsensusMessage(message)) this.#ports.consensus(from, message);
  }

  #chunkTraffic(message: WireMessage, from: PeerId): void {
    if (message.kind === 'chunk') this.#chunk(message.chunk, from);
    if (message.kind === 'endorsement') {
      this.#ports.endorsement(from, decodeEndorsement(message.endorsement));
    }
  }

  #chunk(chunk: Chunk, from: PeerId): void {
    const { header, signature } = chunk;
    const chunkHash = hashChunkHeader(header);
    this.#ports.chunks.hold(chunkHash, chunk, from);
    this.#ports.chunk(from, { header, chunkHash, signature });
  }

  #evidence(message: WireMessage, from: PeerId): void {
    if (message.kind === 'evidence') this.#ports.evidence.receive(decodeEvidence(message.evidence), from);
  }

  #transactions(message: WireMessage, from: PeerId): void {
    if (message.kind === 'transactions') void this.#ports.gossip.receive(message.transactions, from);
  }
}

function isConsensusMessage(message: WireMessage): message is ConsensusMessage & WireMessage {
  return (
    message.kind !== 'chunk' &&
    message.kind !== 'endorsement' &&
    message.kind !== 'evidence' &&
    message.kind !== 'transactions'
  );
}
