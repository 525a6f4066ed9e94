export { directoryMedium } from './directory-medium.ts';
export {
  CorruptRecordError,
  DataDirectoryLockedError,
  DataDirectoryMismatchError,
  DataDirectoryVersionError,
  JournalCorruptError,
  OutOfOrderCommitError,
  SignerMissingError,
  StorageDamagedError,
  StorageError,
  StorageFailureError,
} from './errors.ts';
export { openJournal } from './journal.ts';
export { FORMAT_VERSION, HISTORY_BLOCKS, MIN_STATE_CACHE_BYTES, STATE_CACHE_BYTES } from './limits.ts';
export type { Disk, DiskFile, KeyValueStore, Medium } from './medium.ts';
export type { DiskStep, Perform } from './memory/life.ts';
export { createMemoryMedium, type MemoryMedium } from './memory/medium.ts';
export { type ChainStoreOptions, openChainStore } from './open-chain-store.ts';
export { openPoolJournal, type PoolJournal } from './pool-journal.ts';
export { hasSignerFile, readSignerHistory, writeSignerHistory } from './signer-file.ts';
export { openSignerStore } from './signer-store.ts';
export type {
  ChainStore,
  FinalBlockWrite,
  FinalChunk,
  FinalSection,
  GenesisWrite,
  MessageRecord,
  NamedValidators,
  ShardUpdate,
  StoredExecution,
  TransactionLocation,
} from './types.ts';
export { openValidatorStorage, type ValidatorStorage, type ValidatorStorageOptions } from './validator-storage.ts';
