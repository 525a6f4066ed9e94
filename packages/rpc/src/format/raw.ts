import { bytesToHex, decodeRlp, encodeRlp, type Hex, type RlpItem } from '@heddle/primitives';
import { encodeBlockHeader, encodeReceipt } from '@heddle/types';
import type { BlockTransaction, FinalBlock, HashedHeader } from '../ports.ts';

/** RLP of the header: its keccak256 is the block's hash. */
export function rawHeader({ header }: HashedHeader): Hex {
  return bytesToHex(encodeBlockHeader(header));
}

/**
 * RLP of the block as Ethereum has it: [header, transactions, ommers, withdrawals], the transactions in the order of the
 * block whatever part of it executed them. A typed transaction is a string there, one of type 0 a list (EIP-2718).
 */
export function rawBlock({ block, executed }: FinalBlock): Hex {
  const transactions = executed.map(({ transaction }): RlpItem => {
    const { raw, fields } = transaction;
    return fields.type === 0 ? decodeRlp(raw) : raw;
  });
  return bytesToHex(encodeRlp([decodeRlp(encodeBlockHeader(block.header)), transactions, [], []]));
}

/** What the receipts' trie of the part that executed it commits: cumulative gas counts from that part's beginning. */
export function rawReceipt({ receipt }: BlockTransaction): Hex {
  return bytesToHex(encodeReceipt(receipt));
}

/** The transaction as it was signed. */
export function rawTransaction({ transaction }: BlockTransaction): Hex {
  return bytesToHex(transaction.raw);
}
