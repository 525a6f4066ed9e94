import type { ConsensusMessage, Endorsement, EvidenceReport } from '@heddle/consensus';
import type { Block, Chunk, Hash, RecoveredTransaction, ValidatorIndex } from '@heddle/types';

/** A final block with the chunks that are new in it, as a peer sends it for catch-up. */
export interface FetchedBlock {
  readonly block: Block;
  readonly chunks: readonly Chunk[];
}

export interface FetchedRange {
  readonly blocks: readonly FetchedBlock[];
}

/** The other validators, by their index. Bytes and formats stay behind this. */
export interface PeerLink {
  /** Indices of the validators that are connected now, ascending, without this one. */
  connected(): readonly ValidatorIndex[];
  broadcast(message: ConsensusMessage): void;
  send(to: ValidatorIndex, message: ConsensusMessage): void;
  broadcastChunk(chunk: Chunk): void;
  sendEndorsement(to: ValidatorIndex, endorsement: Endorsement): void;
  sendEvidence(to: ValidatorIndex, report: EvidenceReport): void;
  gossipTransactions(transactions: readonly RecoveredTransaction[]): void;
  requestBlock(from: ValidatorIndex, hash: Hash): Promise<Block | null>;
  requestChunk(from: ValidatorIndex, hash: Hash): Promise<Chunk | null>;
  requestRange(peer: ValidatorIndex, from: bigint, to: bigint): Promise<FetchedRange>;
  /** Pending transactions of a peer's pool, canonical encodings. */
  requestPool(peer: ValidatorIndex): Promise<readonly Uint8Array[]>;
}
