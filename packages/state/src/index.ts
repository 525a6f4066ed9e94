export {
  accountKey,
  decodeAccount,
  encodeAccount,
  encodeSlotValue,
  slotKey,
} from './account-codec.ts';
export {
  InvalidProofError,
  InvalidTrieNodeError,
  MissingCodeError,
  MissingNodeError,
  type StateHistory,
  StateUnavailableError,
} from './errors.ts';
export { createLayer, createLayerInSteps, genesisLayer, type StateLayer, type StateUpdate } from './layer.ts';
export { createMemoryBackend, type MemoryBackend } from './memory-backend.ts';
export {
  type AccountProof,
  proveAccount,
  type StorageProof,
  verifyAccountProof,
  verifyProof,
  verifyStorageProof,
} from './proof.ts';
export type { Account, StateBackend, StateChanges, StateReader, StateSnapshot, TrieOwner } from './reader.ts';
export { EMPTY_STATE, openHistoricState, openState } from './snapshot.ts';
export { Arena } from './trie/arena.ts';
export { type TrieWalk, walkTrie } from './trie/leaves.ts';
export { hashedChildren } from './trie/node.ts';
export type { TrieDelta, TrieDeltas } from './trie/node-journal.ts';
export { type HashedNode, type NodeSet, NodeTable } from './trie/node-table.ts';
export { orderedTrieRoot } from './trie/ordered-root.ts';
export type { TrieEntry } from './trie/sort.ts';
export { type NodeSource, updateTrie } from './trie/update.ts';
