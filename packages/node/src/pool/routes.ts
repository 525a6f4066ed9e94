import type { SectionExecution } from '@heddle/execution';
import { BoundedCache, bytesToHex } from '@heddle/primitives';
import { createShardRules, home, type ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import {
  type Address,
  EMPTY_CODE_HASH,
  type Hash,
  isImpersonated,
  maxFeePerGas,
  type RecoveredTransaction,
  type ShardId,
} from '@heddle/types';
import { LEARNED_FUNCTIONS } from '../limits.ts';

/** Bytes of a function's selector (Solidity ABI). */
const SELECTOR_BYTES = 4;

/** What decides a transaction's way on some parent block. */
export interface RouteView {
  /** By shard, after the parent. */
  readonly states: readonly StateReader[];
  /** Of the section on it, wei a gas. */
  readonly sectionBaseFee: bigint;
}

/** The way of a transaction: in the chunk of its sender's home (executed there, or dispatched), or in the section. */
export type Route = 'chunk' | 'section';

/**
 * Which way transactions take (global.md, "Local, or in the section"). Policy alone: a section may hold any, and a chunk in
 * which one touches another shard is invalid whoever believed what. Transfers to accounts without code at home are local by
 * their nature. What calls code goes to the section until one of its kind, by code hash and selector, was seen to stay on its
 * shard; one wrong guess makes the kind unknown again.
 */
export class Routes {
  readonly #shardCount: number;
  readonly #dispatch: boolean;
  readonly #rules: readonly ShardRules[];
  /** Kinds that were seen to stay on one shard. */
  readonly #local = new BoundedCache<true>(LEARNED_FUNCTIONS);

  constructor({ shardCount, dispatch }: { readonly shardCount: number; readonly dispatch: boolean }) {
    this.#shardCount = shardCount;
    this.#dispatch = dispatch;
    this.#rules = Array.from({ length: shardCount }, (_, shard) => createShardRules({ shard, shardCount }));
  }

  /** Its way in a block on the parent that `view` shows. */
  routeOf(transaction: RecoveredTransaction, view: RouteView): Route {
    if (this.#shardCount === 1) return 'chunk';
    const { fields, sender } = transaction;
    if (fields.type === 4 || fields.to === null) return 'section';
    const shard = home(sender, this.#shardCount);
    const state = view.states[shard];
    // A contract may reside away from its home, whose chunks then have neither its nonce nor its balance.
    const isAway = state !== undefined && isImpersonated(transaction) && !this.#isThere(sender, shard, state);
    if (isAway) return 'section';
    const residence = state === undefined ? null : this.#rules[shard]?.residence(state, fields.to);
    if (state === undefined || residence !== shard) return this.#dispatch ? 'chunk' : 'section';
    const kind = kindOf(transaction, state);
    if (kind === null) return 'chunk';
    // Who is tried in vain must be able to pay for the section: else burning gas before touching another shard were free.
    const canPay = maxFeePerGas(fields) >= view.sectionBaseFee;
    return canPay && this.#local.get(kind) !== undefined ? 'chunk' : 'section';
  }

  /** What a section has executed on these states teaches. */
  learn(executed: readonly SectionExecution[], states: readonly StateReader[]): void {
    for (const { transaction, isLocal } of executed) {
      const kind = this.#kindAtHome(transaction, states);
      if (kind === null) continue;
      if (isLocal) this.#local.set(kind, true);
      else this.#local.delete(kind);
    }
  }

  /** It was tried as a local one and touched another shard. */
  mistaken(transaction: RecoveredTransaction, states: readonly StateReader[]): void {
    const kind = this.#kindAtHome(transaction, states);
    if (kind !== null) this.#local.delete(kind);
  }

  #isThere(address: Address, shard: ShardId, state: StateReader): boolean {
    return this.#rules[shard]?.residence(state, address) === shard;
  }

  #kindAtHome(transaction: RecoveredTransaction, states: readonly StateReader[]): string | null {
    const state = states[home(transaction.sender, this.#shardCount)];
    return state === undefined ? null : kindOf(transaction, state);
  }
}

/** Code hash of the target and selector; null for a plain transfer. */
function kindOf({ fields }: RecoveredTransaction, state: StateReader): string | null {
  if (fields.to === null) return null;
  const codeHash: Hash = state.account(fields.to)?.codeHash ?? EMPTY_CODE_HASH;
  if (codeHash === EMPTY_CODE_HASH) return null;
  return `${codeHash}${bytesToHex(fields.data.subarray(0, SELECTOR_BYTES))}`;
}
