import { type ChunkRun, isLocal } from './chunk-run.ts';

/** Whether the coinbase lives here and is credited per transaction, as on Ethereum. */
export function coinbaseIsLocal(run: ChunkRun): boolean {
  return isLocal(run, run.context.coinbase);
}

/** Credits a tip at once, or keeps it for the section when the coinbase lives elsewhere. */
export function payTip(run: ChunkRun, tip: bigint): void {
  if (coinbaseIsLocal(run)) run.world.addBalance(run.context.coinbase, tip);
  else run.tips += tip;
}
