import { bytesToHex, encodeUint, hexToBytes, keccak256OfRlp } from '@heddle/primitives';
import { type Hash, hashPlacements } from '@heddle/types';
import { outboxRoot } from './outbox.ts';
import type { MessageRules } from './ports.ts';
import { cursorWrite, inboundCursors, sequence } from './sequences.ts';
import { checkShard, type ShardRulesOptions } from './shard-rules.ts';
import { deliveredWeight, messageWeight } from './weight.ts';

/** The message rules as one shard sees them. */
export function createMessageRules(options: ShardRulesOptions): MessageRules {
  const { shard, shardCount } = options;
  checkShard(shard, shardCount);
  // Most chunks emit nothing.
  const emptyOutboxRoot = outboxRoot([], shardCount);
  return {
    inboundCursors: (state) => inboundCursors(state, shardCount),
    weight: messageWeight,
    deliveredWeight,
    cursorWrite,
    sequence: (state, emitted, sourceHeight) => sequence(state, emitted, shard, shardCount, sourceHeight),
    outboxRoot: (outbox) => (outbox.length === 0 ? emptyOutboxRoot : outboxRoot(outbox, shardCount)),
    placementsRoot: hashPlacements,
    messageId,
  };
}

/** keccak256(rlp([cause, ordinal])): the same on every validator, different for everything that one cause sends. */
export function messageId(cause: Hash, ordinal: number): Hash {
  return bytesToHex(keccak256OfRlp([hexToBytes(cause), encodeUint(ordinal)]));
}
