import type { ChunkContext } from '../chunk/types.ts';
import type { Position } from '../lanes/results.ts';
import type { SnapshotBuffers } from '../lanes/snapshot-build.ts';
import type { PackedTransactions } from './packed-transactions.ts';

/** A chunk's context as plain data. What only system work, deliveries and old blocks' hashes need stays behind. */
export type PlainContext = Omit<ChunkContext, 'ancestor' | 'queue'>;

interface WorkFields {
  /** Tells the answers to different jobs apart. */
  readonly job: number;
  readonly transactions: PackedTransactions;
  /** One 32-bit counter: what is claimed up to now. All workers of the job count it up. */
  readonly claimed: SharedArrayBuffer;
}

/** Recover the senders. */
export interface RecoverWork extends WorkFields {
  readonly kind: 'recover';
}

/** Execute each transaction on its own, at its access-list index. */
export interface DeclaredWork extends WorkFields {
  readonly kind: 'declared';
  readonly context: PlainContext;
  readonly snapshot: SnapshotBuffers;
  readonly firstIndex: number;
}

/** Execute whole lanes. */
export interface LanesWork extends WorkFields {
  readonly kind: 'lanes';
  readonly context: PlainContext;
  readonly snapshot: SnapshotBuffers;
  /** In the order in which they are claimed. */
  readonly lanes: readonly (readonly Position[])[];
}

/** Every worker gets every job; the counter shares it out. */
export type Work = RecoverWork | DeclaredWork | LanesWork;

/** To a worker. It answers the greeting, which comes first, once its modules have been evaluated. */
export type Order = Work | { readonly kind: 'greeting' };

/** From a worker. */
export type Answer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'results';
      readonly job: number;
      /** How many results `records` holds. */
      readonly count: number;
      readonly records: ArrayBuffer;
    }
  /** It ran into an error and has left the job. */
  | { readonly kind: 'failed'; readonly job: number; readonly reason: string };

/** A claim that ends every job: no worker takes anything after it. */
export const NOTHING_LEFT = 0x7fff_0000;
