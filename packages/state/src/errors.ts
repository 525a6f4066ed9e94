import { HeddleError } from '@heddle/primitives';
import type { Hash } from '@heddle/types';

/** A trie node is not stored: the state with this root was never held here, or no longer is, or the store lost data. */
export class MissingNodeError extends HeddleError<{
  readonly hash: Hash;
}> {
  readonly code = 'MISSING_NODE';

  constructor(hash: Hash) {
    super(
      `trie node ${hash} is not stored; this state was never final here, or is too old to be kept, or the database is damaged`,
      { hash },
    );
  }
}

/** Which final states a store has. */
export interface StateHistory {
  /** The lowest block whose state is there, and that of all blocks above it. */
  readonly oldest: bigint;
  /** The final head. */
  readonly newest: bigint;
  /** As many of the newest blocks keep theirs; null = all do from `oldest` on, for ever. */
  readonly keptBlocks: number | null;
}

/** The state after a block is not kept any more. */
export class StateUnavailableError extends HeddleError<{
  /** Null where only a root was asked for. */
  readonly block: bigint | null;
  readonly oldest: bigint;
  readonly newest: bigint;
}> {
  readonly code = 'STATE_UNAVAILABLE';

  constructor(block: bigint | null, { oldest, newest, keptBlocks }: StateHistory) {
    const asked = block === null ? 'that state' : `state of block ${block}`;
    const kept =
      keptBlocks === null
        ? '; --archive keeps what was there when it was first given, and all since'
        : ` (the newest ${keptBlocks}); start with --archive to keep all`;
    super(`${asked} is not there: this node keeps the state of blocks ${oldest} to ${newest}${kept}`, {
      block,
      oldest,
      newest,
    });
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
