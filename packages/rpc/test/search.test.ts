import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ClientGoneError } from '../src/errors.ts';
import { MAX_SEARCH_BLOCKS } from '../src/limits.ts';
import type { ChainReader } from '../src/ports.ts';
import { findBeginning } from '../src/search/first-block.ts';
import { refuseEmptyLimit, scanBlocks } from '../src/search/scan-blocks.ts';
import { FakeNode } from './support/fake-node.ts';

const NEVER = new AbortController().signal;

/** A chain of `length` blocks above genesis, all alike and empty, whose state is there from `oldest` on. */
function longChain(length: bigint, oldest: bigint): ChainReader {
  const node = new FakeNode();
  const { block, hash } = node.mine();
  const head = { ...node.chain.head, block: { ...block, header: { ...block.header, number: length } } };
  return {
    ...node.backend(true).chain,
    head: () => head,
    headerByNumber: () => ({ header: block.header, hash }),
    stateHistory: () => ({ oldest, keptBlocks: null }),
  };
}

describe('bisecting state', () => {
  test('finds the first block that shows it, or says that it is older than the state that is kept', async () => {
    const bound = fc.nat(500).map(BigInt);
    await fc.assert(
      fc.asyncProperty(bound, bound, fc.nat(600).map(BigInt), async (length, kept, begins) => {
        const oldest = kept > length ? length : kept;
        const asked: bigint[] = [];
        const found = await findBeginning(longChain(length, oldest), async (number) => {
          asked.push(number);
          return number >= begins;
        });
        if (begins > length) expect(found).toEqual({ kind: 'never' });
        else if (begins <= oldest && oldest > 0n) expect(found).toEqual({ kind: 'before', number: oldest });
        else expect(found).toEqual({ kind: 'block', number: begins });
        expect(asked.every((number) => number >= oldest && number <= length)).toBe(true);
        expect(asked.length).toBeLessThan(12);
      }),
      { numRuns: 50 },
    );
  });
});

describe('looking at blocks', () => {
  test('ends with the request', async () => {
    const gone = new AbortController();
    gone.abort(new ClientGoneError());
    const scan = scanBlocks(longChain(9n, 0n), { from: 9n, to: 0n }, gone.signal, async () => false);
    await expect(scan).rejects.toBeInstanceOf(ClientGoneError);
  });

  test('looks at no more than a limit, and only one that has found nothing then fails', async () => {
    const range = { from: MAX_SEARCH_BLOCKS, to: 0n };
    const end = await scanBlocks(longChain(MAX_SEARCH_BLOCKS, 0n), range, NEVER, async () => false);
    expect(end).toBe('limit');
    expect(() => refuseEmptyLimit(end, false)).toThrow('nothing was found in 100000 blocks');
    expect(() => refuseEmptyLimit(end, true)).not.toThrow();
    expect(await scanBlocks(longChain(9n, 0n), { from: 9n, to: 0n }, NEVER, async () => false)).toBe('all');
  });
});
