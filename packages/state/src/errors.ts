import { HeddleError } from '@heddle/primitives';
import type { Hash } from '@heddle/types';

/** A trie node is not stored: the state with this root was never held here, or the store lost data. */
export class MissingNodeError extends HeddleError<{
  readonly hash: Hash;
}> {
  readonly code = 'MISSING_NODE';

  constructor(hash: Hash) {
    super(`trie node ${hash} is not stored; this state was never final here or the database is damaged`, { hash });
  }
}

/** An account names code that is not stored. */
export class MissingCodeError extends HeddleError<{
  readonly codeHash: Hash;
}> {
  readonly code = 'MISSING_CODE';

  constructor(codeHash: Hash) {
    super(`code ${codeHash} is not stored; the database is damaged or the state change came without its code`, {
      codeHash,
    });
  }
}

/** Bytes that should be a trie node (or an account in one) are not. */
export class InvalidTrieNodeError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'INVALID_TRIE_NODE';

  constructor(reason: string) {
    super(`not a trie node: ${reason}`, { reason });
  }
}

/** A Merkle proof does not lead from the root to the key. */
export class InvalidProofError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'INVALID_PROOF';

  constructor(reason: string) {
    super(`invalid proof: ${reason}`, { reason });
  }
}
