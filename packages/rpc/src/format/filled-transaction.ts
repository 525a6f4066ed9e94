import { bytesToHex, concatBytes, decodeRlp, EMPTY_BYTES, encodeRlp, keccak256Hex } from '@heddle/primitives';
import { type Address, signingPayload, type UnsignedTransaction } from '@heddle/types';
import type { JsonObject } from '../json.ts';
import { quantity } from './quantity.ts';
import { formatPendingTransaction, NO_SIGNATURE } from './transaction.ts';

/** What eth_fillTransaction answers, in geth's shape: the transaction as its sender will sign it, with an empty signature. */
export function formatFilled(fields: UnsignedTransaction, from: Address): JsonObject {
  const raw = encodeUnsigned(fields);
  const transaction = { fields, signature: NO_SIGNATURE, raw, hash: keccak256Hex(raw), sender: from };
  return { raw: bytesToHex(raw), tx: { ...formatPendingTransaction(transaction), v: quantity(0) } };
}

/** The encoding of a signed transaction with zeros where the signature will be. */
function encodeUnsigned(fields: UnsignedTransaction): Uint8Array {
  const isLegacy = fields.type === 0;
  // Without chain ID: EIP-155 puts it where v stands here.
  const payload = signingPayload(isLegacy ? { ...fields, chainId: null } : fields);
  const items = decodeRlp(isLegacy ? payload : payload.subarray(1));
  const list = encodeRlp([...(items instanceof Uint8Array ? [] : items), EMPTY_BYTES, EMPTY_BYTES, EMPTY_BYTES]);
  return isLegacy ? list : concatBytes(payload.subarray(0, 1), list);
}
