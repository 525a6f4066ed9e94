export { compareDeliveryOrder, extendQueue } from './delivery.ts';
export {
  decodeDirectoryWord,
  directoryWrite,
  encodeDirectoryWord,
  genesisDirectoryWrites,
  listedShard,
} from './directory.ts';
export { InvalidShardError } from './errors.ts';
export { home, homeKey, lowestKey, shardOfKey } from './home.ts';
export { messageId, messagesTo, outboxListRoot, outboxLists, outboxRoot, rootOfOutboxLists } from './outbox.ts';
export { REPLICATED_ADDRESSES } from './replicated.ts';
export { cursorWrite } from './sequences.ts';
export {
  createShardRules,
  type Residence,
  remoteContractError,
  type ShardRules,
  type ShardRulesOptions,
} from './shard-rules.ts';
export {
  cursorSlot,
  DIRECTORY_ENTRIES_SLOT,
  DIRECTORY_SHARDS_SLOT,
  directorySlot,
  MESSENGER_CURSORS_SLOT,
  MESSENGER_SEQUENCES_SLOT,
  type StorageWrite,
  sequenceSlot,
} from './slots.ts';
export { callWeight, deliveredWeight, messageWeight } from './weight.ts';
