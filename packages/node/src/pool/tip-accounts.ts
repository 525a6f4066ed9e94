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
      maxIdleMs === null ? this.#baseFeeFor(transaction) : 0n;
    return { chainId, chunkGasLimit, shardCount, minimumFeeCap };
  }

  /** max(base fee of home, base fee of the target's shard), as the next chunk will judge it. */
  #baseFeeFor({ sender, fields }: RecoveredTransaction): bigint {
    const tip = this.#tip();
    const baseFees = baseFeesOn(tip);
    const shard = home(sender, this.#chain.genesis.shardCount);
    const atHome = baseFees[shard] ?? 0n;
    if (fields.to === null) return atHome;
    const residence = this.#chain.rules(shard).shard.residence(this.#chain.shardTip(tip, shard).state, fields.to);
    const atTarget = residence.kind === 'local' ? atHome : (baseFees[residence.shard] ?? 0n);
    return atTarget > atHome ? atTarget : atHome;
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
