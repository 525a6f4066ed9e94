import { createAddress } from '@heddle/execution';
import { keccak256Hex } from '@heddle/primitives';
import type { ContractCreation } from '@heddle/rpc';
import type { ChainStore } from '@heddle/storage';
import { type AccountAccess, type Address, type Block, decodeTransaction, recoverTransaction } from '@heddle/types';
import { accessParts } from './block-access.ts';

/** Contracts that one contract creates in one transaction whose addresses are tried. Far more than gas allows for most. */
const TRIED_NONCES = 256n;

/** How the block's access lists say that the contract was created; null where no transaction of its body did so. */
export function creationIn(store: ChainStore, block: Block, address: Address): ContractCreation | null {
  for (const part of accessParts(store, block) ?? []) {
    const accounts = part.lists.flatMap(({ list }) => list);
    const index = accounts.find((account) => account.address === address)?.codeChanges[0]?.index;
    const raw = index === undefined ? undefined : part.transactions[index - part.firstTransaction];
    if (index === undefined || raw === undefined) continue;
    return { hash: keccak256Hex(raw), creator: creatorAt(accounts, index, raw, address) };
  }
  return null;
}

/** CREATE and CREATE2 both raise the creator's nonce: at the transaction's index its new one stands in the list. */
function creatorAt(
  accounts: readonly AccountAccess[],
  index: number,
  raw: Uint8Array,
  address: Address,
): Address | null {
  const transaction = recoverTransaction(decodeTransaction(raw));
  if (transaction === null) return null;
  const { sender, fields } = transaction;
  if (fields.to === null && createAddress(sender, fields.nonce) === address) return sender;
  const candidates = accounts.filter((account) => account.address !== sender && account.address !== address);
  const raised = candidates.flatMap((account) => {
    const change = account.nonceChanges.find((entry) => entry.index === index);
    return change === undefined ? [] : [{ creator: account.address, nonce: change.nonce }];
  });
  const byNonce = raised.find(({ creator, nonce }) => hasCreated(creator, nonce, address));
  if (byNonce !== undefined) return byNonce.creator;
  // CREATE2, whose salt nobody knows here. What was created itself has its first nonce from that.
  const old = raised.filter(({ nonce }) => nonce > 1n);
  const possible = old.length > 0 ? old : raised;
  return possible.length === 1 ? (possible[0]?.creator ?? null) : null;
}

function hasCreated(creator: Address, nonceAfter: bigint, address: Address): boolean {
  const lowest = nonceAfter > TRIED_NONCES ? nonceAfter - TRIED_NONCES : 0n;
  for (let nonce = nonceAfter - 1n; nonce >= lowest; nonce--) {
    if (createAddress(creator, nonce) === address) return true;
  }
  return false;
}
