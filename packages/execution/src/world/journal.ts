import type { Address, Hash } from '@heddle/types';
import type { AccountEntry, SlotEntry } from './entries.ts';
import type { WordMap } from './word-map.ts';

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
  | { readonly kind: 'transient'; readonly words: WordMap<bigint>; readonly slot: bigint; readonly before: bigint }
  | { readonly kind: 'warmAddress'; readonly address: Address }
  | { readonly kind: 'warmAccount'; readonly account: AccountEntry; readonly before: number }
  | { readonly kind: 'warmSlot'; readonly slot: SlotEntry; readonly before: number };
