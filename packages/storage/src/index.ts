export { directoryMedium } from './directory-medium.ts';
export {
  ChainImageError,
  ChainTooLargeError,
  CorruptRecordError,
  DataDirectoryLockedError,
  DataDirectoryMismatchError,
  DataDirectoryVersionError,
  DiskFullError,
  isDiskFull,
  JournalCorruptError,
  OutOfOrderCommitError,
  SignerMissingError,
  StorageDamagedError,
  StorageError,
  StorageFailureError,
} from './errors.ts';
export type { ChainPart, Damage } from './inspect/damages.ts';
export type { Progress } from './inspect/examined-chain.ts';
export { inspectChain, verifyChain } from './inspect/inspect-chain.ts';
export type { ChainInfo } from './inspect/read-chain-info.ts';
export type { ExaminedCounts, VerifiedChain } from './inspect/verify-chain.ts';
export { openJournal } from './journal.ts';
export { FORMAT_VERSION, HISTORY_BLOCKS, MAX_SNAPSHOTS, MIN_STATE_CACHE_BYTES, STATE_CACHE_BYTES } from './limits.ts';
export type { Disk, DiskFile, KeyValueStore, Medium } from './medium.ts';
export type { DiskStep, Perform } from './memory/life.ts';
export { createMemoryMedium, type MemoryMedium } from './memory/medium.ts';
export { type ChainStoreOptions, openChainStore } from './open-chain-store.ts';
export { openPoolJournal, type PoolJournal } from './pool-journal.ts';
export { type ChainImage, readChainImage } from './rewind/chain-image.ts';
export type { RewindTarget } from './rewind/rewind-chain.ts';
export { type MarkedRewind, readRewindMark, removeRewindMark, writeRewindMark } from './rewind/rewind-mark.ts';
export { NO_REWINDS } from './rewind/rewind-record.ts';
export { hasSignerFile, readSignerHistory, writeSignerHistory } from './signer-file.ts';
export { openSignerStore } from './signer-store.ts';
export type {
  BranchStart,
  ChainSnapshot,
  ChainStore,
  FinalBlockWrite,
  FinalChunk,
  FinalSection,
  GenesisWrite,
  HeldChain,
  MessageRecord,
  NamedValidators,
  RewindRecord,
  ShardUpdate,
  StoredExecution,
  TransactionLocation,
} from './types.ts';
export { openValidatorStorage, type ValidatorStorage, type ValidatorStorageOptions } from './validator-storage.ts';
