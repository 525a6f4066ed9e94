import type { Address } from '@heddle/types';

/** Something that every transaction brings along. */
export type SourceTerm =
  | { readonly kind: 'sender' }
  /** The called account; of a creation, the new one. */
  | { readonly kind: 'target' }
  /** The call data's word `index`: 32 bytes at 4 + 32 · index. */
  | { readonly kind: 'word'; readonly index: number };

/** How the address of a touched account comes about. */
export type AccountTerm = SourceTerm | { readonly kind: 'address'; readonly address: Address };

/** How a slot, or a part of one, comes about. */
export type SlotTerm =
  | SourceTerm
  | { readonly kind: 'constant'; readonly value: bigint }
  /**
   * keccak256(first . second) + offset, modulo 2^256. A mapping's entry in Solidity is keccak256(key . slot of the
   * mapping), in Vyper the other way round; a mapping in a mapping has the outer hash for its slot.
   */
  | { readonly kind: 'hash'; readonly first: SlotTerm; readonly second: SlotTerm; readonly offset: bigint };

export const SENDER: SourceTerm = { kind: 'sender' };
export const TARGET: SourceTerm = { kind: 'target' };

/** How many hashes it takes to compute. */
export function hashesOf(term: SlotTerm): number {
  return term.kind === 'hash' ? 1 + hashesOf(term.first) + hashesOf(term.second) : 0;
}
