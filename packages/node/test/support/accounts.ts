import { home } from '@heddle/sharding';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';
import type { TestNetwork } from './network.ts';

/** An account as the first validator's head has it, at its home. */
export interface SeenAccount {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
  slot(slot: bigint): bigint;
}

export function accountAt(network: TestNetwork, address: Address): SeenAccount {
  const { chain } = network.node(0);
  const { state } = chain.shardTip(chain.tree.root, home(address, network.genesis.shardCount));
  const account = state.account(address);
  const codeHash = account?.codeHash ?? EMPTY_CODE_HASH;
  return {
    balance: account?.balance ?? 0n,
    nonce: account?.nonce ?? 0n,
    code: codeHash === EMPTY_CODE_HASH ? new Uint8Array() : state.code(codeHash),
    slot: (slot) => state.storage(address, slot),
  };
}
