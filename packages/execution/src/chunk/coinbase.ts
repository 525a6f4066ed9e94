import { bigintToBytes, concatBytes, hexToBytes, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { ZERO_HASH } from '@heddle/types';
import { type ChunkRun, causeOf, isLocal } from './chunk-run.ts';

/** Whether the coinbase lives here and is credited per transaction, as on Ethereum. */
export function coinbaseIsLocal(run: ChunkRun): boolean {
  return isLocal(run, run.context.coinbase);
}

/** Credits a tip at once, or keeps it for settlement when the coinbase lives elsewhere. */
export function payTip(run: ChunkRun, tip: bigint): void {
  if (coinbaseIsLocal(run)) run.world.addBalance(run.context.coinbase, tip);
  else run.tips += tip;
}

/** At settlement: one Transfer with all the tips of a coinbase that lives elsewhere. */
export function sendTips(run: ChunkRun): void {
  const { coinbase, parentBlockHash, shard } = run.context;
  if (run.tips === 0n) return;
  const residence = run.rules.residence(run.world.unrecorded, coinbase);
  if (residence.kind === 'local') {
    run.world.addBalance(coinbase, run.tips);
    run.tips = 0n;
    return;
  }
  // No transaction is the cause. A shard has one chunk on a parent block of one chain, so this names it.
  const name = concatBytes(utf8ToBytes('heddle tips'), hexToBytes(parentBlockHash), bigintToBytes(BigInt(shard), 4));
  const cause = causeOf(keccak256Hex(name), ZERO_HASH, coinbase);
  run.emitted.push({
    kind: 'transfer',
    id: cause.nextId(),
    destination: residence.shard,
    originTx: cause.originTx,
    sender: cause.sender,
    target: coinbase,
    value: run.tips,
  });
  run.tips = 0n;
}
