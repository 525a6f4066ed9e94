import { intrinsicGasOf, maxMessageWeight } from '@heddle/execution';
import type { AccountSource, PoolRules } from '@heddle/mempool';
import { callWeight, home } from '@heddle/sharding';
import type { Account, StateReader } from '@heddle/state';
import {
  type Address,
  EMPTY_CODE_HASH,
  isContractCode,
  isImpersonated,
  type RecoveredTransaction,
  type ShardId,
} from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import { allowancesOn, baseFeesOn, routeViewOn } from '../chain/chunk-context.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { Routes } from './routes.ts';

/**
 * The pool's view of the accounts: at the block that the next one is built on, so that what is on its way to
 * finality is not offered again, with the final nonce beside it, so that nothing is dropped before it is final.
 */
export class TipAccounts implements AccountSource {
  readonly #chain: Chain;
  readonly #routes: Routes;
  readonly #tip: () => ExecutedBlock;

  constructor(chain: Chain, routes: Routes, tip: () => ExecutedBlock) {
    this.#chain = chain;
    this.#routes = routes;
    this.#tip = tip;
  }

  nonce(address: Address): bigint {
    return this.#account(address, this.#tip())?.nonce ?? 0n;
  }

  finalNonce(address: Address): bigint {
    return this.#account(address, this.#chain.tree.root)?.nonce ?? 0n;
  }

  balance(address: Address): bigint {
    return this.#account(address, this.#tip())?.balance ?? 0n;
  }

  hasCode(address: Address): boolean {
    const account = this.#account(address, this.#tip());
    if (account === null || account.codeHash === EMPTY_CODE_HASH) return false;
    return isContractCode(this.#state(address, this.#tip()).code(account.codeHash));
  }

  /** What the pool refuses outright. On demand, base fees stand still without work: one below would wait for ever. */
  poolRules(): PoolRules {
    const { chainId, shardCount, devnet: isDevnet, maxIdleMs } = this.#chain.genesis;
    const chunkGasLimit = (): bigint => this.#chain.chunkGasLimit(this.#tip());
    const minimumFeeCap = (transaction: RecoveredTransaction): bigint =>
      maxIdleMs === null ? this.#baseFeeFor(transaction) : 0n;
    const tooHeavy = (transaction: RecoveredTransaction): string | null => this.#tooHeavy(transaction);
    return { chainId, chunkGasLimit, shardCount, isDevnet, tooHeavy, minimumFeeCap };
  }

  /** As the next block will judge it: the section's, or max(base fee of home, base fee of the target's shard). */
  #baseFeeFor(transaction: RecoveredTransaction): bigint {
    const view = routeViewOn(this.#tip());
    if (this.#routes.routeOf(transaction, view) === 'section') return view.sectionBaseFee;
    const baseFees = baseFeesOn(this.#tip());
    const atHome = baseFees[this.#homeOf(transaction.sender)] ?? 0n;
    const away = this.#shardElsewhere(transaction);
    const atTarget = away === null ? atHome : (baseFees[away] ?? 0n);
    return atTarget > atHome ? atTarget : atHome;
  }

  #tooHeavy(transaction: RecoveredTransaction): string | null {
    if (!this.#chain.genesis.dispatch) return null;
    const intrinsic = BigInt(intrinsicGasOf(transaction.fields));
    const excess =
      callWeight(transaction, intrinsic) - maxMessageWeight({ gasLimit: this.#chain.chunkGasLimit(this.#tip()) });
    if (excess <= 0n || this.#shardElsewhere(transaction) === null) return null;
    const { gasLimit, to } = transaction.fields;
    return `exceeds block gas limit: ${to} is on another shard, for which gas ${gasLimit} is ${excess} too much`;
  }

  #shardElsewhere(transaction: RecoveredTransaction): ShardId | null {
    return shardElsewhere(this.#chain, this.#tip(), transaction);
  }

  #homeOf(address: Address): ShardId {
    return home(address, this.#chain.genesis.shardCount);
  }

  #account(address: Address, block: ExecutedBlock): Account | null {
    return this.#state(address, block).account(address);
  }

  #state(address: Address, block: ExecutedBlock): StateReader {
    return this.#chain.shardTip(block, residenceOn(this.#chain, block, address)).state;
  }
}

/** Where nonce and balance are: at home, but for contracts that reside elsewhere and are impersonated. */
function residenceOn(chain: Chain, block: ExecutedBlock, address: Address): ShardId {
  const shard = home(address, chain.genesis.shardCount);
  return chain.rules(shard).residence(chain.shardTip(block, shard).state, address);
}

/** The shard that a transaction would be dispatched to after `block`; null where the network does not dispatch it. */
function shardElsewhere(chain: Chain, block: ExecutedBlock, transaction: RecoveredTransaction): ShardId | null {
  const { sender, fields } = transaction;
  const { shardCount, dispatch } = chain.genesis;
  if (!dispatch || fields.to === null || fields.type === 4) return null;
  const shard = home(sender, shardCount);
  if (isImpersonated(transaction) && residenceOn(chain, block, sender) !== shard) return null;
  const residence = chain.rules(shard).residence(chain.shardTip(block, shard).state, fields.to);
  return residence === shard ? null : residence;
}

/** The shard whose queue has no room for the transaction in the next chunk of its home; null when that is no reason. */
export function congestedShard(chain: Chain, block: ExecutedBlock, transaction: RecoveredTransaction): ShardId | null {
  const target = shardElsewhere(chain, block, transaction);
  if (target === null) return null;
  const allowance = allowancesOn(block, home(transaction.sender, chain.genesis.shardCount))[target] ?? 0n;
  return callWeight(transaction, BigInt(intrinsicGasOf(transaction.fields))) > allowance ? target : null;
}
