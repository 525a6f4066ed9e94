import { createMempool, type TransactionPool } from '@heddle/mempool';
import { keccak256, utf8ToBytes } from '@heddle/primitives';
import { encodeImpersonated, type RecoveredTransaction, signTransaction } from '@heddle/types';

const CHAIN_ID = 31_337n;
const KEY = keccak256(utf8ToBytes('the sender of the pool tests'));
const GWEI = 10n ** 9n;

/** A pool whose every account is rich and has nonce 0, until `finalNonce` of all is said to be another. */
export function poolOf(finalNonce: () => bigint = () => 0n): TransactionPool {
  const rules = {
    chainId: CHAIN_ID,
    chunkGasLimit: () => 30_000_000n,
    shardCount: 1,
    isDevnet: true,
    tooHeavy: () => null,
    minimumFeeCap: () => 0n,
  };
  const account = { nonce: finalNonce, finalNonce, balance: () => 10n ** 21n, hasCode: () => false };
  return createMempool(rules, account);
}

/** Always of the same sender; the same nonce, the same transaction. */
export function transferOf(nonce: bigint): RecoveredTransaction {
  return transactionOf(nonce, new Uint8Array(), 21_000n);
}

/** The same without a signature. */
export function impersonatedOf(nonce: bigint): RecoveredTransaction {
  const { fields, sender } = transferOf(nonce);
  if (fields.type !== 2) throw new Error('a transfer is of type 2');
  return encodeImpersonated(fields, sender);
}

/** As large as the pool takes them: 127 kB of data. */
export function largeTransactionOf(nonce: bigint): RecoveredTransaction {
  return transactionOf(nonce, new Uint8Array(127_000), 1_400_000n);
}

function transactionOf(nonce: bigint, data: Uint8Array, gasLimit: bigint): RecoveredTransaction {
  return signTransaction(
    {
      type: 2,
      chainId: CHAIN_ID,
      nonce,
      gasLimit,
      to: `0x${'b0'.repeat(20)}`,
      value: 1n,
      data,
      maxFeePerGas: 2n * GWEI,
      maxPriorityFeePerGas: GWEI,
      accessList: [],
    },
    KEY,
  );
}
