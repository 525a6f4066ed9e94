import {
  decodeChunkResponse,
  decodeHeadersResponse,
  decodePoolResponse,
  decodeRangeResponse,
  encodeWireRequest,
  type MessageTooLargeError,
  type WireRequest,
} from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { type Block, type Chunk, type Hash, hashChunkHeader, type RecoveredTransaction } from '@heddle/types';
import { beforeEach, expect, test } from '@jest/globals';
import { Responder } from '../src/peers/responder.ts';
import { emptyBlock, emptyChunkAt, emptySection } from './support/blocks.ts';
import { impersonatedOf, transferOf } from './support/pool.ts';

const CHUNK_BYTES = 10_000;
const HEIGHTS = 100;
const AGGREGATE = new Uint8Array(96);

let time: VirtualTime;
let turns: number;
let blocks: Block[];
let chunks: Map<Hash, Chunk>;
let chunksRead: number;
let blocksRead: number;
let failures: unknown[];
let unsent: MessageTooLargeError[];
let pooled: readonly RecoveredTransaction[];

/** A block with two chunks of its own, at a height. */
function blockAt(height: number): Block {
  const { block } = emptyBlock(null);
  const entries = [0, 1].map((shard) => {
    const { chunk } = emptyChunkAt(BigInt(height), shard);
    const body = { transactions: [new Uint8Array(CHUNK_BYTES)], accessList: [] };
    const chunkHash = hashChunkHeader(chunk.header);
    chunks.set(chunkHash, { ...chunk, body });
    const certificate = {
      shard: 0,
      parentBlockHash: chunkHash,
      chunkHash,
      bitmap: Uint8Array.of(7),
      aggregate: AGGREGATE,
    };
    return { header: chunk.header, certificate };
  });
  return { ...block, header: { ...block.header, number: BigInt(height) }, chunks: entries, section: emptySection(2) };
}

function responder(maxRangeBytes: number): Responder {
  return new Responder({
    chain: {
      store: {
        blockByNumber: (height) => {
          blocksRead++;
          return blocks[Number(height)] ?? null;
        },
        blockByHash: () => null,
        unfinalBlock: () => null,
        bestFinalization: () => null,
        chunk: (hash) => {
          chunksRead++;
          return chunks.get(hash) ?? null;
        },
      },
      tree: { get: () => null },
    },
    chunks: { executed: () => null },
    pool: { all: () => pooled },
    scheduler: {
      after: (delayMs, task) => time.scheduler.after(delayMs, task),
      soon: (task) => {
        turns++;
        time.scheduler.soon(task);
      },
    },
    unsent: { unsent: (error) => unsent.push(error) },
    maxRangeBytes,
    events: { fatal: (error) => failures.push(error) },
  });
}

function asking(of: Responder, from: string, request: WireRequest): Promise<Uint8Array> {
  return of.answer(from, encodeWireRequest(request));
}

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  turns = 0;
  chunks = new Map();
  blocks = Array.from({ length: HEIGHTS }, (_, height) => blockAt(height));
  chunksRead = 0;
  blocksRead = 0;
  failures = [];
  unsent = [];
  pooled = [];
});

test('a range is read only as far as it goes into the answer, in as many turns', async () => {
  const answer = asking(responder(43_000), 'a', { kind: 'rangeRequest', from: 1n, to: 90n });
  await time.advanceAsync(0);
  const range = decodeRangeResponse(await answer);
  expect(range.blocks.map(({ chunks: sent }) => sent.length)).toEqual([2, 1]);
  expect([blocksRead, chunksRead]).toEqual([2, 4]);
  expect(turns).toBeGreaterThanOrEqual(blocksRead + chunksRead);
});

test('a block whose first chunk is larger than the range comes without', async () => {
  const answer = asking(responder(5_000), 'a', { kind: 'rangeRequest', from: 1n, to: 90n });
  await time.advanceAsync(0);
  expect(decodeRangeResponse(await answer).blocks).toMatchObject([{ block: { header: { number: 1n } }, chunks: [] }]);
  expect(chunksRead).toBe(1);
});

test('a pool is told without what nobody signed', async () => {
  pooled = [impersonatedOf(0n), transferOf(1n), impersonatedOf(2n)];
  const answer = asking(responder(50_000), 'a', { kind: 'poolRequest' });
  await time.advanceAsync(0);
  expect(decodePoolResponse(await answer)).toEqual([transferOf(1n).raw]);
});

test('headers end where the chain does', async () => {
  const answer = asking(responder(50_000), 'a', { kind: 'headersRequest', from: 90n, to: 200n });
  await time.advanceAsync(0);
  expect(decodeHeadersResponse(await answer).map(({ number }) => number)).toEqual(
    Array.from({ length: 10 }, (_, i) => BigInt(90 + i)),
  );
  expect(chunksRead).toBe(0);
});

test('the peers have their turns: who asks for much does not hold up who asks for little', async () => {
  const of = responder(50_000);
  const order: string[] = [];
  const [hash] = chunks.keys();
  for (let i = 0; i < 20; i++) {
    void asking(of, 'greedy', { kind: 'rangeRequest', from: 1n, to: 90n }).then(() => order.push('greedy'));
  }
  const modest = asking(of, 'modest', { kind: 'chunkRequest', hash: hash ?? '0x' });
  void modest.then(() => order.push('modest'));
  await time.advanceAsync(0);
  expect(order.indexOf('modest')).toBeLessThanOrEqual(2);
  expect(order).toHaveLength(21);
  expect(decodeChunkResponse(await modest)).not.toBeNull();
});

test('nonsense is refused and no more; a store that fails is the node’s end; neither ends the answering', async () => {
  const of = responder(50_000);
  await expect(of.answer('a', Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'INVALID_WIRE_MESSAGE' });
  expect(failures).toEqual([]);
  const damaged = new Error('checksum');
  blocks = new Proxy(blocks, {
    get: () => {
      throw damaged;
    },
  });
  await expect(asking(of, 'a', { kind: 'rangeRequest', from: 1n, to: 2n })).rejects.toBe(damaged);
  expect(failures).toEqual([damaged]);
  const none = asking(of, 'a', { kind: 'chunkRequest', hash: `0x${'00'.repeat(32)}` });
  await time.advanceAsync(0);
  expect(decodeChunkResponse(await none)).toBeNull();
});

test('an answer that no message holds is counted, and refused', async () => {
  const { chunk } = emptyChunkAt(7n);
  const hash = hashChunkHeader(chunk.header);
  chunks.set(hash, { ...chunk, body: { transactions: [new Uint8Array(17 * 1_024 * 1_024)], accessList: [] } });
  const refused = expect(asking(responder(1), 'a', { kind: 'chunkRequest', hash })).rejects.toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
  });
  await time.advanceAsync(0);
  await refused;
  expect([unsent.length, failures]).toEqual([1, []]);
});

test('after stop nothing is read and everyone is refused', async () => {
  const of = responder(50_000);
  const running = expect(asking(of, 'a', { kind: 'rangeRequest', from: 1n, to: 9n })).rejects.toMatchObject({
    code: 'STOPPED',
  });
  const waiting = expect(asking(of, 'b', { kind: 'rangeRequest', from: 1n, to: 9n })).rejects.toMatchObject({
    code: 'STOPPED',
  });
  of.stop();
  const read = blocksRead + chunksRead;
  await time.advanceAsync(0);
  await Promise.all([running, waiting]);
  expect(blocksRead + chunksRead).toBe(read);
  await expect(asking(of, 'a', { kind: 'poolRequest' })).rejects.toMatchObject({ code: 'STOPPED' });
  expect(failures).toEqual([]);
});

test('a stop between two answers is an error to nobody but who waits', async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown): unknown => unheard.push(error);
  process.on('unhandledRejection', note);
  const of = responder(50_000);
  const first = asking(of, 'a', { kind: 'poolRequest' });
  const second = expect(asking(of, 'b', { kind: 'poolRequest' })).rejects.toMatchObject({ code: 'STOPPED' });
  await first;
  of.stop();
  await second;
  await time.advanceAsync(0);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect([unheard, failures]).toEqual([[], []]);
});
