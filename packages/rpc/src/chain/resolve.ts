import { BlockNotFoundError } from '../errors.ts';
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

/** The number of the block after which state is read. Throws BlockNotFoundError (EIP-1898). */
export async function stateNumber(chain: ChainReader, id: BlockId): Promise<bigint> {
  const head = headNumber(chain);
  if (id.kind === 'number') {
    if (id.number > head) throw new BlockNotFoundError(`block ${id.number} is not there yet, the latest is ${head}`);
    return id.number;
  }
  if (id.kind === 'hash') {
    const block = await chain.blockByHash(id.hash);
    if (block === null) throw new BlockNotFoundError(`no block has the hash ${id.hash}`);
    return block.block.header.number;
  }
  return head;
}

export function headNumber(chain: ChainReader): bigint {
  return chain.head().block.header.number;
}
