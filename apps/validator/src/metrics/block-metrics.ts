import type { FinalBlockFacts } from '@heddle/node';
import { Counter, Histogram, type Registry } from 'prom-client';
import { laneMetrics } from './lane-metrics.ts';

/** Seconds. A block's timestamp has whole ones: the delay has them too, and may be below zero where clocks differ. */
const DELAY_BUCKETS = [1, 2, 3, 5, 10, 30, 120];

/** Counts what becomes final. */
export function blockMetrics(registry: Registry, wallMs: () => number): (block: FinalBlockFacts) => void {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const blocks = counter('heddle_final_blocks_total', 'Blocks that became final here');
  const transactions = counter('heddle_final_transactions_total', 'Transactions and deliveries in final blocks');
  const delay = new Histogram({
    name: 'heddle_finality_delay_seconds',
    help: 'From the timestamp of a block, in whole seconds, until it is final here',
    buckets: DELAY_BUCKETS,
    registers,
  });
  const gas = new Counter({
    name: 'heddle_shard_gas_total',
    help: 'Gas that chunks of final blocks took',
    labelNames: ['shard'],
    registers,
  });
  const missing = new Counter({
    name: 'heddle_shard_missing_total',
    help: 'Final blocks without a chunk of the shard',
    labelNames: ['shard'],
    registers,
  });
  const sectionGas = counter('heddle_section_gas_total', 'Gas that the global section of final blocks took');
  const votes = new Counter({
    name: 'heddle_votes_total',
    help: 'Final blocks whose certificate has the signature of this validator, and those without it',
    labelNames: ['result'],
    registers,
  });
  const skipped = counter(
    'heddle_views_skipped_total',
    'Views between final blocks of an epoch in which none was decided',
  );
  const lanes = laneMetrics(registry);
  let last: Pick<FinalBlockFacts, 'epoch' | 'view'> | null = null;
  return (block) => {
    blocks.inc();
    lanes(block);
    // The blocks that a control operation mines are of one view.
    if (last !== null && last.epoch === block.epoch) skipped.inc(Math.max(0, Number(block.view - last.view) - 1));
    last = block;
    transactions.inc(block.transactions);
    delay.observe(wallMs() / 1_000 - Number(block.timestamp));
    sectionGas.inc(Number(block.sectionGas));
    for (const [shard, used] of block.shardGas.entries()) {
      if (used === null) missing.inc({ shard });
      else gas.inc({ shard }, Number(used));
    }
    if (block.isSigned !== null) votes.inc({ result: block.isSigned ? 'signed' : 'missed' });
  };
}
