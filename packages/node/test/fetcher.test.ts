import { InvalidWireMessageError } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import type { Block, Chunk } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { FETCH_PAUSE_MS, FETCH_ROUNDS } from '../src/limits.ts';
import { Fetcher } from '../src/peers/fetcher.ts';
import { emptyBlock, emptyChunkAt } from './support/blocks.ts';
import { EMPTY_PEER, FakeLink, type FakePeer } from './support/fake-link.ts';

let time: VirtualTime;
let link: FakeLink;
let fetcher: Fetcher;
let blamed: string[];

const { hash, block } = emptyBlock(null);
const other = emptyBlock(null, 1).block;
const genuine = emptyChunkAt(1n, 0, 0);
const forged = emptyChunkAt(1n, 0, 0xff);

const refusing: FakePeer = {
  block: () => Promise.reject(new Error('garbage')),
  chunk: () => Promise.reject(new Error('garbage')),
  range: () => Promise.reject(new Error('garbage')),
  headers: () => Promise.reject(new Error('garbage')),
};
const isGenuine = (chunk: Chunk): boolean => chunk.signature[0] === 0;
const isAny = (): boolean => true;

function withBlock(answer: Block): FakePeer {
  return { ...EMPTY_PEER, block: () => Promise.resolve(answer) };
}

function withChunk(answer: Chunk): FakePeer {
  return { ...EMPTY_PEER, chunk: () => Promise.resolve(answer) };
}

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  link = new FakeLink();
  blamed = [];
  fetcher = new Fetcher({
    link,
    clock: time.clock,
    scheduler: time.scheduler,
    events: { blame: (peer, reason) => blamed.push(`${peer} ${reason}`) },
  });
});

describe('whom it asks', () => {
  test('the hinted peer first, then the others in order, until one has it', async () => {
    for (const peer of ['0', '1', '3']) link.peers.set(peer, EMPTY_PEER);
    link.peers.set('2', withBlock(block));
    expect(await fetcher.block(hash, '3')).toBe(block);
    expect(link.asked).toEqual(['3', '0', '1', '2']);
  });

  test('a hint that is not connected counts for nothing', async () => {
    link.peers.set('1', withBlock(block));
    expect(await fetcher.block(hash, '3')).toBe(block);
    expect(link.asked).toEqual(['1']);
  });

  test('a peer that did badly comes last until it does well', async () => {
    link.peers.set('0', refusing);
    link.peers.set('1', withBlock(block));
    await fetcher.block(hash, '0');
    await fetcher.block(hash, '0');
    expect(link.asked).toEqual(['0', '1', '1']);
    link.peers.set('0', withBlock(block));
    link.peers.set('1', EMPTY_PEER);
    await fetcher.block(hash, '0');
    await fetcher.block(hash, '0');
    expect(link.asked.slice(3)).toEqual(['1', '0', '0']);
  });

  test('everyone again after a pause; whoever has it by then will do', async () => {
    link.peers.set('0', EMPTY_PEER);
    const fetched = fetcher.block(hash, null);
    await time.advanceAsync(FETCH_PAUSE_MS - 1);
    link.peers.set('0', withBlock(block));
    expect(link.asked).toEqual(['0']);
    await time.advanceAsync(1);
    expect(await fetched).toBe(block);
    expect(time.pending()).toBe(0);
  });

  test('gives up after its rounds', async () => {
    link.peers.set('0', EMPTY_PEER);
    link.peers.set('1', refusing);
    const failed = expect(fetcher.block(hash, null)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      facts: { what: `block ${hash}` },
    });
    await time.advanceAsync(FETCH_PAUSE_MS * FETCH_ROUNDS);
    await failed;
    expect(link.asked).toHaveLength(2 * FETCH_ROUNDS);
    expect(time.pending()).toBe(0);
  });
});

describe('what it believes', () => {
  test('a block that hashes to something else is like none', async () => {
    link.peers.set('0', withBlock(other));
    link.peers.set('1', withBlock(block));
    expect(await fetcher.block(hash, null)).toBe(block);
  });

  test('garbage and time-outs are like nothing', async () => {
    link.peers.set('0', refusing);
    link.peers.set('1', withChunk(genuine.chunk));
    expect(await fetcher.chunk(genuine.hash, null, isAny)).toBe(genuine.chunk);
    expect(blamed).toEqual([]);
  });

  test('bytes that are no answer are their sender’s fault', async () => {
    const malformed: FakePeer = {
      ...EMPTY_PEER,
      block: () => Promise.reject(new InvalidWireMessageError('blockResponse', 'cut')),
    };
    link.peers.set('0', malformed);
    link.peers.set('1', withBlock(block));
    expect(await fetcher.block(hash, null)).toBe(block);
    expect(blamed).toEqual(['0 answer: malformed']);
  });

  test('a forged block under the hash that was asked for is its sender’s fault', async () => {
    link.peers.set('0', withBlock({ ...block, view: block.view + 1n }));
    link.peers.set('1', withBlock(block));
    expect(await fetcher.block(hash, null)).toBe(block);
    expect(link.asked).toEqual(['0', '1']);
    expect(blamed).toEqual(['0 answer: a forged block']);
  });

  test('a forged chunk is its sender’s fault: the next peer is asked', async () => {
    link.peers.set('0', withChunk(forged.chunk));
    link.peers.set('1', withChunk(emptyChunkAt(1n, 7).chunk));
    link.peers.set('2', withChunk(genuine.chunk));
    expect(await fetcher.chunk(genuine.hash, null, isGenuine)).toBe(genuine.chunk);
    expect(link.asked).toEqual(['0', '1', '2']);
    expect(blamed).toEqual(['0 answer: a forged chunk', '1 answer: a forged chunk']);
  });

  test('a range that is not accepted is asked of the next peer', async () => {
    const wanted = { blocks: [{ block, chunks: [] }] };
    link.peers.set('0', refusing);
    link.peers.set('1', EMPTY_PEER);
    link.peers.set('2', { ...EMPTY_PEER, range: () => Promise.resolve(wanted) });
    expect(await fetcher.range(0n, 0n, ({ blocks }) => blocks.length === 1)).toBe(wanted);
    expect(link.asked).toEqual(['0', '1', '2']);
  });
});

describe('concurrent fetches of one hash', () => {
  test('share the requests', async () => {
    link.peers.set('0', withBlock(block));
    const [first, second] = await Promise.all([fetcher.block(hash, null), fetcher.block(hash, null)]);
    expect([first, second]).toEqual([block, block]);
    expect(link.asked).toEqual(['0']);
  });

  test('judge each for themselves: what one takes the other may refuse', async () => {
    link.peers.set('0', withChunk(forged.chunk));
    link.peers.set('1', withChunk(genuine.chunk));
    const [lax, strict] = await Promise.all([
      fetcher.chunk(genuine.hash, null, isAny),
      fetcher.chunk(genuine.hash, null, isGenuine),
    ]);
    expect(lax).toBe(forged.chunk);
    expect(strict).toBe(genuine.chunk);
    expect(link.asked).toEqual(['0', '1']);
  });

  test('later ones ask again', async () => {
    link.peers.set('0', withBlock(block));
    await fetcher.block(hash, null);
    await fetcher.block(hash, null);
    expect(link.asked).toEqual(['0', '0']);
  });
});
