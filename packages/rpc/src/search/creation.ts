import { type Address, isContractCode } from '@heddle/types';
import type { ChainReader, ContractCreation } from '../ports.ts';
import { findBeginning } from './first-block.ts';
import { refuseEmptyLimit, scanBlocks } from './scan-blocks.ts';

/** Who created the contract; null for what has no code, or had it from genesis on. Throws as `scanBlocks`, and RefusedError at its limit. */
export async function findCreation(
  chain: ChainReader,
  address: Address,
  signal: AbortSignal,
): Promise<ContractCreation | null> {
  const beginning = await findBeginning(chain, async (number) => {
    const { code } = chain.account(address, number);
    // Not an account that delegates (EIP-7702): nobody created that.
    return isContractCode(code);
  });
  if (beginning.kind === 'never') return null;
  if (beginning.kind === 'block') return chain.creation(address, beginning.number);
  let found: ContractCreation | null = null;
  const end = await scanBlocks(chain, { from: beginning.number, to: 0n }, signal, async ({ block }) => {
    found = await chain.creation(address, block.header.number);
    return found !== null;
  });
  refuseEmptyLimit(end, found !== null);
  return found;
}
