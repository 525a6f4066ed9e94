import { home } from '@heddle/cross-shard';
import type { AccountSource, PoolRules } from '@heddle/mempool';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type RecoveredTransaction } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import { baseFeesOn } from '../chain/chunk-execution.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';

/**
 * The pool's view of the accounts: at the block that the next one is built on, so that what is on its way to
 * finality is not offered again, with the final nonce beside it, so that nothing is dropped before it is final.
 */
export class TipAccounts implements AccountSource {
  readonly #chain: Chain;
  readonly #tip: () => ExecutedBlock;

  constructor(chain: Chain, tip: () => ExecutedBlock) {
    this.#chain = chain;
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
    return !isDelegation(this.#state(address, this.#tip()).code(account.codeHash));
  }

  /** What the pool refuses outright. On demand, base fees stand still without work: one below would wait for ever. */
  poolRules(): PoolRules {
    const { chainId, chunkGasLimit, shardCount, maxIdleMs } = this.#chain.genesis;
    const minimumFeeCap = (transaction: RecoveredTransaction): bigint =>
      maxIdleMs === null ? (baseFeesOn(this.#tip())[home(transaction.sender, shardCount)] ?? 0n) : 0n;
    return { chainId, chunkGasLimit, shardCount, minimumFeeCap };
  }

  #account(address: Address, block: ExecutedBlock): Account | null {
    return this.#state(address, block).account(address);
  }

  #state(address: Address, block: ExecutedBlock): StateReader {
    return this.#chain.shardTip(block, home(address, this.#chain.genesis.shardCount)).state;
  }
}

/** 0xef0100 ‖ address (EIP-7702). */
function isDelegation(code: Uint8Array): boolean {
  return code.length === 23 && code[0] === 0xef && code[1] === 0x01 && code[2] === 0x00;
}
