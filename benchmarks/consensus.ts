/**
 * What a committee costs: whole validators with real signatures and real execution in one process, on virtual time, with
 * 100 ms on every link. For each size: CPU time per final block and validator with what it was spent on, and how long a
 * block took until a validator had it final, in link delays.
 *
 * Usage: npm run bench -- consensus [--json] [VALIDATORSxSHARDS …]
 */
import { given, readCommandLine } from '@heddle/command-line';
import { FinalityMeter } from '../packages/node/test/support/finality.ts';
import { PLAIN_NETWORK, TestNetwork, USUAL_TERMS } from '../packages/node/test/support/network.ts';
import { type Profile, profiled } from './consensus-parts/profile.ts';

const LINK_DELAY_MS = 100;
/** Compiled code and filled caches, then the blocks that count. */
const WARM_UP_BLOCKS = 4n;
const LEAST_BLOCKS = 6n;
/** Small committees make more blocks: what is measured should be seconds. */
const VALIDATOR_BLOCKS = 400n;
const USUAL_SIZES: readonly string[] = ['4x1', '4x2', '31x1', '31x2', '64x1', '128x1'];

interface Size {
  readonly validators: number;
  readonly shards: number;
}

interface Result extends Size {
  readonly blocks: number;
  /** CPU time of the process, milliseconds per block and validator: everything, the bench's own work too. */
  readonly cpuMs: number;
  /** The same by part, as sampled. */
  readonly parts: Profile;
  /** In link delays, over all blocks and validators. */
  readonly fromProposal: Spread;
  readonly fromChunk: Spread;
}

interface Spread {
  readonly p50: number;
  readonly p90: number;
}

function parseSize(text: string): Size {
  const match = /^(\d+)x(\d+)$/.exec(text);
  if (match === null) throw new Error(`a size is VALIDATORSxSHARDS, not ${text}`);
  return { validators: Number(match[1]), shards: Number(match[2]) };
}

async function measure({ validators, shards }: Size): Promise<Result> {
  const network = await TestNetwork.create(
    { ...PLAIN_NETWORK, validatorCount: validators, shardCount: shards, blockTimeMs: 0 },
    // Above what an endorsement takes there and back, so that no block goes without its chunks.
    { ...USUAL_TERMS, genesis: { chunkDeadlineMs: 4 * LINK_DELAY_MS } },
  );
  try {
    const meter = new FinalityMeter(network, LINK_DELAY_MS);
    await network.startAll();
    meter.watch();
    const perSize = VALIDATOR_BLOCKS / BigInt(validators);
    const blocks = perSize > LEAST_BLOCKS ? perSize : LEAST_BLOCKS;
    const reach = async (height: bigint): Promise<void> => {
      for (const node of network.running.values()) node.wantHeight(height);
      const isThere = (): boolean =>
        [...network.running.values()].every((node) => node.chain.tree.root.height >= height);
      await network.until(`block ${height} everywhere`, isThere);
    };
    await reach(WARM_UP_BLOCKS);
    const before = process.cpuUsage();
    const profile = await profiled(() => reach(WARM_UP_BLOCKS + blocks));
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1_000 / Number(blocks) / validators;
    const times = meter.times.filter(({ height }) => height > WARM_UP_BLOCKS);
    return {
      validators,
      shards,
      blocks: Number(blocks),
      cpuMs: round(cpuMs),
      parts: shareOut(cpuMs, profile),
      fromProposal: spread(times.map(({ fromProposalMs }) => fromProposalMs / LINK_DELAY_MS)),
      fromChunk: spread(times.map(({ fromChunkMs }) => fromChunkMs / LINK_DELAY_MS)),
    };
  } finally {
    await network.close();
  }
}

/** CPU time by what was seen running: samples are in wall time, and other processes share the machine. */
function shareOut(cpuMs: number, profile: Profile): Profile {
  const sampledMs = Object.values(profile).reduce((sum, ms) => sum + ms, 0);
  const part = (ms: number): number => round((ms * cpuMs) / sampledMs);
  const { bls, engine, chunks, verification, codec, network, execution, node, bench, rest } = profile;
  return {
    bls: part(bls),
    engine: part(engine),
    chunks: part(chunks),
    verification: part(verification),
    codec: part(codec),
    network: part(network),
    execution: part(execution),
    node: part(node),
    bench: part(bench),
    rest: part(rest),
  };
}

function spread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p90: at(0.9) };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function lines({ validators, shards, blocks, cpuMs, parts, fromProposal, fromChunk }: Result): string {
  const split = Object.entries(parts).map(([part, ms]) => `${part} ${ms}`);
  return [
    `${validators} validators, ${shards} shard(s), ${blocks} blocks`,
    `  CPU per block and validator: ${cpuMs} ms (${split.join(', ')})`,
    `  finality in link delays: from the proposal p50 ${fromProposal.p50}, p90 ${fromProposal.p90}; from the chunk p50 ${fromChunk.p50}, p90 ${fromChunk.p90}`,
    '',
  ].join('\n');
}

const { flags, words } = await readCommandLine({
  runs: 'npm run bench -- consensus',
  about: 'What a committee costs; a size is VALIDATORSxSHARDS',
  words: '[SIZE...]',
  flags: { json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false } },
});
const results: Result[] = [];
for (const size of (words.length > 0 ? words : USUAL_SIZES).map(parseSize)) {
  const result = await measure(size);
  results.push(result);
  if (!flags.json) process.stdout.write(lines(result));
}
if (flags.json) process.stdout.write(`${JSON.stringify(results)}\n`);
