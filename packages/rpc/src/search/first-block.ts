import { headNumber } from '../chain/resolve.ts';
import type { ChainReader } from '../ports.ts';

/** Where something that state shows has begun. */
export type Beginning =
  /** In this block: its state shows it, its parent's does not. */
  | { readonly kind: 'block'; readonly number: bigint }
  /** Before the oldest block whose state is there; only blocks themselves can tell. */
  | { readonly kind: 'before'; readonly number: bigint }
  | { readonly kind: 'never' };

/** Bisects the blocks whose state is kept. `holds`: at a block; once true it stays so. */
export async function findBeginning(
  chain: ChainReader,
  holds: (number: bigint) => Promise<boolean>,
): Promise<Beginning> {
  let without = chain.oldestState();
  let within = headNumber(chain);
  if (!(await holds(within))) return { kind: 'never' };
  if (await holds(without)) {
    return without === 0n ? { kind: 'block', number: 0n } : { kind: 'before', number: without };
  }
  while (without + 1n < within) {
    const middle = (without + within) / 2n;
    if (await holds(middle)) within = middle;
    else without = middle;
  }
  return { kind: 'block', number: within };
}
