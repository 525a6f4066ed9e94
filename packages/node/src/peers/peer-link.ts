import type { ConsensusMessage } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Block, BlockHeader, Chunk, Endorsement, EvidenceReport, Hash, RecoveredTransaction } from '@heddle/types';

/** A final block with chunks that are new in it, all or as many as fit, as a peer sends it for catch-up. */
export interface FetchedBlock {
  readonly block: Block;
  readonly chunks: readonly Chunk[];
}

export interface FetchedRange {
  readonly blocks: readonly FetchedBlock[];
}

/**
 * The other nodes with a validator's key, whether or not it is in the epoch's set. Bytes and formats stay behind this.
 * Sending never throws: what no message can hold is counted and logged by the link.
 */
export interface PeerLink {
  /** Those that are connected now, sorted, without this one. */
  connected(): readonly PeerId[];
  broadcast(message: ConsensusMessage): void;
  send(to: PeerId, message: ConsensusMessage): void;
  broadcastChunk(chunk: Chunk): void;
  sendEndorsement(to: PeerId, endorsement: Endorsement): void;
  sendEvidence(to: PeerId, report: EvidenceReport): void;
  /** In as many messages as they take. */
  gossipTransactions(transactions: readonly RecoveredTransaction[]): void;
  requestBlock(from: PeerId, hash: Hash): Promise<Block | null>;
  requestChunk(from: PeerId, hash: Hash): Promise<Chunk | null>;
  requestRange(peer: PeerId, from: bigint, to: bigint): Promise<FetchedRange>;
  /** Headers of final blocks. */
  requestHeaders(peer: PeerId, from: bigint, to: bigint): Promise<readonly BlockHeader[]>;
  /** Pending transactions of a peer's pool, canonical encodings. */
  requestPool(peer: PeerId): Promise<readonly Uint8Array[]>;
}
