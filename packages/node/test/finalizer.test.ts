import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainStore, FinalBlockWrite, ValidatorStorage } from '@heddle/storage';
import { openValidatorStorage } from '@heddle/storage';
import { type Hash, type TupleCertificate, ZERO_HASH } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assembleBlock } from '../src/chain/block-execution.ts';
import { Chain } from '../src/chain/chain.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { Finalizer } from '../src/chain/finalizer.ts';
import { createDevnetGenesis } from '../src/genesis/devnet-genesis.ts';
import { buildGenesis } from '../src/genesis/genesis-block.ts';

const { genesis } = createDevnetGenesis({
  chainId: 31_337n,
  shardCount: 1,
  validatorCount: 1,
  accounts: [],
  balanceWei: 0n,
  blockTimeMs: 0,
  timestamp: 0n,
});
const built = buildGenesis(genesis);
const { write: start } = built;

let storage: ValidatorStorage;
let chain: Chain;
let finalizer: Finalizer;
let final: Hash[];
/** What a commit waits for. */
let disk: Promise<void>;
let commits: FinalBlockWrite[];

beforeEach(async () => {
  storage = await openValidatorStorage({ directory: null, genesis: start });
  disk = Promise.resolve();
  commits = [];
  chain = new Chain(built, slowStore(), () => null);
  final = [];
  const blockFinal = ({ hash }: ExecutedBlock): void => {
    expect(chain.tree.root.hash).toBe(hash);
    expect(storage.chain.head().hash).toBe(hash);
    final.push(hash);
  };
  finalizer = new Finalizer({ chain, events: { blockFinal } });
});

afterEach(() => storage.close());

function slowStore(): ChainStore {
  const { chain: store } = storage;
  const commit = async (write: FinalBlockWrite, applied: () => void): Promise<void> => {
    commits.push(write);
    await disk;
    await store.commit(write, applied);
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A block without new chunks on `parent`, in the tree. */
function add(parent: ExecutedBlock, view: bigint): ExecutedBlock {
  const terms = { view, leader: 0, randaoReveal: new Uint8Array(192).fill(Number(view)) };
  const block = assembleBlock(chain, parent, terms, [null], null);
  chain.tree.add(block);
  return block;
}

function finalization({ hash, block }: ExecutedBlock): TupleCertificate {
  const { view, header } = block;
  const tuple = { epoch: 0n, view, parentView: 0n, parentHash: header.parentHash, blockHash: hash };
  return {
    kind: 'finalize',
    tuple: { ...tuple, justificationRoot: ZERO_HASH },
    bitmap: Uint8Array.of(1),
    aggregate: new Uint8Array(96),
  };
}

describe('finalize', () => {
  test('commits the ancestors first, each told when it is readable; the certificate goes with its block', async () => {
    const first = add(chain.tree.root, 1n);
    const second = add(first, 2n);
    const third = add(second, 3n);
    const certificate = finalization(second);
    expect(await finalizer.finalize(certificate)).toBe(true);
    expect(final).toEqual([first.hash, second.hash]);
    expect(commits.map((write) => write.finalization)).toEqual([null, certificate]);
    expect(storage.chain.bestFinalization()).toEqual(certificate);
    expect(chain.tree.get(third.hash)).toBe(third);
  });

  test('a second time changes nothing, nor does an older one', async () => {
    const first = add(chain.tree.root, 1n);
    const second = add(first, 2n);
    await finalizer.finalize(finalization(second));
    expect(await finalizer.finalize(finalization(second))).toBe(true);
    expect(await finalizer.finalize(finalization(first))).toBe(true);
    expect(final).toEqual([first.hash, second.hash]);
  });

  test('concurrent calls commit each block once, in height order', async () => {
    const first = add(chain.tree.root, 1n);
    const second = add(first, 2n);
    const third = add(second, 3n);
    const results = await Promise.all([third, first, second].map((block) => finalizer.finalize(finalization(block))));
    expect(results).toEqual([true, true, true]);
    expect(final).toEqual([first.hash, second.hash, third.hash]);
  });

  test('a block that is not executed here is left to the caller', async () => {
    const unknown = { ...add(chain.tree.root, 1n), hash: ZERO_HASH };
    expect(await finalizer.finalize(finalization(unknown))).toBe(false);
    expect(final).toEqual([]);
  });

  test('drops the branch that lost', async () => {
    const winner = add(chain.tree.root, 1n);
    const loser = add(chain.tree.root, 2n);
    const onLoser = add(loser, 3n);
    await finalizer.finalize(finalization(winner));
    expect([loser, onLoser].map(({ hash }) => chain.tree.get(hash))).toEqual([null], null);
    expect(await finalizer.finalize(finalization(onLoser))).toBe(false);
  });
});

test.each(['memory', 'disk'])('tree and state move in the same moment: in %s', async (kind) => {
  const directory = kind === 'disk' ? await mkdtemp(join(tmpdir(), 'heddle-finalizer-')) : null;
  const opened = await openValidatorStorage({ directory, genesis: start });
  const own = new Chain(built, opened.chain, () => null);
  const moving = new Finalizer({ chain: own, events: { blockFinal: () => {} } });
  let isOver = false;
  let ticks = 0;
  const watch = async (): Promise<void> => {
    for (; !isOver; ticks++) {
      expect(own.tree.root.hash).toBe(opened.chain.head().hash);
      // In memory a commit is made of microtasks; the disk needs the event loop now and then.
      const isPause = kind === 'disk' && ticks % 50 === 49;
      await (isPause ? new Promise((resolve) => setImmediate(resolve)) : null);
    }
  };
  const watching = watch();
  try {
    for (let view = 1n; view <= 20n; view++) {
      const terms = { view, leader: 0, randaoReveal: new Uint8Array(192).fill(Number(view)) };
      const block = assembleBlock(own, own.tree.root, terms, [null], null);
      own.tree.add(block);
      await moving.finalize(finalization(block));
    }
  } finally {
    isOver = true;
    await watching;
    await opened.close();
    if (directory !== null) await rm(directory, { recursive: true });
  }
  expect(own.tree.root.height).toBe(20n);
  expect(ticks).toBeGreaterThan(100);
});

describe('commitNext', () => {
  test('commits one block that was never in the tree’s way', async () => {
    const first = add(chain.tree.root, 1n);
    await finalizer.commitNext(first);
    await finalizer.commitNext(first);
    expect(final).toEqual([first.hash]);
    expect(commits.map((write) => write.finalization)).toEqual([null]);
  });

  test('a block on another parent conflicts with what is final', async () => {
    const winner = add(chain.tree.root, 1n);
    const loser = add(chain.tree.root, 2n);
    await finalizer.commitNext(winner);
    await expect(finalizer.commitNext(loser)).rejects.toMatchObject({
      code: 'FINALITY_CONFLICT',
      facts: { height: 1n, ours: winner.hash, theirs: start.blockHash },
    });
    expect(final).toEqual([winner.hash]);
  });
});

describe('stop', () => {
  test('waits for the commit under way and lets no other begin', async () => {
    const first = add(chain.tree.root, 1n);
    const second = add(first, 2n);
    let spin: () => void = () => {};
    disk = new Promise((resolve) => {
      spin = resolve;
    });
    const finalizing = expect(finalizer.finalize(finalization(second))).rejects.toMatchObject({ code: 'STOPPED' });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(commits).toHaveLength(1);
    const stopping = finalizer.stop();
    spin();
    await stopping;
    await finalizing;
    expect(final).toEqual([first.hash]);
    await expect(finalizer.commitNext(second)).rejects.toMatchObject({ code: 'STOPPED' });
    expect(storage.chain.head().hash).toBe(first.hash);
  });
});
