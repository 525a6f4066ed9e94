import { bigintToBytes, bytesToHex, concatBytes, keccak256 } from '@heddle/primitives';
import type { Hash, Message, ShardId } from '@heddle/types';
import { encodeMessage } from '@heddle/types';
import { merkleRoot, merkleRootOfHashes } from './merkle.ts';

/** The messages of an outbox by destination: `lists[d]` goes to shard d, in order of sequence. */
export function outboxLists(outbox: readonly Message[], shardCount: number): readonly (readonly Message[])[] {
  const lists: Message[][] = Array.from({ length: shardCount }, () => []);
  for (const message of outbox) lists[message.destination]?.push(message);
  return lists;
}

/** Root of one destination's list: keccak256(length, 8 bytes ‖ Merkle root over the messages' encodings). */
export function outboxListRoot(messages: readonly Message[]): Hash {
  const length = bigintToBytes(BigInt(messages.length), 8);
  return bytesToHex(keccak256(concatBytes(length, merkleRoot(messages.map(encodeMessage)))));
}

/** Merkle root over the list roots of all shards, in shard order: a shard proves its list by log2(S) hashes. */
export function rootOfOutboxLists(listRoots: readonly Hash[]): Hash {
  return merkleRootOfHashes(listRoots);
}

/** What a chunk header commits of the messages it emits. */
export function outboxRoot(outbox: readonly Message[], shardCount: number): Hash {
  return rootOfOutboxLists(outboxLists(outbox, shardCount).map(outboxListRoot));
}

/** The messages of an outbox to one shard. */
export function messagesTo(outbox: readonly Message[], destination: ShardId): readonly Message[] {
  return outbox.filter((message) => message.destination === destination);
}
