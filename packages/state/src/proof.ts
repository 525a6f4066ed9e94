import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import { type Address, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { accountKey, decodeAccount, decodeSlotValue, slotKey } from './account-codec.ts';
import { InvalidProofError } from './errors.ts';
import type { Account, StateSnapshot } from './reader.ts';
import { trieOf } from './snapshot.ts';
import { readTrie, walkTrie } from './trie/read.ts';

/** A slot with the nodes from the storage root to it, or to where it would be. */
export interface StorageProof {
  readonly slot: bigint;
  readonly value: bigint;
  readonly proof: readonly Uint8Array[];
}

/** What eth_getProof (EIP-1186) answers, in types. Proofs of an empty trie are empty lists. */
export interface AccountProof {
  readonly address: Address;
  readonly account: Account | null;
  readonly accountProof: readonly Uint8Array[];
  readonly storageProofs: readonly StorageProof[];
}

/** Proofs of an account and of slots of it, nodes in order from the root. Throws `MissingNodeError`. */
export function proveAccount(snapshot: StateSnapshot, address: Address, slots: readonly bigint[]): AccountProof {
  const accountProof: Uint8Array[] = [];
  const value = walkTrie(trieOf(snapshot, null), snapshot.root, accountKey(address), (rlp) => accountProof.push(rlp));
  const account = value === null ? null : decodeAccount(value);
  const storageRoot = account?.storageRoot ?? EMPTY_TRIE_ROOT;
  const storageProofs = slots.map((slot) => {
    const proof: Uint8Array[] = [];
    const found = walkTrie(trieOf(snapshot, address), storageRoot, slotKey(slot), (rlp) => proof.push(rlp));
    return { slot, value: found === null ? 0n : decodeSlotValue(found), proof };
  });
  return { address, account, accountProof, storageProofs };
}

/**
 * The value at `key` (already hashed, for a secure trie) that `proof` shows in the trie `root`; `null` when it shows
 * that there is none. Throws `InvalidProofError` when the proof is incomplete, has surplus nodes or is no proof.
 */
export function verifyProof(root: Hash, key: Uint8Array, proof: readonly Uint8Array[]): Uint8Array | null {
  const unused = new Map<Hash, Uint8Array>();
  for (const rlp of proof) unused.set(keccak256Hex(rlp), rlp);
  const surplus = unused.size < proof.length;
  const source = {
    node(hash: Uint8Array): Uint8Array {
      const name = bytesToHex(hash);
      const rlp = unused.get(name);
      if (rlp === undefined) throw new InvalidProofError(`node ${name} is missing`);
      unused.delete(name);
      return rlp;
    },
  };
  const value = readTrie(source, root, key);
  if (surplus || unused.size > 0) throw new InvalidProofError('it has nodes that are not on the way to the key');
  return value;
}

/** The account that `proof` shows under the state root `root`. Throws as `verifyProof`. */
export function verifyAccountProof(root: Hash, address: Address, proof: readonly Uint8Array[]): Account | null {
  const value = verifyProof(root, accountKey(address), proof);
  return value === null ? null : decodeAccount(value);
}

/** The slot's value that `proof` shows under an account's storage root. Throws as `verifyProof`. */
export function verifyStorageProof(storageRoot: Hash, slot: bigint, proof: readonly Uint8Array[]): bigint {
  const value = verifyProof(storageRoot, slotKey(slot), proof);
  return value === null ? 0n : decodeSlotValue(value);
}
