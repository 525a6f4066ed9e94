import type { ChunkInput } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import type { Hash } from '@heddle/types';
import { beforeEach, expect, test } from '@jest/globals';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { ViewDriver } from '../src/consensus/view-driver.ts';
import { BehindError, UnavailableError } from '../src/errors.ts';
import { MAX_MISSING_ANCESTORS, MAX_UNFINAL_ANCESTORS, PARENT_RETRY_MS } from '../src/limits.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { emptyBlock } from './support/blocks.ts';

const parent = emptyBlock(emptyBlock(null));
const ENTERED = { view: 7n, leader: 0, parentHash: parent.hash };

let time: VirtualTime;
/** What `ensure` comes to; null: the parent. */
let trouble: Error | null;
let isCatchingUp: boolean;
let asked: number;
/** How many ancestors `ensure` was to take up, call by call. */
let depths: (number | undefined)[];
let inputs: ChunkInput[];
let driver: ViewDriver;

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  trouble = new BehindError(parent.hash, 'more than 4 ancestors are missing');
  isCatchingUp = false;
  asked = 0;
  depths = [];
  inputs = [];
  const parts = {
    blocks: {
      ensure: (_hash: Hash, _hint: PeerId | null, maxAncestors?: number): Promise<ExecutedBlock> => {
        depths.push(maxAncestors);
        return trouble === null ? Promise.resolve(parent) : Promise.reject(trouble);
      },
    },
    scheduler: time.scheduler,
    log: SILENT_LOGGER,
    work: { enterView: () => {}, enterUnknown: () => {} },
    chain: {
      genesis: { chunkDeadlineMs: 100 },
      epochs: { boundaryOf: () => 1_000n },
      tree: { get: () => null },
    },
    validators: { epoch: 0n },
    inputs: { chunks: (input: ChunkInput) => inputs.push(input) },
    proposer: { onBoundary: () => {} },
    catchUp: {
      get active() {
        return isCatchingUp;
      },
    },
    timers: { prolong: () => {} },
    events: {
      fatal: (error: unknown) => {
        throw error;
      },
    },
  };
  driver = new ViewDriver(parts, () => {
    asked++;
  });
});

test('who is behind asks for what is final, and leaves the gap to catch-up', async () => {
  driver.enter(ENTERED);
  await time.advanceAsync(0);
  expect([asked, depths]).toEqual([1, [MAX_MISSING_ANCESTORS]]);
  isCatchingUp = true;
  await time.advanceAsync(PARENT_RETRY_MS);
  expect([asked, depths]).toEqual([2, [MAX_MISSING_ANCESTORS, MAX_MISSING_ANCESTORS]]);
  trouble = null;
  await time.advanceAsync(PARENT_RETRY_MS);
  expect(inputs).toMatchObject([{ kind: 'view', view: 7n, height: 2n }]);
  driver.stop();
  expect(time.pending()).toBe(0);
});

test('where nothing newer is final it takes up all that the others hold', async () => {
  driver.enter(ENTERED);
  await time.advanceAsync(PARENT_RETRY_MS);
  expect(depths).toEqual([MAX_MISSING_ANCESTORS, MAX_UNFINAL_ANCESTORS]);
  // A new view begins as the first did.
  driver.enter({ ...ENTERED, view: 8n });
  await time.advanceAsync(0);
  expect(depths.at(-1)).toBe(MAX_MISSING_ANCESTORS);
  driver.stop();
});

test('a parent that nobody supplies is asked for again, and no more than that', async () => {
  trouble = new UnavailableError('block');
  driver.enter(ENTERED);
  await time.advanceAsync(PARENT_RETRY_MS);
  expect([asked, depths]).toEqual([0, [MAX_MISSING_ANCESTORS, MAX_MISSING_ANCESTORS]]);
  driver.stop();
});
