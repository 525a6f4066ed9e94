import { encodeFunctionData, type Hex } from 'viem';
import type { Subject } from '../../check.ts';
import { TALLY } from '../../tally.ts';
import { compiled, openWorld, type World } from '../../world.ts';

/** What the flows of viem work on: a tally that account 1 deployed. */
export interface Bench extends World {
  readonly tally: Hex;
  readonly purseCode: Hex;
}

export const RAISE: Hex = encodeFunctionData({ abi: TALLY, functionName: 'raise' });
export const OWNER = 1;
/** Accounts that reside on other shards than the owner wherever there are others. */
export const OTHERS = [2, 3, 4, 5] as const;

export async function openBench(subject: Subject): Promise<Bench> {
  const world = openWorld(subject);
  const code = compiled();
  const { contractAddress } = await world.done(world.wallet(OWNER).sendTransaction({ data: code('Tally') }));
  if (contractAddress === null || contractAddress === undefined) throw new Error('the tally was not created');
  return { ...world, tally: contractAddress, purseCode: code('Purse') };
}
