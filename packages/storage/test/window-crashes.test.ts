import { createSeededRandom } from '@heddle/runtime';
import { EMPTY_STATE, type StateSnapshot } from '@heddle/state';
import {
  createMemoryMedium,
  type DiskStep,
  type FinalBlockWrite,
  type MemoryMedium,
  openChainStore,
  type Perform,
} from '@heddle/storage';
import { expect, test } from '@jest/globals';
import { MIN_STATE_CACHE_BYTES } from '../src/limits.ts';
import { StateChain } from './support/state-chain.ts';
import { checkKeptStates, SeenMedium } from './support/stored-nodes.ts';

const NEVER = new Promise<never>(() => {});
const KEPT = 2;
const BLOCKS = 7;

/** The writes of a chain whose states nobody has stored. */
function chainOf(seed: number): { readonly chain: StateChain; readonly writes: readonly FinalBlockWrite[] } {
  const chain = new StateChain(createSeededRandom(seed), 2);
  const writes: FinalBlockWrite[] = [];
  let tips: readonly StateSnapshot[] = chain.layers;
  for (let i = 0; i < BLOCKS; i++) {
    const before = tips;
    const { tips: after, ...write } = chain.next((shard) => before[shard] ?? EMPTY_STATE);
    tips = after;
    writes.push(write);
  }
  return { chain, writes };
}

/** Commits what is missing. Closing waits for what is being deleted. */
async function live(medium: SeenMedium, { chain, writes }: ReturnType<typeof chainOf>): Promise<void> {
  const { genesis } = chain;
  const store = await openChainStore({ medium, genesis }, MIN_STATE_CACHE_BYTES, KEPT);
  for (const write of writes.slice(Number(store.head().block.header.number))) await store.commit(write);
  await store.close();
}

async function steps(made: ReturnType<typeof chainOf>): Promise<readonly DiskStep[]> {
  const seen: DiskStep[] = [];
  const perform: Perform = (step, apply) => {
    seen.push(step);
    return Promise.resolve(apply());
  };
  await live(new SeenMedium(createMemoryMedium(createSeededRandom(0), perform)), made);
  return seen;
}

/** A life on a fresh medium that ends before or after its step number `target`. */
async function crash(made: ReturnType<typeof chainOf>, target: number, applies: boolean): Promise<MemoryMedium> {
  let step = 0;
  let died: () => void = () => {};
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const perform: Perform = (_what, apply) => {
    if (step++ !== target) return Promise.resolve(apply());
    if (applies) apply();
    died();
    return NEVER;
  };
  const medium = createMemoryMedium(createSeededRandom(0), perform);
  await Promise.race([live(new SeenMedium(medium), made), death]);
  return medium;
}

/** Whatever of the window is there is whole; and when the chain has gone on to its end, nothing else is stored. */
async function checkRestart(medium: MemoryMedium, made: ReturnType<typeof chainOf>): Promise<void> {
  const seen = new SeenMedium(medium);
  const { genesis, contents } = made.chain;
  const store = await openChainStore({ medium: seen, genesis }, MIN_STATE_CACHE_BYTES, KEPT);
  checkKeptStates(store, contents);
  await store.close();
  await live(seen, made);
  const again = await openChainStore({ medium: seen, genesis }, MIN_STATE_CACHE_BYTES, KEPT);
  expect(again.stateHistory()).toMatchObject({ oldest: BigInt(BLOCKS - KEPT + 1), newest: BigInt(BLOCKS) });
  expect(await seen.nodes()).toEqual(checkKeptStates(again, contents));
  await again.close();
}

test('whenever a kill or a power failure comes, no state of the window is lost, and no node is left behind', async () => {
  const made = chainOf(1);
  const { length } = await steps(made);
  // Beside the commits there are deletions.
  expect(length).toBeGreaterThan(1 + 2 * BLOCKS);
  for (let target = 0; target < length; target++) {
    for (const applies of [false, true]) {
      const medium = await crash(made, target, applies);
      if (target % 3 === 0) medium.kill();
      else medium.powerFailure(createSeededRandom(target));
      await checkRestart(medium, made);
    }
  }
});
