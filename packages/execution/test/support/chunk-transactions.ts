import { bytesToBigint, hexToBytes } from '@heddle/primitives';
import { type Address, encodeTransaction, type RecoveredTransaction } from '@heddle/types';

/** A type 2 transaction as tests write it. */
export interface TestTransaction {
  readonly from: Address;
  readonly nonce: bigint;
  readonly to: Address | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Without a key: the signature only makes senders' transactions differ; chunk execution takes recovered senders. */
export function transactionOf(transaction: TestTransaction): RecoveredTransaction {
  const { from, ...fields } = transaction;
  const signed = encodeTransaction(
    { type: 2, chainId: 31_337n, accessList: [], ...fields },
    { yParity: 0, r: bytesToBigint(hexToBytes(from)) + 1n, s: 1n },
  );
  return { ...signed, sender: from };
}
