import type { Address, Hash, ShardId } from '@heddle/types';
import type { AccountEntry, SlotEntry } from './entries.ts';
import type { TransactionScope } from './transaction-scope.ts';
import type { WordMap } from './word-map.ts';

/** What one write has to put back when the frame that made it fails. */
export type Undo =
  | { readonly kind: 'balance'; readonly account: AccountEntry; readonly before: bigint }
  | { readonly kind: 'nonce'; readonly account: AccountEntry; readonly before: bigint }
  | { readonly kind: 'code'; readonly account: AccountEntry; readonly hash: Hash; readonly code: Uint8Array | null }
  | { readonly kind: 'storage'; readonly slot: SlotEntry; readonly before: bigint }
  | { readonly kind: 'created'; readonly account: AccountEntry; readonly before: number }
  | { readonly kind: 'residence'; readonly account: AccountEntry; readonly before: ShardId }
  | { readonly kind: 'destroyed'; readonly account: AccountEntry }
  | { readonly kind: 'burned'; readonly before: bigint }
  | { readonly kind: 'refund'; readonly before: number }
  | { readonly kind: 'log' }
  | { readonly kind: 'transient'; readonly words: WordMap<bigint>; readonly slot: bigint; readonly before: bigint }
  | { readonly kind: 'warmKey'; readonly key: Address }
  | { readonly kind: 'warmAccount'; readonly account: AccountEntry; readonly before: number }
  | { readonly kind: 'warmSlot'; readonly slot: SlotEntry; readonly before: number };

/** Puts back what one write changed. */
export function undoWrite(undo: Undo, scope: TransactionScope): void {
  switch (undo.kind) {
    case 'balance':
      undo.account.balance = undo.before;
      return;
    case 'nonce':
      undo.account.nonce = undo.before;
      return;
    case 'code':
      undo.account.codeHash = undo.hash;
      undo.account.code = undo.code;
      return;
    case 'storage':
      undo.slot.value = undo.before;
      return;
    case 'created':
      undo.account.createdScope = undo.before;
      return;
    case 'residence':
      undo.account.shard = undo.before;
      return;
    case 'destroyed':
      undo.account.destroyedScope = 0;
      scope.destroyed.pop();
      return;
    case 'burned':
      scope.burned = undo.before;
      return;
    case 'refund':
      scope.refund = undo.before;
      return;
    case 'log':
      scope.logs.pop();
      return;
    case 'transient':
      undo.words.set(undo.slot, undo.before);
      return;
    case 'warmKey':
      scope.warmAccounts.delete(undo.key);
      return;
    case 'warmAccount':
      undo.account.warmScope = undo.before;
      return;
    case 'warmSlot':
      undo.slot.warmScope = undo.before;
      return;
  }
}
