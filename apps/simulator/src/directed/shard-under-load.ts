import { gasTarget, nextBaseFee, sendAllowances } from '@heddle/execution';
import type { ChunkHeader } from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';
import { chunkOf, HEIGHT } from './chunk-bench.ts';

const GAS_LIMIT = 40_000_000n;
const SHARDS = 4;
const BASE_FEE = 1_000_000_000n;
/** Chunk gas limits that a full queue weighs (protocol.md, Backpressure). */
const FULL = 4n;

/** What is asked of a shard costs, whoever does the work; and nobody fills the queue of one that is full or down. */
export const shardUnderLoad: DirectedScenario = {
  name: 'shard-under-load',
  run: () => {
    feesFollowWhatIsAsked();
    queuesAreBounded();
    expectThat(gasTarget(GAS_LIMIT, 3n) === GAS_LIMIT / 8n, 'a shard that missed three heights makes small chunks');
  },
};

function feesFollowWhatIsAsked(): void {
  const feeAfter = (gasUsed: bigint, queuedWeight: bigint): bigint =>
    nextBaseFee({ gasLimit: GAS_LIMIT, gasUsed, queuedWeight, baseFeePerGas: BASE_FEE });
  expectThat(feeAfter(0n, 0n) < BASE_FEE, 'an idle shard becomes cheaper');
  expectThat(feeAfter(GAS_LIMIT, 0n) > BASE_FEE, 'a full chunk makes the next one dearer');
  expectThat(feeAfter(0n, GAS_LIMIT) > BASE_FEE, 'a queue that stands makes its shard dearer');
  expectThat(feeAfter(GAS_LIMIT, 9n * GAS_LIMIT) <= BASE_FEE + BASE_FEE / 8n, 'by an eighth at most');
}

function queuesAreBounded(): void {
  const sources = Array.from({ length: SHARDS }, (_, shard) => shard);
  const sentTo = (target: ChunkHeader): bigint =>
    sources.reduce(
      (sum, shard) => sum + (sendAllowances({ shard, height: HEIGHT + 1n }, headersWith(target))[0] ?? 0n),
      0n,
    );
  const oneMessage = GAS_LIMIT / 2n;
  const empty = target(HEIGHT, 0n);
  expectThat(sentTo(empty) >= FULL * GAS_LIMIT, 'an empty queue has room for all');
  expectThat(sentTo(empty) <= FULL * GAS_LIMIT + oneMessage, 'together they fill it once');
  const full = target(HEIGHT, FULL * GAS_LIMIT);
  expectThat(
    sentTo(full) === oneMessage,
    'a full one takes one message of the source in turn, so that nothing deadlocks',
  );
  expectThat(sentTo(target(HEIGHT - 9n, 0n)) === 0n, 'a shard that is down takes nothing');
}

function target(height: bigint, queuedWeight: bigint): ChunkHeader {
  return { ...chunkOf(1).header, shard: 0, height, queuedWeight, gasLimit: GAS_LIMIT };
}

/** One chunk header a shard, the first being the one that is sent to. */
function headersWith(first: ChunkHeader): readonly ChunkHeader[] {
  return Array.from({ length: SHARDS }, (_, shard) => (shard === 0 ? first : { ...first, shard }));
}
