export { compareDeliveryOrder, extendQueue } from './delivery.ts';
export {
  decodeDirectoryWord,
  encodeDirectoryWord,
  type GenesisContract,
  genesisDirectoryWrites,
} from './directory.ts';
export { InvalidShardError } from './errors.ts';
export { home, homeKey, lowestKey, shardOfKey } from './home.ts';
export { messageId, messagesTo, outboxListRoot, outboxLists, outboxRoot, rootOfOutboxLists } from './outbox.ts';
export { CODE_REPLICAS, HISTORY_CONTRACTS, WHOLE_REPLICAS } from './replicated.ts';
export { listingWrites, type PlaceOf, rememberPlaces, residenceAmong, type ShardWrite } from './residence.ts';
export { cursorWrite } from './sequences.ts';
export { createShardRules, type ShardRules, type ShardRulesOptions } from './shard-rules.ts';
export {
  DIRECTORY_ENTRIES_SLOT,
  DIRECTORY_SHARDS_SLOT,
  directorySlot,
  MESSENGER_CURSORS_SLOT,
  MESSENGER_SEQUENCES_SLOT,
  type StorageWrite,
} from './slots.ts';
export { callWeight, deliveredWeight, messageWeight } from './weight.ts';
