import type { Address } from '@heddle/types';
import type { AccountValues } from '../world/changes.ts';
import type { IndexEffects } from './effects.ts';

/** A transaction's place in its chunk's body or in its producer's candidates, from 0. */
export type Position = number;

/** Validator path: what became of one transaction. */
export type DeclaredResult =
  /** It wrote what the access list says, and touched only what is listed there. */
  | { readonly kind: 'done'; readonly position: Position; readonly sender: Address; readonly effects: IndexEffects }
  /** It needs something that the snapshot lacks: the main thread runs it. */
  | { readonly kind: 'handedBack'; readonly position: Position }
  /** It is not valid, or differs from the access list: the sequential path decides. */
  | { readonly kind: 'refused'; readonly position: Position; readonly reason: string };

/** Producer path: what became of one transaction in its lane. */
export type LaneResult =
  | {
      readonly kind: 'done';
      readonly position: Position;
      readonly sender: Address;
      readonly effects: IndexEffects;
      readonly accesses: Accesses;
    }
  /** It needs something that the snapshot lacks, or is not valid on its lane's state: its commit runs it. */
  | { readonly kind: 'handedBack'; readonly position: Position };

/** Everything that a transaction's execution depended on and changed. */
export interface Accesses {
  /** In the order of first touch: these are listed (EIP-7928). */
  readonly touched: readonly TouchedAccount[];
  /** Read by rules of the protocol outside of the EVM, not listed, but what they saw must still hold. */
  readonly peekedAccounts: readonly { readonly address: Address; readonly values: AccountValues | null }[];
  readonly peekedSlots: readonly { readonly address: Address; readonly slot: bigint; readonly value: bigint }[];
}

export interface TouchedAccount {
  readonly address: Address;
  /** Null = there was none. */
  readonly before: AccountValues | null;
  readonly after: AccountValues;
  /** The code behind `after.codeHash` when that changed and is not empty; else null. */
  readonly code: Uint8Array | null;
  readonly slots: readonly TouchedSlot[];
}

export interface TouchedSlot {
  readonly slot: bigint;
  readonly before: bigint;
  readonly after: bigint;
}
