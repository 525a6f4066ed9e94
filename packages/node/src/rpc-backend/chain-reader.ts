import { REPLICATED_ADDRESSES } from '@heddle/cross-shard';
import { ImpossibleStateError } from '@heddle/primitives';
import type { AccountView, ChainReader, FinalBlock, LocatedTransaction } from '@heddle/rpc';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { baseFeesOn } from '../chain/chunk-execution.ts';
import { finalBlockByNumber, readFinalBlock } from './final-blocks.ts';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

/** The chain as RPC reads it, through whichever validator is ahead. */
export function createChainReader(group: NodeGroup, chainId: bigint, chunkGasLimit: bigint): ChainReader {
  return {
    chainId,
    chunkGasLimit,
    head: () => headOf(group),
    blockByNumber: async (number) => finalBlockByNumber(group.primary().chain.store, number),
    blockByHash: async (hash) => {
      const { store } = group.primary().chain;
      const block = store.blockByHash(hash);
      return block === null ? null : readFinalBlock(store, block, hash);
    },
    transaction: async (hash) => locate(group, hash),
    account: async (address, number) => accountAt(group, address, number),
    storage: async (address, slot, number) => {
      const state = new StateAt(group.primary().chain, number);
      return state.shard(state.residence(address)).storage(address, slot);
    },
    nextBaseFee: () => baseFeesOn(group.primary().chain.tree.root).reduce((most, fee) => (fee > most ? fee : most)),
  };
}

function headOf(group: NodeGroup): FinalBlock {
  const { store, tree } = group.primary().chain;
  return readFinalBlock(store, tree.root.block, tree.root.hash);
}

function locate(group: NodeGroup, hash: Hash): LocatedTransaction | null {
  const node = group.primary();
  const { store } = node.chain;
  const location = store.transactionLocation(hash);
  if (location === null) {
    const pooled = node.pool.get(hash);
    return pooled === undefined ? null : { transaction: pooled, included: null };
  }
  if (location.kind === 'dispatched') return { transaction: location.transaction, included: null };
  const block = finalBlockByNumber(store, location.height);
  const entry = block?.executed.find(({ transaction }) => transaction.hash === hash);
  if (block === null || entry === undefined)
    throw new ImpossibleStateError(`transaction ${hash} is indexed but not in its block`);
  return { transaction: entry.transaction, included: { block, entry } };
}

function accountAt(group: NodeGroup, address: Address, number: bigint): AccountView {
  const state = new StateAt(group.primary().chain, number);
  const residence = state.residence(address);
  const reader = state.shard(residence);
  const account = reader.account(address);
  return {
    nonce: account?.nonce ?? 0n,
    balance: REPLICATED_ADDRESSES.has(address) ? balanceOnAllShards(group, state, address) : (account?.balance ?? 0n),
    code: reader.code(account?.codeHash ?? EMPTY_CODE_HASH),
    codeHash: account?.codeHash ?? EMPTY_CODE_HASH,
    storageRoot: account?.storageRoot ?? EMPTY_TRIE_ROOT,
    residence,
  };
}

/** A replicated contract has an account on every shard; what they own together is what was sent to its address. */
function balanceOnAllShards(group: NodeGroup, state: StateAt, address: Address): bigint {
  const { shardCount } = group.primary().chain.genesis;
  let balance = 0n;
  for (let shard = 0; shard < shardCount; shard++) balance += state.shard(shard).account(address)?.balance ?? 0n;
  return balance;
}
