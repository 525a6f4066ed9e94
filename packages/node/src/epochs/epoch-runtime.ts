import type { ConsensusMessage } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Chunk, Endorsement, Status } from '@heddle/types';

/** What a node runs for the time of one epoch: as a member of its validator set or as an observer. */
export interface EpochRuntime {
  /** Takes up the epoch. Messages that came before wait. */
  start(): void;
  /** Nothing is sent, signed or reported after this returns; resolves when nothing is being written any more. */
  stop(): Promise<void>;
  /** Where this node stands, for others. */
  status(): Status;
  /** Views that are remembered. */
  readonly views: number;
  /** Bytes of messages that wait to be heard. */
  readonly heldBytes: number;
  /** A message about this epoch; `bytes` on the wire. */
  receive(from: PeerId, message: ConsensusMessage, bytes: number): void;
  /** A chunk of this epoch that came unasked; nothing of it is checked yet. */
  receiveChunk(from: PeerId, chunk: Chunk, bytes: number): void;
  receiveEndorsement(from: PeerId, endorsement: Endorsement): void;
  /** A peer sent what it can't have believed: from now on it is blocked, until the next epoch. */
  blame(peer: PeerId, reason: string): void;
  /** A block is final and committed. */
  finalized(height: bigint): void;
  /** The owner of a devnet has given this validator control operations. */
  controlSubmitted(): void;
  /** Whether there is anything to make a block for. */
  work(pending: boolean): void;
}
