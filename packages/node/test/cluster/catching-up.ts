import { blsScheme } from '@heddle/consensus';
import {
  decodeBlockResponse,
  decodeHeadersResponse,
  decodeRangeResponse,
  decodeWireRequest,
  encodeBlockResponse,
  encodeHeadersResponse,
  encodeRangeResponse,
} from '@heddle/network';
import type { Block, BlockHeader, Chunk } from '@heddle/types';
import { REQUEST_TIMEOUT_MS, REQUESTED_RANGE_BLOCKS } from '../../src/limits.ts';
import { PLAIN_NETWORK, TestNetwork, USUAL_TERMS } from '../support/network.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import { type Facts, type Scenario, scenario, transfers, VALIDATORS } from './scenario.ts';

const ONE_SHARD = { shardCount: 1, blockTimeMs: 0 };
const OTHERS = [0, 1, 2];
const LAGGARD = 3;
/** Five ranges. */
const GAP = 4n * BigInt(REQUESTED_RANGE_BLOCKS) + 1n;
/** Two ranges, once for each lie. */
const SHORT_GAP = BigInt(REQUESTED_RANGE_BLOCKS) + 1n;

/** Whom a newcomer that knows nobody asks first. */
function firstAsked(network: TestNetwork): number {
  return OTHERS.toSorted((a, b) => (network.peer(a) < network.peer(b) ? -1 : 1))[0] ?? 0;
}

/** The others make blocks that the laggard, which does not run, has to fetch. */
async function makeGap(network: TestNetwork, blocks: bigint): Promise<void> {
  const target = network.height + blocks;
  for (const index of OTHERS) network.node(index).wantHeight(target);
  await transfers(network, OTHERS, 4);
  await network.until('blocks of the others', () => network.height >= target);
  await network.idle();
}

/** What it took, virtual milliseconds. */
async function catchUp(network: TestNetwork): Promise<number> {
  const startedMs = network.time.clock.monotonicMs();
  await network.start(LAGGARD);
  await network.until('catching up', () => network.node(LAGGARD).chain.tree.root.height === network.height);
  return network.time.clock.monotonicMs() - startedMs;
}

/** One of three peers answers nothing, or late: asked once or twice, and then others. */
async function besideOneThat(network: TestNetwork, answer: Tampering['answer']): Promise<Facts> {
  let answers = 0;
  const tampering: Tampering = {
    ...HONEST,
    answer: (request, honest) => {
      answers += 1;
      return answer(request, honest);
    },
  };
  const bad = firstAsked(network);
  for (const index of OTHERS) await network.start(index, index === bad ? tampering : HONEST);
  await makeGap(network, GAP);
  answers = 0;
  const ms = await catchUp(network);
  return { wasAsked: answers > 0, withinTwoTimeouts: ms <= 2 * REQUEST_TIMEOUT_MS };
}

function slowPeer(network: TestNetwork): Promise<Facts> {
  return besideOneThat(network, async (_request, honest) => {
    await new Promise<void>((resolve) => network.time.scheduler.after(REQUEST_TIMEOUT_MS - 100, resolve));
    return honest;
  });
}

function stallingPeer(network: TestNetwork): Promise<Facts> {
  return besideOneThat(network, () => new Promise(() => {}));
}

interface Lie {
  block(block: Block): Block;
  chunk(chunk: Chunk): Chunk;
  headers(headers: readonly BlockHeader[]): readonly BlockHeader[];
}

const TRUTH: Lie = { block: (block) => block, chunk: (chunk) => chunk, headers: (headers) => headers };

const LIES: Readonly<Record<string, Lie>> = {
  'other headers': {
    ...TRUTH,
    headers: (headers) => headers.map((header) => ({ ...header, gasUsed: header.gasUsed + 1n })),
  },
  'no headers': { ...TRUTH, headers: () => [] },
  'blocks of another hash': {
    ...TRUTH,
    block: (block) => ({ ...block, header: { ...block.header, gasUsed: block.header.gasUsed + 1n } }),
  },
  'blocks with other contents': { ...TRUTH, block: (block) => ({ ...block, view: block.view + 1n }) },
  'chunks with other bodies': { ...TRUTH, chunk: (chunk) => ({ ...chunk, transactions: [Uint8Array.of(1)] }) },
  'chunks with another signature': { ...TRUTH, chunk: (chunk) => ({ ...chunk, signature: new Uint8Array(192) }) },
};

function told({ block, chunk, headers }: Lie, request: Uint8Array, honest: Uint8Array): Uint8Array {
  switch (decodeWireRequest(request).kind) {
    case 'blockRequest': {
      const found = decodeBlockResponse(honest);
      return encodeBlockResponse(found === null ? null : block(found));
    }
    case 'rangeRequest': {
      const range = decodeRangeResponse(honest);
      const blocks = range.blocks.map((entry) => ({ block: block(entry.block), chunks: entry.chunks.map(chunk) }));
      return encodeRangeResponse({ ...range, blocks });
    }
    case 'headersRequest':
      return encodeHeadersResponse(headers(decodeHeadersResponse(honest)));
    default:
      return honest;
  }
}

/** One of three peers tells a lie of each kind, each to a newcomer who knows nothing of the one before. */
async function lyingPeer(network: TestNetwork): Promise<Facts> {
  let lie = TRUTH;
  let answers = 0;
  const tampering: Tampering = {
    ...HONEST,
    answer: async (request, honest) => {
      answers += 1;
      return told(lie, request, honest);
    },
  };
  const liar = firstAsked(network);
  for (const index of OTHERS) await network.start(index, index === liar ? tampering : HONEST);
  const facts: Record<string, boolean> = {};
  for (const [name, next] of Object.entries(LIES)) {
    lie = TRUTH;
    await makeGap(network, SHORT_GAP);
    lie = next;
    answers = 0;
    await catchUp(network);
    const { blockedPeers } = network.node(LAGGARD);
    // Nobody but the liar is blamed; each final block is compared with the others' by the network itself.
    facts[name] = answers > 0 && [...blockedPeers.keys()].every((peer) => peer === network.peer(liar));
    await network.stop(LAGGARD);
  }
  await network.start(LAGGARD);
  await network.idle();
  return facts;
}

/** How many signatures a newcomer verifies for each block that it fetches. */
async function verifiedSignatures(): Promise<Facts> {
  let [single, aggregates] = [0, 0];
  const scheme: typeof blsScheme = {
    ...blsScheme,
    verify: (...check) => {
      single += 1;
      return blsScheme.verify(...check);
    },
    verifyAggregate: (...check) => {
      aggregates += 1;
      return blsScheme.verifyAggregate(...check);
    },
  };
  const options = { ...PLAIN_NETWORK, validatorCount: VALIDATORS, ...ONE_SHARD };
  const network = await TestNetwork.create(options, { ...USUAL_TERMS, scheme });
  try {
    for (const index of OTHERS) await network.start(index);
    await makeGap(network, GAP);
    const { chain } = network.storage(0);
    let chunks = 0;
    for (let height = 1n; height < network.height; height++) {
      chunks += chain.blockByNumber(height)?.chunks.filter(({ certificate }) => certificate !== null).length ?? 0;
    }
    [single, aggregates] = [0, 0];
    await catchUp(network);
    return { aFewAggregates: aggregates <= 8, oneForEachChunk: chunks > 20 && single <= chunks + 8 };
  } finally {
    await network.close();
  }
}

export const CATCHING_UP: readonly Scenario[] = [
  scenario('catching up beside a slow peer', ONE_SHARD, slowPeer),
  scenario('catching up beside a silent peer', ONE_SHARD, stallingPeer),
  scenario('catching up beside a liar', ONE_SHARD, lyingPeer),
  { name: 'signatures of what is final', run: verifiedSignatures },
];
