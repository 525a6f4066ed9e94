import { Pacer } from '@heddle/execution';
import { BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import { type ControlOperation, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ControlBlocks } from '../src/chain/control-blocks.ts';
import type { ControlResult } from '../src/chain/control-execution.ts';
import { type ControlRunner, RUN_AT_ONCE, SharedControlRunner } from '../src/chain/control-runner.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { StoppedError, SupersededError } from '../src/errors.ts';
import { SectionBench, shardedGenesis } from './support/section-bench.ts';

const SHARDS = 2;
const GENESIS = shardedGenesis(SHARDS);
const TERMS = { view: 1n, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES) };
const BALANCE: ControlOperation = { kind: 'balance', address: `0x${'aa'.repeat(20)}`, value: 5n };
/** More heights than are done in one step. */
const RUN: ControlOperation = { kind: 'mine', count: 1_500n, firstTimestamp: GENESIS.timestamp, interval: 1n };

const open: SectionBench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

/** A validator's control blocks on a chain of its own, and how often the work was done for it. */
async function validator(
  runner: ControlRunner,
): Promise<{ bench: SectionBench; control: ControlBlocks; starts: number }> {
  const bench = await SectionBench.open(GENESIS);
  open.push(bench);
  const made = { bench, starts: 0 };
  const counting: ControlRunner = {
    run: (content, start) =>
      runner.run(content, () => {
        counted.starts += 1;
        return start();
      }),
  };
  const counted = { ...made, control: new ControlBlocks({ chain: bench.chain, controlRunner: counting }) };
  return counted;
}

const made = (
  { bench, control }: { readonly bench: SectionBench; readonly control: ControlBlocks },
  operations: readonly ControlOperation[],
): Promise<ExecutedBlock> => {
  const parent = bench.chain.tree.root;
  return control.execute(parent, TERMS, { number: 0n, parentHash: parent.hash, operations });
};

/** Each turn ends at the first pause. */
const impatient = (): Pacer => {
  let now = 0;
  return new Pacer(() => (now += 1_000_000));
};

describe('control blocks of validators in one process', () => {
  test('are executed once, and are the same as by oneself; each has the state on its own store', async () => {
    const runner = new SharedControlRunner(impatient);
    const [one, other, alone] = [await validator(runner), await validator(runner), await validator(RUN_AT_ONCE)];
    const blocks = await Promise.all([made(one, [BALANCE, RUN]), made(other, [BALANCE, RUN])]);
    const expected = await made(alone, [BALANCE, RUN]);
    expect(blocks.map(({ hash }) => hash)).toEqual([expected.hash, expected.hash]);
    expect([one.starts, other.starts, alone.starts]).toEqual([1, 0, 1]);
    // What another found is written to its own store, and goes on from there.
    const [, own] = blocks;
    if (own === undefined) throw new Error('two blocks');
    other.bench.chain.tree.add(own);
    await other.bench.finalize(own);
    const [shard] = other.bench.chain.tree.root.shards;
    const lastDerived = own.derived?.hashes.at(-1) ?? '0x';
    expect(shard?.state.storage(HISTORY_STORAGE_ADDRESS, RUN.kind === 'mine' ? RUN.count - 1n : 0n)).toBe(
      BigInt(lastDerived),
    );
    const next = await other.bench.add(other.bench.chain.tree.root, {
      chunks: Array.from({ length: SHARDS }, () => []),
      section: [],
    });
    expect(next.height).toBe(1_501n);
  });

  test('other operations on the same parent are other work, and the last result is what is remembered', async () => {
    const runner = new SharedControlRunner(impatient);
    const [one, other] = [await validator(runner), await validator(runner)];
    const first = await made(one, [BALANCE]);
    const second = await made(other, [{ ...BALANCE, value: 6n }]);
    expect(second.hash).not.toBe(first.hash);
    expect((await made(one, [BALANCE])).hash).toBe(first.hash);
    expect([one.starts, other.starts]).toEqual([2, 1]);
  });

  test('what keeps one validator from the end keeps no other', async () => {
    const runner = new SharedControlRunner(impatient);
    const [one, other] = [await validator(runner), await validator(runner)];
    const broken = made(one, [RUN]);
    const waiting = made(other, [RUN]);
    one.control.stop();
    await expect(broken).rejects.toThrow(StoppedError);
    expect((await waiting).height).toBe(1_500n);
    expect(other.starts).toBe(1);
  });

  test('there is none when another block has become final meanwhile', async () => {
    const one = await validator(new SharedControlRunner(impatient));
    const rival = await one.bench.add(one.bench.chain.tree.root, {
      chunks: Array.from({ length: SHARDS }, () => []),
      section: [],
    });
    const late = made(one, [RUN]);
    await one.bench.finalize(rival);
    await expect(late).rejects.toThrow(SupersededError);
  });
});

describe('the shared runner', () => {
  test('rests at pauses, so that others have their turns', async () => {
    const turns: string[] = [];
    const error = new Error('the end');
    const steps = function* (): Generator<void, ControlResult> {
      turns.push('first');
      yield;
      turns.push('second');
      throw error;
    };
    setImmediate(() => turns.push('another'));
    const run = new SharedControlRunner(impatient).run(`0x${'00'.repeat(32)}`, steps);
    await expect(run).rejects.toBe(error);
    expect(turns).toEqual(['first', 'another', 'second']);
  });
});
