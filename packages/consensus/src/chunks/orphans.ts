import type { ChunkAnnouncement, Endorsement, Hash, ValidatorIndex } from '@heddle/types';
import { ORPHAN_KEEP_HEIGHTS, ORPHANS_BASE, ORPHANS_PER_SHARD } from './limits.ts';

/** A chunk or endorsement for a parent that this node has not reached. */
export type Orphan =
  | { readonly kind: 'chunk'; readonly announcement: ChunkAnnouncement }
  | { readonly kind: 'endorsement'; readonly endorsement: Endorsement };

interface HeldOrphan {
  readonly parentHash: Hash;
  readonly message: Orphan;
  /** Finalized height when it arrived. */
  readonly heldSince: bigint;
}

/**
 * Per sender and oldest first. A sender that sends
 * too much loses its own oldest and nobody else's.
 */
export type Orphans = ReadonlyMap<ValidatorIndex, readonly HeldOrphan[]>;

/** Most messages held for one sender. */
export function orphansPerSender(shardCount: number): number {
  return ORPHANS_BASE + ORPHANS_PER_SHARD * shardCount;
}

/** Adds a message; the same one twice is held once. */
export function holdOrphan(
  orphans: Orphans,
  parentHash: Hash,
  message: Orphan,
  finalizedHeight: bigint,
  shardCount: number,
): Orphans {
  const sender = senderOf(message);
  const held = orphans.get(sender) ?? [];
  if (held.some((entry) => entry.parentHash === parentHash && isSame(entry.message, message))) return orphans;
  const entries = [...held, { parentHash, message, heldSince: finalizedHeight }];
  return new Map(orphans).set(sender, entries.slice(-orphansPerSender(shardCount)));
}

/** Takes out everything for one parent: by sender in index order, each in the order of arrival. */
export function takeOrphans(
  orphans: Orphans,
  parentHash: Hash,
): { readonly messages: readonly Orphan[]; readonly rest: Orphans } {
  const senders = [...orphans.keys()].sort((a, b) => a - b);
  const messages = senders.flatMap((sender) =>
    (orphans.get(sender) ?? []).filter((entry) => entry.parentHash === parentHash).map((entry) => entry.message),
  );
  return { messages, rest: keepEntries(orphans, (entry) => entry.parentHash !== parentHash) };
}

/** Drops what can't matter any more once `finalizedHeight` is final. */
export function pruneOrphans(orphans: Orphans, finalizedHeight: bigint): Orphans {
  return keepEntries(orphans, ({ message, heldSince }) => {
    if (message.kind === 'chunk' && message.announcement.header.height <= finalizedHeight) return false;
    return finalizedHeight - heldSince < ORPHAN_KEEP_HEIGHTS;
  });
}

function keepEntries(orphans: Orphans, keep: (entry: HeldOrphan) => boolean): Orphans {
  const kept = new Map<ValidatorIndex, readonly HeldOrphan[]>();
  for (const [sender, entries] of orphans) {
    const rest = entries.filter(keep);
    if (rest.length > 0) kept.set(sender, rest);
  }
  return kept;
}

/** Both come first-hand. */
function senderOf(message: Orphan): ValidatorIndex {
  return message.kind === 'chunk' ? message.announcement.header.producer : message.endorsement.signer;
}

function isSame(a: Orphan, b: Orphan): boolean {
  if (a.kind === 'chunk' && b.kind === 'chunk') return a.announcement.chunkHash === b.announcement.chunkHash;
  if (a.kind === 'endorsement' && b.kind === 'endorsement') {
    return a.endorsement.shard === b.endorsement.shard && a.endorsement.chunkHash === b.endorsement.chunkHash;
  }
  return false;
}
