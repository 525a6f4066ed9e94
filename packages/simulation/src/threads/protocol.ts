import type { MessagePort } from 'node:worker_threads';
import type { Address, Hash, ShardId } from '@heddle/types';
import type { Job } from '../engine/job.ts';
import type { Facts } from '../known/known-state.ts';

/* What the main thread and a worker say to one another: plain data. */

/** A worker is born with these. */
export interface WorkerInheritance {
  /** One flag a job that was given to it: `Claim`. */
  readonly claims: SharedArrayBuffer;
  /** 4 bytes: 1 when what it asked for has been answered. */
  readonly answered: SharedArrayBuffer;
  /** Where answers come. */
  readonly answers: MessagePort;
}

/** Who has a job: it is set from `waiting` by whoever is first, worker or main thread. */
export const CLAIM = { free: 0, waiting: 1, running: 2, withdrawn: 3 } as const;

export type Order =
  | { readonly kind: 'greeting' }
  | {
      readonly kind: 'job';
      readonly id: number;
      /** Of its flag. */
      readonly slot: number;
      readonly job: Job;
      /** What it will probably read. */
      readonly facts: Facts;
    };

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly id: number; readonly read: Read }
  /** Whoever asked for the job knows what its result is. */
  | { readonly kind: 'done'; readonly id: number; readonly result: never }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: JobFailure }
  /** It had been withdrawn: its flag is free again. */
  | { readonly kind: 'skipped'; readonly id: number };

export type JobFailure =
  /** A read did; the main thread knows why. */
  | { readonly kind: 'read' }
  | { readonly kind: 'tooLarge'; readonly limitBytes: number }
  /** A bug. */
  | { readonly kind: 'error'; readonly reason: string };

/** One shard's state. */
export interface ShardRoot {
  readonly shard: ShardId;
  readonly root: Hash;
}

export type Read =
  /** `others`: the roots at which the account may be asked for next, where it is not here. */
  | {
      readonly kind: 'account';
      readonly at: ShardRoot;
      readonly address: Address;
      readonly others: readonly ShardRoot[];
    }
  | { readonly kind: 'slot'; readonly at: ShardRoot; readonly address: Address; readonly slot: bigint }
  | { readonly kind: 'code'; readonly at: ShardRoot; readonly codeHash: Hash }
  | { readonly kind: 'blockHash'; readonly number: bigint };

export type ReadAnswer =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'word'; readonly value: bigint }
  | { readonly kind: 'code'; readonly code: Uint8Array }
  | { readonly kind: 'blockHash'; readonly hash: Hash | null }
  | { readonly kind: 'failed' };
