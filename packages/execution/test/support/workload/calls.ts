import { bigintToBytes, bytesToBigint, concatBytes, hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';

/* Call data and storage slots of the contracts in Workload.sol. */

const TRANSFER = selector('transfer(address,uint256)');
const APPROVE = selector('approve(address,uint256)');
const TRANSFER_FROM = selector('transferFrom(address,address,uint256)');
const SWAP = selector('swap(bool,uint256)');

export function transferData(to: Address, value: bigint): Uint8Array {
  return concatBytes(TRANSFER, addressWord(to), word(value));
}

export function approveData(spender: Address, value: bigint): Uint8Array {
  return concatBytes(APPROVE, addressWord(spender), word(value));
}

export function transferFromData(from: Address, to: Address, value: bigint): Uint8Array {
  return concatBytes(TRANSFER_FROM, addressWord(from), addressWord(to), word(value));
}

export function swapData(paysFirst: boolean, paid: bigint): Uint8Array {
  return concatBytes(SWAP, word(paysFirst ? 1n : 0n), word(paid));
}

/** Token: `balanceOf[holder]`. */
export function balanceSlot(holder: Address): bigint {
  return mappingSlot(addressWord(holder), word(0n));
}

/** Token: `allowance[owner][spender]`. */
export function allowanceSlot(owner: Address, spender: Address): bigint {
  return mappingSlot(addressWord(spender), word(mappingSlot(addressWord(owner), word(1n))));
}

/** Pair: its tokens, and the two reserves packed into one word. */
export function pairWords(first: Address, second: Address, reserve: bigint): readonly (readonly [bigint, bigint])[] {
  return [
    [0n, BigInt(first)],
    [1n, BigInt(second)],
    [2n, (reserve << 112n) | reserve],
  ];
}

export function word(value: bigint): Uint8Array {
  return bigintToBytes(value, 32);
}

export function addressWord(address: Address): Uint8Array {
  return concatBytes(new Uint8Array(12), hexToBytes(address));
}

function selector(signature: string): Uint8Array {
  return keccak256(utf8ToBytes(signature)).subarray(0, 4);
}

function mappingSlot(key: Uint8Array, base: Uint8Array): bigint {
  return bytesToBigint(keccak256(concatBytes(key, base)));
}
