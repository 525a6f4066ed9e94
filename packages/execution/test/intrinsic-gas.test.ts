import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createAccessList2930Tx } from '@ethereumjs/tx';
import { bytesToHex } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calldataFloorGas, intrinsicGasOf } from '../src/index.ts';

const ALICE = `0x${'a1'.repeat(20)}` as const;
const BOB = `0x${'b0'.repeat(20)}` as const;
const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague });
const word = `0x${'00'.repeat(32)}` as const;

describe('intrinsic gas', () => {
  test('agrees with ethereumjs on types with an access list, creations included', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(3), { maxLength: 3 }),
        fc.boolean(),
        (data, keyCounts, creates) => {
          const accessList = keyCounts.map((count) => ({
            address: ALICE,
            storageKeys: Array.from({ length: count }, () => word),
          }));
          const to = creates ? null : BOB;
          const fields = {
            type: 1,
            chainId: 1n,
            nonce: 0n,
            gasLimit: 30_000_000n,
            to,
            value: 0n,
            data,
            gasPrice: 1n,
            accessList,
          } as const;
          const oracle = createAccessList2930Tx(
            {
              data: bytesToHex(data),
              accessList,
              gasLimit: 30_000_000n,
              gasPrice: 1n,
              chainId: 1n,
              ...(creates ? {} : { to: BOB }),
            },
            { common },
          );
          expect(BigInt(intrinsicGasOf(fields))).toBe(oracle.getIntrinsicGas());
        },
      ),
      { numRuns: 100 },
    );
  });

  test('an authorization costs 25,000 (EIP-7702), a byte at least 40 or 10 (EIP-7623)', () => {
    const authorization = { chainId: 1n, address: BOB, nonce: 0n, yParity: 0, r: 1n, s: 1n };
    const fields = {
      type: 4,
      chainId: 1n,
      nonce: 0n,
      gasLimit: 100_000n,
      to: BOB,
      value: 0n,
      data: Uint8Array.of(0, 1),
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      accessList: [],
      authorizationList: [authorization, authorization],
    } as const;
    expect(intrinsicGasOf(fields)).toBe(21_000 + 20 + 50_000);
    expect(calldataFloorGas(fields.data)).toBe(21_050);
  });
});
