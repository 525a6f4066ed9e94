import type { SignatureScheme } from '@heddle/consensus';
import type { LaneReport } from '@heddle/execution';
import { BLS_SIGNATURE_BYTES, keccak256Hex } from '@heddle/primitives';
import { createVirtualTime } from '@heddle/runtime';
import { type Chunk, type Hash, signTransaction, ZERO_ADDRESS } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assembleBlock } from '../src/chain/block-execution.ts';
import { BlockService } from '../src/chain/block-service.ts';
import { ChunkCache } from '../src/chain/chunk-cache.ts';
import { type BuiltChunk, ChunkExecution } from '../src/chain/chunk-execution.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { ExecutionReports } from '../src/chain/execution-reports.ts';
import { Committees } from '../src/epochs/committee.ts';
import { MAX_EXECUTION_REPORTS } from '../src/limits.ts';
import { createLogger, SILENT_LOGGER } from '../src/logger.ts';
import { Fetcher } from '../src/peers/fetcher.ts';
import { FakeLink } from './support/fake-link.ts';
import { ShortChain, shortEpochs } from './support/short-chain.ts';
import { SlowExecutor } from './support/slow-executor.ts';

/** Takes every signature for good. */
const scheme: SignatureScheme = {
  verify: () => true,
  aggregate: () => null,
  verifyAggregate: () => true,
  verifyAll: () => true,
};
const TERMS = { timestamp: 5n, coinbase: ZERO_ADDRESS };
/** Of height 1 and shard 0 among four validators. */
const PRODUCER = 1;

let short: ShortChain;
/** What an execution waits for. */
let gate: PromiseWithResolvers<void>;
let executor: SlowExecutor;
let reports: ExecutionReports;
let execution: ChunkExecution;
let chunks: ChunkCache;
let blocks: BlockService;

beforeEach(async () => {
  short = await ShortChain.open(shortEpochs(100n));
  gate = Promise.withResolvers();
  executor = new SlowExecutor(() => gate.promise);
  reports = new ExecutionReports(SILENT_LOGGER);
  const { chain } = short;
  execution = new ChunkExecution({ chain, executor, reports });
  chunks = new ChunkCache();
  const fetcher = new Fetcher(new FakeLink(), createVirtualTime({ startWallMs: 0 }).scheduler);
  blocks = new BlockService({ chain, chunks, fetcher, committees: new Committees(chain, scheme), execution });
});

afterEach(() => short.close());

/** Another validator's, on the same chain. */
function quickExecution(): ChunkExecution {
  const quick = new SlowExecutor(() => Promise.resolve());
  return new ChunkExecution({ chain: short.chain, executor: quick, reports: new ExecutionReports(SILENT_LOGGER) });
}

function build(on: ChunkExecution): Promise<BuiltChunk> {
  return on.build(short.chain.tree.root, 0, TERMS, PRODUCER, []);
}

/** A chunk without transactions on the head, as its producer sends it. */
async function producedChunk(): Promise<{ readonly chunk: Chunk; readonly hash: Hash }> {
  const { header, hash, outcome } = await build(quickExecution());
  const body = { transactions: [], accessList: outcome.accessList };
  return { hash, chunk: { header, body, signature: new Uint8Array(BLS_SIGNATURE_BYTES) } };
}

/** The head becomes one that is two blocks further. */
async function moveOn(): Promise<void> {
  const { root } = short.chain.tree;
  await short.finalize(short.add(short.add(root)));
}

describe('a chunk from outside', () => {
  test('is executed once for all who ask at the same time', async () => {
    const { chunk, hash } = await producedChunk();
    const { root } = short.chain.tree;
    const both = [blocks.executeChunk(root, chunk, hash), blocks.executeChunk(root, { ...chunk }, hash)];
    gate.resolve();
    const [first, second] = await Promise.all(both);
    expect(first?.hash).toBe(hash);
    expect(second).toBe(first);
    expect(executor.verified).toBe(1);
    expect(reports.of(hash)).toMatchObject({ path: 'sequential', lanes: [0], disagreement: null });
  });

  test('is judged by its own copy when another one under its hash is forged', async () => {
    const { chunk, hash } = await producedChunk();
    const { root } = short.chain.tree;
    const transaction = signTransaction(
      {
        type: 0,
        chainId: 31_337n,
        nonce: 0n,
        gasPrice: 10n ** 9n,
        gasLimit: 21_000n,
        to: null,
        value: 0n,
        data: new Uint8Array(),
      },
      new Uint8Array(32).fill(7),
    );
    const forged = { ...chunk, body: { ...chunk.body, transactions: [transaction.raw] } };
    const bad = blocks.executeChunk(root, forged, hash);
    const good = blocks.executeChunk(root, chunk, hash);
    gate.resolve();
    await expect(bad).rejects.toMatchObject({ code: 'INVALID_BLOCK', blockHash: hash });
    expect((await good).hash).toBe(hash);
    expect(executor.verified).toBe(2);
  });

  test('with a list that the header does not commit is not executed at all', async () => {
    const { chunk, hash } = await producedChunk();
    const lying = { ...chunk, body: { ...chunk.body, accessList: [] } };
    await expect(blocks.executeChunk(short.chain.tree.root, lying, hash)).rejects.toMatchObject({
      code: 'INVALID_BLOCK',
      rule: 'the access list is not the one that the header commits',
    });
    expect(executor.verified).toBe(0);
  });

  test('has no result when its parent falls below the final block meanwhile', async () => {
    const { chunk, hash } = await producedChunk();
    const { root } = short.chain.tree;
    const running = blocks.executeChunk(root, chunk, hash);
    await moveOn();
    gate.resolve();
    await expect(running).rejects.toMatchObject({ code: 'SUPERSEDED', blockHash: root.hash });
    expect(chunks.executed(hash)).toBeNull();
    expect(reports.of(hash)).toBeNull();
  });

  test('has a result when its parent becomes the final block meanwhile', async () => {
    const tip = short.add(short.chain.tree.root);
    const terms = { ...TERMS, timestamp: tip.block.header.timestamp };
    const running = execution.build(tip, 0, terms, 2, []);
    await short.finalize(tip);
    gate.resolve();
    const { hash } = await running;
    expect(hash).toBe((await quickExecution().build(short.chain.tree.root, 0, terms, 2, [])).hash);
  });

  test('is dropped when the validator stops meanwhile', async () => {
    const { chunk, hash } = await producedChunk();
    const running = blocks.executeChunk(short.chain.tree.root, chunk, hash);
    execution.stop();
    gate.resolve();
    await expect(running).rejects.toMatchObject({ code: 'STOPPED' });
    expect(chunks.executed(hash)).toBeNull();
    await expect(blocks.executeChunk(short.chain.tree.root, chunk, hash)).rejects.toMatchObject({ code: 'STOPPED' });
    expect(executor.verified).toBe(1);
  });
});

describe('a block', () => {
  test('does not take a certified chunk that stands on a sibling of its parent, though it is executed here', async () => {
    const { chain } = short;
    const [parent, sibling] = [short.add(chain.tree.root, 1n), short.add(chain.tree.root, 2n)];
    const blockWith = async (on: ExecutedBlock): Promise<ExecutedBlock> => {
      const built = await quickExecution().build(on, 0, { ...TERMS, timestamp: 6n }, 2, []);
      const executed = { ...built, chunk: null };
      chunks.remember(executed);
      const proof = { bitmap: Uint8Array.of(0b1111), aggregate: new Uint8Array(96) };
      const certificate = { shard: 0, parentBlockHash: on.hash, chunkHash: built.hash, ...proof };
      const terms = { view: 3n, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES) };
      return assembleBlock(chain, parent, terms, [{ executed, certificate }]);
    };
    const [good, bad] = [await blockWith(parent), await blockWith(sibling)];
    expect((await blocks.executeFrom(good.block, good.hash, null)).hash).toBe(good.hash);
    await expect(blocks.executeFrom(bad.block, bad.hash, null)).rejects.toMatchObject({
      code: 'INVALID_BLOCK',
      blockHash: bad.hash,
      rule: 'the chunk of shard 0 stands on another parent',
    });
  });
});

describe('an own chunk', () => {
  test('has no result when its parent falls below the final block meanwhile', async () => {
    const { root } = short.chain.tree;
    const running = build(execution);
    await moveOn();
    gate.resolve();
    await expect(running).rejects.toMatchObject({ code: 'SUPERSEDED', blockHash: root.hash });
  });

  test('is dropped when the validator stops meanwhile', async () => {
    const running = build(execution);
    execution.stop();
    gate.resolve();
    await expect(running).rejects.toMatchObject({ code: 'STOPPED' });
  });
});

describe('reports', () => {
  const report: LaneReport = {
    path: 'validator',
    lanes: [1],
    conflicts: 0,
    reexecutions: 0,
    handedBack: 0,
    disagreement: null,
    microseconds: { prepare: 1, run: 2, finish: 3 },
  };
  const hashOf = (number: number): Hash => keccak256Hex(Uint8Array.of(number & 0xff, number >> 8));

  test('are kept for the newest chunks only', () => {
    for (let number = 0; number <= MAX_EXECUTION_REPORTS; number++) reports.add(hashOf(number), report);
    expect(reports.of(hashOf(0))).toBeNull();
    expect(reports.of(hashOf(1))).toBe(report);
    expect(reports.of(hashOf(MAX_EXECUTION_REPORTS))).toBe(report);
  });

  test('of a disagreement are counted, and the operator hears what to do', () => {
    const lines: string[] = [];
    const levels = { base: 'error', modules: new Map() } as const;
    const log = createLogger({ levels, format: 'json', write: (line) => lines.push(line), wallMs: () => 0 });
    const loud = new ExecutionReports(log);
    loud.add(hashOf(1), report);
    loud.add(hashOf(2), { ...report, path: 'sequential', disagreement: '0xabc is listed, but nothing touches it' });
    expect(loud.disagreements).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('report this bug');
    expect(lines[0]).toContain(hashOf(2));
    expect(lines[0]).toContain('nothing touches it');
  });
});
