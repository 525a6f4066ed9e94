import {
  bigintToBytes,
  bytesToHex,
  concatBytes,
  encodeUint,
  hexToBytes,
  keccak256,
  keccak256OfRlp,
  merkleRoot,
  merkleRootOfHashes,
} from '@heddle/primitives';
import { encodeMessage, type Hash, MAX_SHARDS, type Message, type ShardId } from '@heddle/types';

/** keccak256(rlp([cause, ordinal])): the same on every validator, different for everything that one cause sends. */
export function messageId(cause: Hash, ordinal: number): Hash {
  return bytesToHex(keccak256OfRlp([hexToBytes(cause), encodeUint(ordinal)]));
}

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
  if (outbox.length === 0) return emptyOutboxRoot(shardCount);
  return rootOfLists(outbox, shardCount);
}

/** The messages of an outbox to one shard. */
export function messagesTo(outbox: readonly Message[], destination: ShardId): readonly Message[] {
  return outbox.filter((message) => message.destination === destination);
}

function rootOfLists(outbox: readonly Message[], shardCount: number): Hash {
  return rootOfOutboxLists(outboxLists(outbox, shardCount).map(outboxListRoot));
}

/** By shard count: most chunks emit nothing. */
const emptyRoots: Map<number, Hash> = new Map();

function emptyOutboxRoot(shardCount: number): Hash {
  const known = emptyRoots.get(shardCount);
  if (known !== undefined) return known;
  const root = rootOfLists([], shardCount);
  if (emptyRoots.size < MAX_SHARDS) emptyRoots.set(shardCount, root);
  return root;
}
