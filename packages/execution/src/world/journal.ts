import type { Address, Hash } from '@heddle/types';
import type { AccountEntry, SlotEntry } from './entries.ts';

/** What one write has to put back when the frame that made it fails. */
export type Undo =
  | { readonly kind: 'balance'; readonly account: AccountEntry; readonly before: bigint }
  | { readonly kind: 'nonce'; readonly account: AccountEntry; readonly before: bigint }
  | { readonly kind: 'code'; readonly account: AccountEntry; readonly hash: Hash; readonly code: Uint8Array | null }
  | { readonly kind: 'storage'; readonly slot: SlotEntry; readonly before: bigint }
  | { readonly kind: 'created'; readonly account: AccountEntry; readonly before: number }
  | { readonly kind: 'destroyed'; readonly account: AccountEntry }
  | { readonly kind: 'burned'; readonly before: bigint }
  | { readonly kind: 'refund'; readonly before: number }
  | { readonly kind: 'log' }
  | { readonly kind: 'transient'; readonly words: Map<bigint, bigint>; readonly slot: bigint; readonly before: bigint }
  | { readonly kind: 'warmAddress'; readonly address: Address }
  | { readonly kind: 'warmSlot'; readonly slots: Set<bigint>; readonly slot: bigint };
