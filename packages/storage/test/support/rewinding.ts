import { createSeededRandom, type Random } from '@heddle/runtime';
import type { ChainSnapshot, ChainStore, Medium, RewindRecord } from '@heddle/storage';
import { ALL_BUT_UNFINISHED, FINAL_TABLES, isIn } from '../../src/keys.ts';
import { MIN_STATE_CACHE_BYTES } from '../../src/limits.ts';
import { divideCacheBytes } from '../../src/state-caches.ts';

/** Every entry of the final tables as it lies in the store, checksums included. Nobody has the chain open. */
export async function finalEntries(medium: Medium): Promise<readonly string[]> {
  const all = await allEntries(medium);
  return all.filter(([key]) => isIn(FINAL_TABLES, key)).map(textOf);
}

export async function allEntries(medium: Medium): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
  const store = await medium.openKeyValue('chain', divideCacheBytes(MIN_STATE_CACHE_BYTES).database);
  try {
    return await store.entries(ALL_BUT_UNFINISHED);
  } finally {
    await store.close();
  }
}

function textOf([key, value]: readonly [Uint8Array, Uint8Array]): string {
  return `${Buffer.from(key).toString('hex')} ${Buffer.from(value).toString('hex')}`;
}

/** Takes a snapshot of the head. */
export async function takeSnapshot(store: ChainStore): Promise<ChainSnapshot> {
  const held = await store.holdCommits();
  try {
    const { block, hash } = store.head();
    const { revision, lastSnapshot, snapshots, branches } = store.rewindRecord();
    const snapshot = { id: lastSnapshot + 1n, height: block.header.number, hash, finalization: null };
    await held.setRewindRecord({
      revision: revision + 1n,
      lastSnapshot: snapshot.id,
      snapshots: [...snapshots, snapshot],
      branches,
    });
    return snapshot;
  } finally {
    held.release();
  }
}

/** What a revert leaves of a record. */
export function reverted(record: RewindRecord, { id, height }: ChainSnapshot, epoch: bigint): RewindRecord {
  return {
    revision: record.revision + 1n,
    lastSnapshot: record.lastSnapshot,
    snapshots: record.snapshots.filter((each) => each.id < id),
    branches: [...record.branches.filter((branch) => branch.height < height), { height, epoch }],
  };
}

/** As a seeded one for so many draws; from then on as one of another seed. */
export function forkedRandom(seed: number): Random & { fork(seed: number): void } {
  let random = createSeededRandom(seed);
  return {
    next: () => random.next(),
    bytes: (length) => random.bytes(length),
    fork: (other) => {
      random = createSeededRandom(other);
    },
  };
}
