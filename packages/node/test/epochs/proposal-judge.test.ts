import { type ProposalTuple, ZERO_HASH } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ExecutedBlock } from '../../src/chain/executed-block.ts';
import { ProposalJudge } from '../../src/consensus/proposal-judge.ts';
import { ShortChain, shortEpochs } from '../support/short-chain.ts';

const LENGTH = 4n;

let short: ShortChain;
let judge: ProposalJudge;
let boundary: ExecutedBlock;

beforeEach(async () => {
  short = await ShortChain.open(shortEpochs(LENGTH));
  boundary = short.grow(LENGTH);
  judge = new ProposalJudge({
    chain: short.chain,
    blocks: {
      executeFrom: (_block, hash) => {
        const known = short.chain.tree.get(hash);
        return known === null ? Promise.reject(new Error('it does not execute')) : Promise.resolve(known);
      },
    },
    validators: { epoch: 0n },
    leaders: [0],
  });
});

afterEach(() => short.close());

function tupleOf({ hash, block }: ExecutedBlock, changes: Partial<ProposalTuple> = {}): ProposalTuple {
  const { view, header } = block;
  const tuple = { epoch: 0n, view, parentView: view - 1n, parentHash: header.parentHash, blockHash: hash };
  return { ...tuple, justificationRoot: ZERO_HASH, ...changes };
}

const invalid = (rule: string): unknown =>
  expect.objectContaining({
    code: 'INVALID_BLOCK',
    facts: expect.objectContaining({ rule: expect.stringContaining(rule) }),
  });

describe('a block of the epoch', () => {
  test('is good up to the last one, and kept on disk', async () => {
    expect(short.chain.store.unfinalBlock(boundary.hash)).toBeNull();
    await judge.verify(boundary.block, tupleOf(boundary), 'peer');
    expect(short.chain.store.unfinalBlock(boundary.hash)).toEqual(boundary.block);
  });

  test.each([
    ['another view', { view: 9n }],
    ['another parent', { parentHash: ZERO_HASH }],
    ['another hash', { blockHash: ZERO_HASH }],
  ])('under a tuple with %s it is refused', async (_what, changes) => {
    await expect(judge.verify(boundary.block, tupleOf(boundary, changes), 'peer')).rejects.toEqual(
      invalid('not the block of its tuple'),
    );
  });

  test('on the last one is refused [B1]', async () => {
    const above = short.add(boundary);
    await expect(judge.verify(above.block, tupleOf(above), 'peer')).rejects.toEqual(invalid('epoch 0 ends at 4'));
  });
});

describe('a block proposed again', () => {
  const again = (block: ExecutedBlock): ProposalTuple => tupleOf(block, { view: 9n, parentHash: block.hash });

  test('is good if it is the last one, whatever the view [B2]', async () => {
    await judge.verify(boundary.block, again(boundary), 'peer');
    expect(short.chain.store.unfinalBlock(boundary.hash)).toEqual(boundary.block);
  });

  test('is refused if it is any other', async () => {
    const before = short.chain.tree.parent(boundary);
    if (before === null) throw new Error('the boundary has a parent');
    await expect(judge.verify(before.block, again(before), 'peer')).rejects.toEqual(invalid('only the last block'));
    const above = short.add(boundary);
    await expect(judge.verify(above.block, again(above), 'peer')).rejects.toEqual(invalid('only the last block'));
  });
});
