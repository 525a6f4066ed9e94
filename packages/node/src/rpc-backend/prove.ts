import { ImpossibleStateError } from '@heddle/primitives';
import type { AccountProof } from '@heddle/rpc';
import { proveAccount, type StateSnapshot } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, stateRootsOf } from '@heddle/types';
import { PROOF_SLICE_SLOTS } from '../limits.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { StateAt } from './state-at.ts';

/**
 * Proofs of an account and of slots of it, after a final block. Some slots at a time, since each walks down a trie from
 * the disk and consensus waits for the same thread; nodes are found by their hashes, so that what becomes final meanwhile
 * changes nothing.
 */
export async function prove(
  { chain }: ValidatorNode,
  address: Address,
  slots: readonly bigint[],
  number: bigint,
): Promise<AccountProof> {
  const block = chain.store.blockByNumber(number);
  if (block === null) throw new ImpossibleStateError(`there is no final block ${number}`);
  const state = new StateAt(chain, number);
  const shard = state.residence(address);
  const stateRoots = stateRootsOf(block);
  const snapshot = state.shard(shard);
  const { account, accountProof } = proveAccount(snapshot, address, []);
  return {
    address,
    nonce: account?.nonce ?? 0n,
    balance: account?.balance ?? 0n,
    codeHash: account?.codeHash ?? EMPTY_CODE_HASH,
    storageRoot: account?.storageRoot ?? EMPTY_TRIE_ROOT,
    shard,
    stateRoots,
    accountProof,
    storageProofs: await proveSlots(snapshot, address, slots),
  };
}

async function proveSlots(
  snapshot: StateSnapshot,
  address: Address,
  slots: readonly bigint[],
): Promise<AccountProof['storageProofs']> {
  const proofs: AccountProof['storageProofs'][number][] = [];
  for (let at = 0; at < slots.length; at += PROOF_SLICE_SLOTS) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    proofs.push(...proveAccount(snapshot, address, slots.slice(at, at + PROOF_SLICE_SLOTS)).storageProofs);
  }
  return proofs;
}
