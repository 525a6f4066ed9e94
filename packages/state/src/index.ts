export {
  accountKey,
  decodeAccount,
  decodeSlotValue,
  encodeAccount,
  encodeSlotValue,
  slotKey,
} from './account-codec.ts';
export { InvalidProofError, InvalidTrieNodeError, MissingCodeError, MissingNodeError } from './errors.ts';
export { createLayer, genesisLayer, type StateLayer, type StateUpdate } from './layer.ts';
export { createMemoryBackend, type MemoryBackend } from './memory-backend.ts';
export {
  type AccountProof,
  proveAccount,
  type StorageProof,
  verifyAccountProof,
  verifyProof,
  verifyStorageProof,
} from './proof.ts';
export type { Account, StateBackend, StateChanges, StateReader, StateSnapshot } from './reader.ts';
export { EMPTY_STATE, openHistoricState, openState } from './snapshot.ts';
export { orderedTrieRoot } from './trie/ordered-root.ts';
export { type NodeSource, type TrieEntry, updateTrie } from './trie/update.ts';
