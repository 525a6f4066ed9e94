export {
  CorruptRecordError,
  DataDirectoryLockedError,
  DataDirectoryMismatchError,
  DataDirectoryVersionError,
  JournalCorruptError,
  OutOfOrderCommitError,
  StorageFailureError,
} from './errors.ts';
export { createMemoryJournal, openJournal } from './journal.ts';
export { type ChainStoreOptions, openChainStore } from './open-chain-store.ts';
export { createMemorySignerStore, openSignerStore } from './signer-store.ts';
export type {
  ChainStore,
  FinalBlockWrite,
  FinalChunk,
  GenesisWrite,
  MessageRecord,
  StoredExecution,
  TransactionLocation,
} from './types.ts';
export { openValidatorStorage, type ValidatorStorage, type ValidatorStorageOptions } from './validator-storage.ts';
