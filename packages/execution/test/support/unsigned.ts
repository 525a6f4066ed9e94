import type { AccessList, Address, Authorization, Hash, RecoveredTransaction } from '@heddle/types';
import { SENDER } from './evm-world.ts';

export interface TransactionOptions {
  readonly sender?: Address;
  readonly chainId?: bigint;
  readonly nonce?: bigint;
  readonly gasLimit?: bigint;
  readonly to?: Address | null;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
  readonly accessList?: AccessList;
}

/** A type 2 transaction as if it had been recovered; of these execution looks only at whether there is a signature. */
export function unsigned(options: TransactionOptions): RecoveredTransaction {
  const { sender = SENDER, to = null, ...rest } = options;
  const fields = {
    type: 2,
    chainId: 31337n,
    nonce: 0n,
    gasLimit: 1_000_000n,
    to,
    value: 0n,
    data: new Uint8Array(0),
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 1n,
    accessList: [],
    ...rest,
  } as const;
  return { fields, ...ENVELOPE, sender };
}

/** The same as type 4. */
export function unsignedSetCode(
  options: TransactionOptions & { readonly to: Address; readonly authorizationList: readonly Authorization[] },
): RecoveredTransaction {
  const { fields, sender } = unsigned(options);
  if (fields.type !== 2) throw new Error('unsigned makes type 2');
  const { to, authorizationList } = options;
  return { fields: { ...fields, type: 4, to, authorizationList }, ...ENVELOPE, sender };
}

/** The same as type 3. */
export function unsignedBlob(
  options: TransactionOptions & {
    readonly to: Address;
    readonly maxFeePerBlobGas: bigint;
    readonly blobVersionedHashes: readonly Hash[];
  },
): RecoveredTransaction {
  const { fields, sender } = unsigned(options);
  if (fields.type !== 2) throw new Error('unsigned makes type 2');
  const { to, maxFeePerBlobGas, blobVersionedHashes } = options;
  return { fields: { ...fields, type: 3, to, maxFeePerBlobGas, blobVersionedHashes }, ...ENVELOPE, sender };
}

const ENVELOPE = {
  signature: { yParity: 0, r: 1n, s: 1n },
  raw: new Uint8Array(0),
  hash: `0x${'00'.repeat(32)}`,
} as const;
