import { peerOf } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { KEY_WATCH_BLOCKS, KEY_WATCH_FRESH_SECONDS, KEY_WATCH_MS } from '../../src/limits.ts';
import { KeyWatch, type WatchVerdict } from '../../src/standalone/key-watch.ts';

const keyOf = (number: number): Uint8Array => new Uint8Array(48).fill(number);
const OWN = keyOf(1);
const OTHERS = [keyOf(2), keyOf(3), keyOf(4)];
const START_SECONDS = 1_700_000_000n;
const FRESH = START_SECONDS + KEY_WATCH_FRESH_SECONDS;

let time: VirtualTime;
let watch: KeyWatch;
let verdicts: WatchVerdict[] = [];

beforeEach(() => {
  time = createVirtualTime({ startWallMs: Number(START_SECONDS) * 1_000 });
  verdicts = [];
  watch = new KeyWatch({ publicKey: OWN, clock: time.clock, scheduler: time.scheduler }, (verdict) =>
    verdicts.push(verdict),
  );
  watch.start();
});

function finalBlocks(count: number, timestamp: bigint, signers: readonly Uint8Array[]): void {
  for (let height = 1n; height <= BigInt(count); height += 1n) watch.blockFinal({ height, timestamp, signers });
}

describe('a key is free', () => {
  test('after ten new blocks of others, not before', () => {
    finalBlocks(KEY_WATCH_BLOCKS - 1, FRESH, OTHERS);
    expect(verdicts).toEqual([]);
    finalBlocks(1, FRESH, OTHERS);
    expect(verdicts).toEqual([{ kind: 'free' }]);
  });

  test('after a minute without any, not before', () => {
    time.advance(KEY_WATCH_MS - 1);
    expect(verdicts).toEqual([]);
    time.advance(1);
    expect(verdicts).toEqual([{ kind: 'free' }]);
  });

  test('whatever it has signed before this start: old blocks tell nothing', () => {
    finalBlocks(100, FRESH - 1n, [OWN, ...OTHERS]);
    finalBlocks(100, FRESH - 1n, OTHERS);
    expect(verdicts).toEqual([]);
    finalBlocks(KEY_WATCH_BLOCKS, FRESH, OTHERS);
    expect(verdicts).toEqual([{ kind: 'free' }]);
  });
});

describe('a key is active', () => {
  test('when a new block has its signature, though it were the tenth', () => {
    finalBlocks(KEY_WATCH_BLOCKS - 1, FRESH, OTHERS);
    finalBlocks(1, FRESH, [OWN, ...OTHERS.slice(1)]);
    expect(verdicts).toEqual([{ kind: 'active', proof: expect.stringContaining('signed block 1') }]);
  });

  test('when a peer has it; others are others', () => {
    watch.peerConnected(peerOf(keyOf(2)));
    expect(verdicts).toEqual([]);
    watch.peerConnected(peerOf(OWN));
    expect(verdicts).toEqual([{ kind: 'active', proof: expect.stringContaining('another node') }]);
  });
});

test('there is one verdict, and none after a stop', () => {
  watch.peerConnected(peerOf(OWN));
  finalBlocks(100, FRESH, OTHERS);
  time.advance(10 * KEY_WATCH_MS);
  expect(verdicts).toHaveLength(1);
  const stopped = new KeyWatch({ publicKey: OWN, clock: time.clock, scheduler: time.scheduler }, () => {
    throw new Error('it was stopped');
  });
  stopped.start();
  stopped.stop();
  stopped.peerConnected(peerOf(OWN));
  time.advance(10 * KEY_WATCH_MS);
});
