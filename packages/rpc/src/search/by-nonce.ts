import type { Address } from '@heddle/types';
import type { BlockTransaction, ChainReader, FinalBlock } from '../ports.ts';
import { findBeginning } from './first-block.ts';
import { refuseEmptyLimit, scanBlocks } from './scan-blocks.ts';

/** An executed transaction with its block. */
export interface FoundTransaction {
  readonly block: FinalBlock;
  readonly entry: BlockTransaction;
}

/** The executed transaction of `sender` with this nonce, or null. Throws as `scanBlocks`, and RefusedError at its limit. */
export async function findByNonce(
  chain: ChainReader,
  sender: Address,
  nonce: bigint,
  signal: AbortSignal,
): Promise<FoundTransaction | null> {
  const beginning = await findBeginning(chain, async (number) => chain.account(sender, number).nonce > nonce);
  if (beginning.kind === 'never') return null;
  if (beginning.kind === 'block') {
    const block = chain.blockByNumber(beginning.number);
    return block === null ? null : inBlock(block, sender, nonce);
  }
  let found: FoundTransaction | null = null;
  const end = await scanBlocks(chain, { from: beginning.number, to: 0n }, signal, async (block) => {
    found = inBlock(block, sender, nonce);
    return found !== null;
  });
  refuseEmptyLimit(end, found !== null);
  return found;
}

function inBlock(block: FinalBlock, sender: Address, nonce: bigint): FoundTransaction | null {
  const entry = block.executed.find(
    ({ transaction }) => transaction.sender === sender && transaction.fields.nonce === nonce,
  );
  return entry === undefined ? null : { block, entry };
}
