import { ImpossibleStateError } from '@heddle/primitives';
import type { AccountView, ChainReader, FinalBlock, HashedHeader, LocatedTransaction } from '@heddle/rpc';
import { home, WHOLE_REPLICAS } from '@heddle/sharding';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import { baseFeesOn, routeViewOn } from '../chain/chunk-context.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { blockAccessList, transactionsChanging } from './block-access.ts';
import { creationIn } from './creation.ts';
import { finalBlockByNumber, readFinalBlock } from './final-blocks.ts';
import type { NodeGroup } from './node-group.ts';
import { prove } from './prove.ts';
import { StateAt } from './state-at.ts';

/** The chain as RPC reads it, through whichever validator is ahead. */
export function createChainReader(group: NodeGroup, chainId: bigint): ChainReader {
  return {
    chainId,
    get chunkGasLimit() {
      return group.read(({ chain }) => chain.chunkGasLimit(chain.tree.root));
    },
    head: () => group.read(headOf),
    blockByNumber: (number) => group.read(({ chain }) => finalBlockByNumber(chain.store, number)),
    headerByNumber: (number) => group.read(({ chain }) => headerByNumber(chain, number)),
    blockByHash: async (hash) => group.read(({ chain }) => blockByHash(chain, hash)),
    transaction: async (hash) => group.read((node) => locate(node, hash)),
    account: (address, number) => group.read(({ chain }) => accountAt(chain, address, number)),
    storage: (address, slot, number) =>
      group.read(({ chain }) => {
        const state = new StateAt(chain, number);
        return state.shard(state.residence(address)).storage(address, slot);
      }),
    prove: (address, slots, number) => group.readLater((node) => prove(node, address, slots, number)),
    accessList: (number) =>
      group.readLater(async ({ chain: { store } }) => {
        const block = store.blockByNumber(number);
        return block === null ? null : blockAccessList(store, block);
      }),
    changing: async (address, number) =>
      group.read(({ chain: { store } }) => {
        const block = store.blockByNumber(number);
        return block === null ? [] : transactionsChanging(store, block, address);
      }),
    creation: async (address, number) =>
      group.read(({ chain: { store } }) => {
        const block = store.blockByNumber(number);
        return block === null ? null : creationIn(store, block, address);
      }),
    homeOf: (address) => home(address, group.primary().chain.genesis.shardCount),
    stateHistory: () => group.read(({ chain }) => chain.store.stateHistory()),
    code: async (hash) => group.read(({ chain }) => codeOf(chain, hash)),
    nextBaseFee: () => highestFee(group.primary().chain.tree.root),
  };
}

/** With it a transaction gets in whatever way it takes: the highest of shards and section. */
function highestFee(head: ExecutedBlock): bigint {
  const { sectionBaseFee } = routeViewOn(head);
  return baseFeesOn(head).reduce((most, fee) => (fee > most ? fee : most), sectionBaseFee);
}

function headOf({ chain: { store, tree } }: ValidatorNode): FinalBlock {
  return readFinalBlock(store, tree.root.block, tree.root.hash);
}

function blockByHash({ store }: Chain, hash: Hash): FinalBlock | null {
  const block = store.blockByHash(hash);
  return block === null ? null : readFinalBlock(store, block, hash);
}

function headerByNumber({ store }: Chain, number: bigint): HashedHeader | null {
  const block = store.blockByNumber(number);
  const hash = store.blockHashByNumber(number);
  return block === null || hash === null ? null : { header: block.header, hash };
}

function locate(node: ValidatorNode, hash: Hash): LocatedTransaction | null {
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

/** Each shard keeps the code of its own contracts. */
function codeOf({ store, genesis: { shardCount } }: Chain, hash: Hash): Uint8Array | null {
  for (let shard = 0; shard < shardCount; shard++) {
    const code = store.state(shard).code(hash);
    if (code !== undefined) return code;
  }
  return null;
}

function accountAt(chain: Chain, address: Address, number: bigint): AccountView {
  const state = new StateAt(chain, number);
  const residence = state.residence(address);
  const reader = state.shard(residence);
  const account = reader.account(address);
  return {
    nonce: account?.nonce ?? 0n,
    balance: WHOLE_REPLICAS.has(address) ? balanceOnAllShards(chain, state, address) : (account?.balance ?? 0n),
    code: reader.code(account?.codeHash ?? EMPTY_CODE_HASH),
    codeHash: account?.codeHash ?? EMPTY_CODE_HASH,
    storageRoot: account?.storageRoot ?? EMPTY_TRIE_ROOT,
    residence,
  };
}

/** What is replicated whole has an account on every shard; what they own together is what was sent to its address. */
function balanceOnAllShards({ genesis: { shardCount } }: Chain, state: StateAt, address: Address): bigint {
  let balance = 0n;
  for (let shard = 0; shard < shardCount; shard++) balance += state.shard(shard).account(address)?.balance ?? 0n;
  return balance;
}
