import { headNumber } from '../chain/resolve.ts';
import { InvalidParamsError } from '../errors.ts';
import type { BlockId } from '../parse/block-id.ts';
import type { ChainReader } from '../ports.ts';
import type { HeightRange } from './scan.ts';

/** The range of existing blocks that a query names. Throws InvalidParamsError for a reversed one and one in the future. */
export function resolveRange(chain: ChainReader, from: BlockId, to: BlockId): HeightRange {
  const head = headNumber(chain);
  const range = { from: rangeNumber(from, head), to: rangeNumber(to, head) };
  if (range.to > head) {
    throw new InvalidParamsError(`block range extends beyond current head block: toBlock ${range.to}, head ${head}`);
  }
  if (range.from > range.to) {
    throw new InvalidParamsError(`invalid block range params: fromBlock ${range.from} is after toBlock ${range.to}`);
  }
  return range;
}

/** Log queries name blocks by number or tag only; a tag that is not a number is the head. */
export function rangeNumber(id: BlockId, head: bigint): bigint {
  return id.kind === 'number' ? id.number : head;
}
