import type { RecoveredTransaction, UnsequencedMessage } from '@heddle/types';
import type { ExecutedTransaction } from '../chunk/types.ts';

/** What one access-list index adds to its chunk, beside its state. */
export interface IndexEffects {
  /** Null when nothing was executed here (a dispatched transaction). Its cumulative gas counts from this index only. */
  readonly executed: ExecutedTransaction | null;
  /** The transaction that left for another shard, if it did. */
  readonly dispatched: RecoveredTransaction | null;
  /** In order of emission. */
  readonly emitted: readonly UnsequencedMessage[];
  /** As in `ChunkRun`, of this index alone. */
  readonly gasTaken: bigint;
  readonly burned: bigint;
  readonly tips: bigint;
}
