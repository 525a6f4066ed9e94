import type { ChunkAnnouncement, Endorsement, Hash, ValidatorIndex } from '@heddle/types';
import { EARLY_KEEP_HEIGHTS, EARLY_MESSAGES_BASE, EARLY_MESSAGES_PER_SHARD } from './limits.ts';

export type EarlyMessage =
  | { readonly kind: 'chunk'; readonly announcement: ChunkAnnouncement }
  | { readonly kind: 'endorsement'; readonly endorsement: Endorsement };

interface EarlyEntry {
  readonly parentHash: Hash;
  readonly message: EarlyMessage;
  /** Finalized height when it arrived. */
  readonly heldSince: bigint;
}

/**
 * Chunks and endorsements for parents that this node has not reached, per sender and oldest first. A sender that sends
 * too much loses its own oldest and nobody else's.
 */
export type EarlyBuffer = ReadonlyMap<ValidatorIndex, readonly EarlyEntry[]>;

/** Most messages held for one sender. */
export function earlyMessagesPerSender(shardCount: number): number {
  return EARLY_MESSAGES_BASE + EARLY_MESSAGES_PER_SHARD * shardCount;
}

/** Adds a message; the same one twice is held once. */
export function holdEarly(
  buffer: EarlyBuffer,
  parentHash: Hash,
  message: EarlyMessage,
  finalizedHeight: bigint,
  shardCount: number,
): EarlyBuffer {
  const sender = senderOf(message);
  const held = buffer.get(sender) ?? [];
  if (held.some((entry) => entry.parentHash === parentHash && isSame(entry.message, message))) return buffer;
  const entries = [...held, { parentHash, message, heldSince: finalizedHeight }];
  return new Map(buffer).set(sender, entries.slice(-earlyMessagesPerSender(shardCount)));
}

/** Takes out everything for one parent: by sender in index order, each in the order of arrival. */
export function takeEarly(
  buffer: EarlyBuffer,
  parentHash: Hash,
): { readonly messages: readonly EarlyMessage[]; readonly rest: EarlyBuffer } {
  const senders = [...buffer.keys()].sort((a, b) => a - b);
  const messages = senders.flatMap((sender) =>
    (buffer.get(sender) ?? []).filter((entry) => entry.parentHash === parentHash).map((entry) => entry.message),
  );
  return { messages, rest: keepEntries(buffer, (entry) => entry.parentHash !== parentHash) };
}

/** Drops what can't matter any more once `finalizedHeight` is final. */
export function pruneEarly(buffer: EarlyBuffer, finalizedHeight: bigint): EarlyBuffer {
  return keepEntries(buffer, ({ message, heldSince }) => {
    if (message.kind === 'chunk' && message.announcement.header.height <= finalizedHeight) return false;
    return finalizedHeight - heldSince < EARLY_KEEP_HEIGHTS;
  });
}

function keepEntries(buffer: EarlyBuffer, keep: (entry: EarlyEntry) => boolean): EarlyBuffer {
  const kept = new Map<ValidatorIndex, readonly EarlyEntry[]>();
  for (const [sender, entries] of buffer) {
    const rest = entries.filter(keep);
    if (rest.length > 0) kept.set(sender, rest);
  }
  return kept;
}

/** Both come first-hand. */
function senderOf(message: EarlyMessage): ValidatorIndex {
  return message.kind === 'chunk' ? message.announcement.header.producer : message.endorsement.signer;
}

function isSame(a: EarlyMessage, b: EarlyMessage): boolean {
  if (a.kind === 'chunk' && b.kind === 'chunk') return a.announcement.chunkHash === b.announcement.chunkHash;
  if (a.kind === 'endorsement' && b.kind === 'endorsement') {
    return a.endorsement.shard === b.endorsement.shard && a.endorsement.chunkHash === b.endorsement.chunkHash;
  }
  return false;
}
