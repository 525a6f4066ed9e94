import { producerOf, type SignatureScheme } from '@heddle/consensus';
import type { LaneReport } from '@heddle/execution';
import { BLS_SIGNATURE_BYTES, keccak256Hex } from '@heddle/primitives';
import { createVirtualTime, systemClock } from '@heddle/runtime';
import { type Chunk, type Hash, hashChunkHeader, ZERO_ADDRESS } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assembleBlock } from '../src/chain/block-execution.ts';
import { BlockService } from '../src/chain/block-service.ts';
import { ChunkCache } from '../src/chain/chunk-cache.ts';
import type { BuiltChunk } from '../src/chain/chunk-context.ts';
import { ChunkExecution } from '../src/chain/chunk-execution.ts';
import { ControlBlocks } from '../src/chain/control-blocks.ts';
import { RUN_AT_ONCE } from '../src/chain/control-runner.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { ExecutionReports } from '../src/chain/execution-reports.ts';
import { ValidatorsByEpoch } from '../src/epochs/epoch-validators.ts';
import { MAX_EXECUTION_REPORTS } from '../src/limits.ts';
import { createLogger, SILENT_LOGGER } from '../src/logger.ts';
import { Fetcher } from '../src/peers/fetcher.ts';
import { EMPTY_PEER, FakeLink } from './support/fake-link.ts';
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

let short: ShortChain;
/** What an execution waits for. */
let gate: PromiseWithResolvers<void>;
let executor: SlowExecutor;
let reports: ExecutionReports;
let execution: ChunkExecution;
let chunks: ChunkCache;
let blocks: BlockService;
let link: FakeLink;
let blamed: string[];

beforeEach(async () => {
  short = await ShortChain.open(shortEpochs(100n));
  gate = Promise.withResolvers();
  executor = new SlowExecutor(() => gate.promise);
  reports = new ExecutionReports(SILENT_LOGGER);
  const { chain } = short;
  execution = new ChunkExecution({ chain, executor, executions: reports, clock: systemClock });
  chunks = new ChunkCache();
  blamed = [];
  link = new FakeLink();
  const { scheduler } = createVirtualTime({ startWallMs: 0 });
  const fetcher = new Fetcher({
    clock: systemClock,
    link,
    scheduler,
    events: { blame: (peer, reason) => blamed.push(`${peer} ${reason}`) },
  });
  blocks = new BlockService({
    chain,
    chunks,
    fetcher,
    validatorsByEpoch: new ValidatorsByEpoch(chain, scheme),
    execution,
    sections: { check: () => Promise.resolve(null) },
    controlBlocks: new ControlBlocks({ chain, controlRunner: RUN_AT_ONCE }),
  });
});

afterEach(() => short.close());

/** Another validator's, on the same chain. */
function quickExecution(): ChunkExecution {
  const quick = new SlowExecutor(() => Promise.resolve());
  return new ChunkExecution({
    chain: short.chain,
    executor: quick,
    executions: new ExecutionReports(SILENT_LOGGER),
    clock: systemClock,
  });
}

/** Whose turn it is on the head. */
function producer(): number {
  const { producers } = new ValidatorsByEpoch(short.chain, scheme).ofChildren(short.chain.tree.root);
  return producerOf(producers, 0, short.chain.tree.root.height + 1n) ?? -1;
}

function build(on: ChunkExecution): Promise<BuiltChunk> {
  return on.build(short.chain.tree.root, 0, TERMS, producer(), []);
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
    expect(first).toMatchObject({ kind: 'executed', executed: { hash } });
    expect(second).toBe(first);
    expect(executor.verified).toBe(1);
    expect(reports.of(hash)).toMatchObject({ path: 'sequential', lanes: [0], disagreement: null });
  });

  test('that breaks a rule is invalid: its producer’s fault', async () => {
    const { chunk } = await producedChunk();
    const header = { ...chunk.header, gasUsed: 1n };
    const lying = hashChunkHeader(header);
    gate.resolve();
    const result = await blocks.executeChunk(short.chain.tree.root, { ...chunk, header }, lying);
    expect(result.kind).toBe('invalid');
    expect(chunks.executed(lying)).toBeNull();
  });

  test('has no verdict when its parent falls below the final block meanwhile: that is nobody’s fault', async () => {
    const { chunk, hash } = await producedChunk();
    const { root } = short.chain.tree;
    const running = blocks.executeChunk(root, chunk, hash);
    await moveOn();
    gate.resolve();
    expect(await running).toEqual({ kind: 'stale' });
    expect(await blocks.executeChunk(root, chunk, hash)).toEqual({ kind: 'stale' });
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
      return assembleBlock(chain, parent, terms, [{ executed, certificate }], null);
    };
    const [good, bad] = [await blockWith(parent), await blockWith(sibling)];
    expect((await blocks.executeFrom(good.block, good.hash, null)).hash).toBe(good.hash);
    await expect(blocks.executeFrom(bad.block, bad.hash, null)).rejects.toMatchObject({
      code: 'INVALID_BLOCK',
      facts: { blockHash: bad.hash, rule: 'the chunk of shard 0 stands on another parent' },
    });
  });
});

describe('the chunks of a block', () => {
  /** A block with one certified chunk, which is not executed here, and the chunk. */
  async function blockWithChunk(): Promise<{ readonly block: ExecutedBlock; readonly chunk: Chunk }> {
    const { chunk, hash } = await producedChunk();
    const { root } = short.chain.tree;
    const executed = { ...(await build(quickExecution())), chunk: null };
    const proof = { bitmap: Uint8Array.of(0b1111), aggregate: new Uint8Array(96) };
    const certificate = { shard: 0, parentBlockHash: root.hash, chunkHash: hash, ...proof };
    const terms = { view: 1n, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES) };
    gate.resolve();
    return { block: assembleBlock(short.chain, root, terms, [{ executed, certificate }], null), chunk };
  }

  const forge = (chunk: Chunk): Chunk => ({ ...chunk, body: { ...chunk.body, transactions: [Uint8Array.of(1)] } });

  test('are taken from what came along, if that is genuine', async () => {
    const { block, chunk } = await blockWithChunk();
    await blocks.executeFrom(block.block, block.hash, null, [forge(chunk), chunk]);
    expect(link.asked).toEqual([]);
    expect(executor.verified).toBe(1);
  });

  test('are fetched else; a forged copy is never executed and says nothing of the block', async () => {
    const { block, chunk } = await blockWithChunk();
    link.peers.set('0', { ...EMPTY_PEER, chunk: () => Promise.resolve(forge(chunk)) });
    link.peers.set('1', { ...EMPTY_PEER, chunk: () => Promise.resolve({ ...chunk }) });
    const executed = await blocks.executeFrom(block.block, block.hash, null, [forge(chunk)]);
    expect(executed.hash).toBe(block.hash);
    expect(blamed).toEqual(['0 answer: a forged chunk']);
    expect(executor.verified).toBe(1);
  });
});

describe('an own chunk', () => {
  test('has no result when its parent falls below the final block meanwhile', async () => {
    const { root } = short.chain.tree;
    const running = build(execution);
    await moveOn();
    gate.resolve();
    await expect(running).rejects.toMatchObject({ code: 'SUPERSEDED', facts: { blockHash: root.hash } });
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
