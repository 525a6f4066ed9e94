import type { Hash } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { UnavailableError } from '../src/errors.ts';
import { PREFETCHED_RANGES, REQUESTED_RANGE_BLOCKS } from '../src/limits.ts';
import type { FetchedRange } from '../src/peers/peer-link.ts';
import { BlockStream } from '../src/sync/block-stream.ts';
import { emptyBlock } from './support/blocks.ts';

const LENGTH = 300;
const chain: ExecutedBlock[] = [];
for (let height = 0; height < LENGTH; height++) chain.push(emptyBlock(chain.at(-1) ?? null));
const hashes: ReadonlyMap<bigint, Hash> = new Map(chain.slice(1).map(({ height, hash }) => [height, hash]));

/** What a peer gives for a range; it may be forged, short, or nothing. */
type Give = (from: bigint, to: bigint) => readonly ExecutedBlock[];

let asked: (readonly [from: bigint, to: bigint])[];
let running: number;
let mostRunning: number;

beforeEach(() => {
  asked = [];
  [running, mostRunning] = [0, 0];
});

/** A fetcher whose peers give what `give` says, after some turns of the event loop. */
function fetcherOf(give: Give): ConstructorParameters<typeof BlockStream>[0] {
  return {
    range: async (from, to, accept) => {
      asked.push([from, to]);
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      for (let turn = 0; turn < Number(from % 5n); turn++) await new Promise(setImmediate);
      running -= 1;
      const range: FetchedRange = { blocks: give(from, to).map(({ block }) => ({ block, chunks: [] })) };
      if (!accept(range)) throw new UnavailableError(`blocks ${from} to ${to}`);
      return range;
    },
    block: async (hash) => {
      const found = chain.find((block) => block.hash === hash);
      if (found === undefined) throw new UnavailableError(`block ${hash}`);
      return found.block;
    },
  };
}

async function readAll(stream: BlockStream, head: () => bigint = () => 0n): Promise<bigint[]> {
  const heights: bigint[] = [];
  for (let blocks = await stream.next(head()); blocks !== null; blocks = await stream.next(head())) {
    expect(blocks.length).toBeGreaterThan(0);
    heights.push(...blocks.map(({ block }) => block.header.number));
  }
  return heights;
}

const whole: Give = (from, to) => chain.slice(Number(from), Number(to) + 1);
const WANTED = [...hashes.keys()];

test('all blocks, lowest first, in ranges of which several are on their way at once, and no more', async () => {
  expect(await readAll(new BlockStream(fetcherOf(whole), hashes))).toEqual(WANTED);
  expect(asked).toHaveLength(Math.ceil(WANTED.length / REQUESTED_RANGE_BLOCKS));
  expect(mostRunning).toBe(PREFETCHED_RANGES);
});

test('whatever peers give at once, short or not, every block comes once and in its turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: REQUESTED_RANGE_BLOCKS })), async (lengths) => {
      const short: Give = (from, to) => whole(from, to).slice(0, lengths.next().value);
      expect(await readAll(new BlockStream(fetcherOf(short), hashes))).toEqual(WANTED);
    }),
    { numRuns: 30 },
  );
});

test('heights without a hash come with the block before: no range reaches over them', async () => {
  const holes = new Map([...hashes].filter(([height]) => height % 10n !== 0n));
  expect(await readAll(new BlockStream(fetcherOf(whole), holes))).toEqual([...holes.keys()]);
  expect(asked.every(([from, to]) => from / 10n === to / 10n)).toBe(true);
});

test('what has become final otherwise is not asked for any more', async () => {
  let head = 0n;
  const stream = new BlockStream(fetcherOf(whole), hashes);
  // Five ranges of 32 have been asked for until the second is: 224 is the end of the last one that is left out.
  const heights = await readAll(stream, () => {
    const before = head;
    if (head === 0n) head = 250n;
    return before;
  });
  expect(heights).toEqual(WANTED.filter((height) => height <= 160n || height > 224n));
});

describe('what is not what the links named', () => {
  test.each([
    ['another block', (from: bigint): readonly ExecutedBlock[] => [emptyBlock(chain[Number(from) - 1] ?? null, 7)]],
    ['nothing', (): readonly ExecutedBlock[] => []],
    ['blocks of other heights', (from: bigint, to: bigint) => whole(from - 1n, to - 1n)],
  ])('%s is not taken: where there is no range the block is asked for', async (_what, give) => {
    expect(await readAll(new BlockStream(fetcherOf(give), hashes))).toEqual(WANTED);
  });

  test('where nobody has a block it fails, and what was fetched behind it fails nobody', async () => {
    const missing = new Map(
      [...hashes].map(([height, hash]) => [height, height === 40n ? (`0x${'00'.repeat(32)}` as const) : hash]),
    );
    const stream = new BlockStream(fetcherOf(whole), missing);
    await expect(readAll(stream)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await new Promise(setImmediate);
  });
});
