import { keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import type { Address, RecoveredTransaction, UnsignedTransaction } from '@heddle/types';
import type { AccountSource, PoolRules } from '../src/index.ts';

export const ETHER: bigint = 10n ** 18n;
export const GWEI: bigint = 10n ** 9n;

export const ALICE: Address = `0x${'a1'.repeat(20)}`;
export const BOB: Address = `0x${'b0'.repeat(20)}`;
export const CAROL: Address = `0x${'ca'.repeat(20)}`;

export const RULES: PoolRules = {
  chainId: 31337n,
  chunkGasLimit: () => 30_000_000n,
  shardCount: 2,
  isDevnet: false,
  tooHeavy: () => null,
  minimumFeeCap: () => 0n,
};

/** What a test varies; the pool sees neither signature nor encoding, only their size and hash. */
export interface Variation {
  readonly sender?: Address;
  readonly nonce?: bigint;
  readonly tip?: bigint;
  readonly cap?: bigint;
  readonly gasLimit?: bigint;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly to?: Address | null;
  readonly chainId?: bigint;
  readonly rawBytes?: number;
}

/** A type 2 transaction as recovery would hand it on. */
export function transaction(variation: Variation = {}): RecoveredTransaction {
  return recovered(
    {
      type: 2,
      chainId: variation.chainId ?? RULES.chainId,
      nonce: variation.nonce ?? 0n,
      gasLimit: variation.gasLimit ?? 21_000n,
      to: variation.to === undefined ? BOB : variation.to,
      value: variation.value ?? 0n,
      data: variation.data ?? new Uint8Array(),
      maxFeePerGas: variation.cap ?? 2n * GWEI,
      maxPriorityFeePerGas: variation.tip ?? GWEI,
      accessList: [],
    },
    variation.sender ?? ALICE,
    variation.rawBytes ?? 110,
  );
}

export function recovered(fields: UnsignedTransaction, sender: Address, rawBytes = 110): RecoveredTransaction {
  const text = JSON.stringify([sender, fields], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return {
    fields,
    sender,
    signature: { yParity: 0, r: 1n, s: 1n },
    raw: new Uint8Array(rawBytes),
    hash: keccak256Hex(utf8ToBytes(text)),
  };
}

/** Accounts that a test moves by hand. Everyone has 1,000 ether until told otherwise. */
export class TestAccounts implements AccountSource {
  readonly nonces: Map<Address, bigint> = new Map<Address, bigint>();
  /** Where final state lags behind. */
  readonly finalNonces: Map<Address, bigint> = new Map<Address, bigint>();
  readonly balances: Map<Address, bigint> = new Map<Address, bigint>();
  readonly contracts: Set<Address> = new Set<Address>();

  nonce(address: Address): bigint {
    return this.nonces.get(address) ?? 0n;
  }

  finalNonce(address: Address): bigint {
    return this.finalNonces.get(address) ?? this.nonce(address);
  }

  balance(address: Address): bigint {
    return this.balances.get(address) ?? 1_000n * ETHER;
  }

  hasCode(address: Address): boolean {
    return this.contracts.has(address);
  }
}
