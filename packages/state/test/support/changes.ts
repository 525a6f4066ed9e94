import { bigintToBytes, bytesToHex, keccak256Hex } from '@heddle/primitives';
import type { StateChanges } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import fc from 'fast-check';

export const addressOf = (index: number): Address => bytesToHex(bigintToBytes(BigInt(index) + 0x1000n, 20));

interface AccountChange {
  readonly deleted: boolean;
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly code: Uint8Array;
  readonly slots: readonly (readonly [bigint, bigint])[];
}

/** Few accounts and slots, so that successive changes meet. */
export const ACCOUNT_COUNT = 14;
export const SLOT_COUNT = 12n;

const accountChange: fc.Arbitrary<AccountChange> = fc.record({
  deleted: fc.boolean(),
  nonce: fc.bigInt(0n, 300n),
  balance: fc.bigInt(0n, 2n ** 100n),
  code: fc.uint8Array({ maxLength: 3 }),
  slots: fc.array(
    fc.tuple(
      fc.bigInt(0n, SLOT_COUNT - 1n),
      fc.oneof(fc.constant(0n), fc.bigInt(1n, 200n), fc.bigInt(0n, 2n ** 256n - 1n)),
    ),
    { maxLength: 8 },
  ),
});

/** One change of state: every touched account is set or deleted. */
export const stateChanges: fc.Arbitrary<StateChanges> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: ACCOUNT_COUNT - 1 }), accountChange), {
    selector: ([index]) => index,
  })
  .map((list) => {
    const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash } | null>();
    const storage = new Map<Address, Map<bigint, bigint>>();
    const codes = new Map<Hash, Uint8Array>();
    for (const [index, { deleted, nonce, balance, code, slots }] of list) {
      const address = addressOf(index);
      const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
      if (code.length > 0) codes.set(codeHash, code);
      accounts.set(address, deleted ? null : { nonce, balance, codeHash });
      if (!deleted) storage.set(address, new Map(slots));
    }
    return { accounts, storage, codes };
  });
