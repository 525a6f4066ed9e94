import type { ChunkAnnouncement, ConsensusMessage, Endorsement } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Status } from '@heddle/types';

/** What a node runs for the time of one epoch: as a member of its committee or as an observer. */
export interface EpochRuntime {
  /** Takes up the epoch. Messages that came before wait. */
  start(): void;
  /** Nothing is sent, signed or reported after this returns; resolves when nothing is being written any more. */
  stop(): Promise<void>;
  /** Where this node stands, for others. */
  status(): Status;
  /** Views that are remembered. */
  readonly views: number;
  /** A message about this epoch. */
  receive(from: PeerId, message: ConsensusMessage): void;
  receiveChunk(from: PeerId, announcement: ChunkAnnouncement): void;
  receiveEndorsement(from: PeerId, endorsement: Endorsement): void;
  /** A peer sent what it can't have believed. */
  blame(peer: PeerId, reason: string): void;
  /** A block is final and committed. */
  finalized(height: bigint): void;
  /** Whether there is anything to make a block for. */
  work(pending: boolean): void;
}
