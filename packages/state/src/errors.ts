import type { Hash } from '@heddle/types';

/** A trie node is not stored: the state with this root was never held here, or the store lost data. */
export class MissingNodeError extends Error {
  readonly code = 'MISSING_NODE';
  readonly hash: Hash;

  constructor(hash: Hash) {
    super(`trie node ${hash} is not stored; this state was never final here or the database is damaged`);
    this.name = 'MissingNodeError';
    this.hash = hash;
  }
}

/** An account names code that is not stored. */
export class MissingCodeError extends Error {
  readonly code = 'MISSING_CODE';
  readonly codeHash: Hash;

  constructor(codeHash: Hash) {
    super(`code ${codeHash} is not stored; the database is damaged or the state change came without its code`);
    this.name = 'MissingCodeError';
    this.codeHash = codeHash;
  }
}

/** Bytes that should be a trie node (or an account in one) are not. */
export class InvalidTrieNodeError extends Error {
  readonly code = 'INVALID_TRIE_NODE';
  readonly reason: string;

  constructor(reason: string) {
    super(`not a trie node: ${reason}`);
    this.name = 'InvalidTrieNodeError';
    this.reason = reason;
  }
}

/** A Merkle proof does not lead from the root to the key. */
export class InvalidProofError extends Error {
  readonly code = 'INVALID_PROOF';
  readonly reason: string;

  constructor(reason: string) {
    super(`invalid proof: ${reason}`);
    this.name = 'InvalidProofError';
    this.reason = reason;
  }
}
