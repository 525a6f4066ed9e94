import { hexToBytes } from '@heddle/primitives';
import { BEACON_ROOTS_ADDRESS, type ChunkHeader, type RecoveredTransaction, type ShardId } from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';
import { SectionBench } from './bench.ts';

/** Bytes of one large transaction: nine of them are more than a section takes. */
const LARGE = 120 * 1_024;
const TIPS = 7n;

/** What happens before the first transaction, and how many may follow. */
export const sectionRoom: DirectedScenario = {
  name: 'section/room',
  run: () => {
    const bench = new SectionBench();
    limits(bench);
    tips(bench);
    beaconRoots(bench);
    historyOfWhoHasIt(bench);
  },
};

function limits(bench: SectionBench): void {
  const { gasLimit } = bench.context;
  const each = gasLimit / 3n;
  const heavy = [0n, 1n, 2n].map((nonce) => bench.sign(bench.user(0), { nonce, gasLimit: each }));
  expectThat(bench.refusal(heavy) === null, 'what is used counts, and what the next one declares');
  const small = { gasLimit: each + 60_000n };
  expectThat(bench.refusal(heavy.slice(0, 2), small) === null, 'a section is filled by what transactions use');
  expectThat(bench.refusal(heavy.slice(0, 2), { gasLimit: each + 20_000n }) !== null, 'a section keeps its gas limit');
  const large = (count: number): readonly RecoveredTransaction[] =>
    Array.from({ length: count }, (_, nonce) =>
      bench.sign(bench.user(0), { nonce: BigInt(nonce), data: new Uint8Array(LARGE), gasLimit: 2_000_000n }),
    );
  expectThat(bench.refusal(large(8)) === null, 'eight large transactions fit');
  expectThat(bench.refusal(large(9)) !== null, 'nine are more than 1 MiB');
  const missing = bench.chunks.map((chunk) => ({ ...chunk, height: 0n }));
  expectThat(bench.refusal([bench.sign(bench.user(0), {})], { chunks: missing }) !== null, 'no chunk, no transactions');
}

/** Tips of a coinbase of another shard are credited, whether or not there are transactions. */
function tips(bench: SectionBench): void {
  const recipient = bench.user(1).address;
  const chunks = withChunk(bench, 0, { coinbase: recipient, tips: TIPS });
  const outcome = bench.execute([], { chunks });
  const before = bench.states[1]?.account(recipient)?.balance ?? 0n;
  const after = outcome.changes[1]?.accounts.get(recipient)?.balance ?? 0n;
  expectThat(outcome.tips === TIPS && after - before === TIPS, 'tips are credited where they belong');
  const stale = withChunk(bench, 0, { coinbase: recipient, tips: TIPS, height: 0n });
  expectThat(bench.execute([], { chunks: stale }).tips === 0n, 'those of a missing shard were credited long ago');
}

/** Where the chunk was earlier than the block, the block's time has its root too. */
function beaconRoots(bench: SectionBench): void {
  for (const shard of [0, 1]) {
    const { changes } = bench.execute([], { chunks: earlier(bench, shard) });
    const writes = changes.map(({ storage }) => storage.has(BEACON_ROOTS_ADDRESS));
    expectThat(
      writes.every((is, of) => is === (of === shard)),
      `the root is repeated on shard ${shard} alone`,
    );
  }
}

/** A shard without a new chunk has no root of the height: those that have one are asked. */
function historyOfWhoHasIt(bench: SectionBench): void {
  const { timestamp } = bench.context;
  const data = hexToBytes(`0x${timestamp.toString(16).padStart(64, '0')}`);
  for (const shard of [0, 1]) {
    const present = earlier(bench, shard);
    const chunks = present.map((chunk, of) => (of === shard ? chunk : { ...chunk, height: 0n }));
    const ask = bench.sign(bench.user(0), { to: BEACON_ROOTS_ADDRESS, data });
    const { executed } = bench.execute([ask], { chunks });
    expectThat(executed[0]?.receipt.status === 1, `the root is read on shard ${shard}, which has it`);
  }
}

function earlier(bench: SectionBench, shard: ShardId): readonly ChunkHeader[] {
  return withChunk(bench, shard, { timestamp: bench.context.timestamp - 1n });
}

function withChunk({ chunks }: SectionBench, shard: ShardId, fields: Partial<ChunkHeader>): readonly ChunkHeader[] {
  return chunks.map((chunk, of) => (of === shard ? { ...chunk, ...fields } : chunk));
}
