import type { Address, Hash } from './ids.ts';

/** A recoverable secp256k1 signature. `r` and `s` are in `1 … N − 1`, `s` at most N/2 (EIP-2). */
export interface TransactionSignature {
  readonly yParity: 0 | 1;
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * In the place of a signature: nobody signed, and the sender is who the encoding names. On a devnet alone, for accounts that
 * its process impersonates.
 */
export interface Impersonation {
  readonly sender: Address;
}

/** One entry of an EIP-2930 access list. `storageKeys` are 32-byte words as hex. */
export interface AccessListItem {
  readonly address: Address;
  readonly storageKeys: readonly Hash[];
}

export type AccessList = readonly AccessListItem[];

/** An EIP-7702 authorization as it stands in the transaction; the authority is recovered from it. */
export interface Authorization {
  /** 0 means valid on every chain. u256. */
  readonly chainId: bigint;
  /** The code's address; the zero address clears the delegation. */
  readonly address: Address;
  /** u64. */
  readonly nonce: bigint;
  /** u8; only 0 and 1 recover, other values make the tuple be skipped, not the transaction invalid. */
  readonly yParity: number;
  /** u256, unchecked: a bad signature makes the tuple be skipped. */
  readonly r: bigint;
  readonly s: bigint;
}

interface TransactionFields {
  /** u64, below 2^64 − 1 (EIP-2681). */
  readonly nonce: bigint;
  /** u64. */
  readonly gasLimit: bigint;
  /** `null` creates a contract. */
  readonly to: Address | null;
  /** Wei, u256. */
  readonly value: bigint;
  /** Call data, or init code when `to` is null. */
  readonly data: Uint8Array;
}

/** Type 0. `chainId` is null before EIP-155. */
export interface LegacyTransaction extends TransactionFields {
  readonly type: 0;
  readonly chainId: bigint | null;
  /** Wei a gas. */
  readonly gasPrice: bigint;
}

/** Type 1, EIP-2930. */
export interface AccessListTransaction extends TransactionFields {
  readonly type: 1;
  readonly chainId: bigint;
  readonly gasPrice: bigint;
  readonly accessList: AccessList;
}

/** Type 2, EIP-1559. */
export interface FeeMarketTransaction extends TransactionFields {
  readonly type: 2;
  readonly chainId: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
  readonly accessList: AccessList;
}

/** Type 3, EIP-4844, without its blobs. Cannot create. Execution knows it; the pool and chunks refuse it. */
export interface BlobTransaction extends TransactionFields {
  readonly type: 3;
  readonly chainId: bigint;
  readonly to: Address;
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
  readonly accessList: AccessList;
  /** Wei a gas of blobs, u256. */
  readonly maxFeePerBlobGas: bigint;
  /** One for each blob; their number and first bytes are the caller's to judge. */
  readonly blobVersionedHashes: readonly Hash[];
}

/** Type 4, EIP-7702. Cannot create; its authorization list is not empty. */
export interface SetCodeTransaction extends TransactionFields {
  readonly type: 4;
  readonly chainId: bigint;
  readonly to: Address;
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
  readonly accessList: AccessList;
  readonly authorizationList: readonly Authorization[];
}

export type UnsignedTransaction =
  | LegacyTransaction
  | AccessListTransaction
  | FeeMarketTransaction
  | BlobTransaction
  | SetCodeTransaction;

/** A decoded transaction with what stands for its sender, its one encoding and the hash of that. */
export interface SignedTransaction {
  readonly fields: UnsignedTransaction;
  readonly signature: TransactionSignature | Impersonation;
  /** The canonical encoding (EIP-2718 envelope; RLP list for type 0). */
  readonly raw: Uint8Array;
  /** keccak256(raw). */
  readonly hash: Hash;
}

/** A signed transaction whose sender has been recovered. */
export interface RecoveredTransaction extends SignedTransaction {
  readonly sender: Address;
}
