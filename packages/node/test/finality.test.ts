import { expect, test } from '@jest/globals';
import { FinalityMeter } from './support/finality.ts';
import { PLAIN_NETWORK, TestNetwork, USUAL_TERMS } from './support/network.ts';

const DELAY_MS = 100;
const BLOCKS = 5n;

test.each([
  { validatorCount: 4, shardCount: 1 },
  { validatorCount: 4, shardCount: 2 },
  { validatorCount: 7, shardCount: 1 },
])('final three link delays after the proposal, five after the chunk: %o', async (size) => {
  // The deadline for chunks is above what an endorsement takes there and back.
  const terms = { ...USUAL_TERMS, genesis: { chunkDeadlineMs: 4 * DELAY_MS } };
  const network = await TestNetwork.create({ ...PLAIN_NETWORK, ...size, blockTimeMs: 0 }, terms);
  try {
    const meter = new FinalityMeter(network, DELAY_MS);
    await network.startAll();
    meter.watch();
    const nodes = [...network.running.values()];
    for (const node of nodes) node.wantHeight(BLOCKS);
    await network.until('the blocks', () => nodes.every(({ chain }) => chain.tree.root.height >= BLOCKS));
    expect(meter.times).toHaveLength(Number(BLOCKS) * size.validatorCount);
    expect(new Set(meter.times.map(({ fromProposalMs }) => fromProposalMs))).toEqual(new Set([3 * DELAY_MS]));
    expect(new Set(meter.times.map(({ fromChunkMs }) => fromChunkMs))).toEqual(new Set([5 * DELAY_MS]));
  } finally {
    await network.close();
  }
});
