import { bytesToHex, type Hex, keccak256, utf8ToBytes } from '@heddle/primitives';

/** What calls the function, or names the error, of this signature (`transfer(address,uint256)`): 4 bytes. Solidity's ABI. */
export function functionSelector(signature: string): Hex {
  return bytesToHex(keccak256(utf8ToBytes(signature)).subarray(0, 4));
}
