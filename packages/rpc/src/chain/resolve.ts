import type { Hash } from '@heddle/types';
import { BlockNotFoundError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import type { BlockId } from '../parse/block-id.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';

/** The block that a client named, or null. */
export async function findBlock(chain: ChainReader, id: BlockId): Promise<FinalBlock | null> {
  if (id.kind === 'hash') return chain.blockByHash(id.hash);
  if (id.kind === 'number') return blockAt(chain, id.number);
  return chain.head();
}

/** The block that a client named, for answers that can't be null. Throws BlockNotFoundError. */
export async function requireBlock(chain: ChainReader, id: BlockId): Promise<FinalBlock> {
  const block = await findBlock(chain, id);
  if (block !== null) return block;
  if (id.kind === 'hash') throw new BlockNotFoundError(`no block has the hash ${id.hash}`);
  const asked = id.kind === 'number' ? id.number : headNumber(chain);
  throw new BlockNotFoundError(`block ${asked} is not there yet, the latest is ${headNumber(chain)}`);
}

async function blockAt(chain: ChainReader, number: bigint): Promise<FinalBlock | null> {
  const head = chain.head();
  if (number === head.block.header.number) return head;
  return number > head.block.header.number ? null : chain.blockByNumber(number);
}

/** The number of the block after which state is read; only a hash has to be looked up. Throws BlockNotFoundError (EIP-1898). */
export function stateNumber(chain: ChainReader, id: BlockId): Eventual<bigint> {
  if (id.kind === 'hash') return numberOf(chain, id.hash);
  const head = headNumber(chain);
  if (id.kind !== 'number') return head;
  if (id.number > head) throw new BlockNotFoundError(`block ${id.number} is not there yet, the latest is ${head}`);
  return id.number;
}

async function numberOf(chain: ChainReader, hash: Hash): Promise<bigint> {
  const block = await chain.blockByHash(hash);
  if (block === null) throw new BlockNotFoundError(`no block has the hash ${hash}`);
  return block.block.header.number;
}

export function headNumber(chain: ChainReader): bigint {
  return chain.head().block.header.number;
}
