import { createSeededRandom } from '@heddle/runtime';
import {
  createMemoryMedium,
  type DiskStep,
  type MemoryMedium,
  openValidatorStorage,
  type Perform,
  type RewindRecord,
  type RewindTarget,
  readChainImage,
  type ValidatorStorage,
} from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import { describe, expect, test } from '@jest/globals';
import { MIN_STATE_CACHE_BYTES } from '../src/limits.ts';
import { finalEntries, reverted, takeSnapshot } from './support/rewinding.ts';

const NEVER = new Promise<never>(() => {});
const KEPT = 2;
const EPOCH = 4n;

interface Rewinding {
  readonly target: RewindTarget;
  readonly record: RewindRecord;
}

const open = (medium: MemoryMedium, genesis: TestChain['genesis']): Promise<ValidatorStorage> =>
  openValidatorStorage({ medium, genesis }, MIN_STATE_CACHE_BYTES, null, KEPT);

/** A validator that has gone on from a snapshot, with journals and a pool. */
async function settle(medium: MemoryMedium, kind: RewindTarget['kind']): Promise<Rewinding> {
  const chain = new TestChain(2);
  const storage = await open(medium, chain.genesis);
  for (let i = 0; i < 3; i++) await storage.chain.commit(chain.next());
  const snapshot = await takeSnapshot(storage.chain);
  const held = await storage.chain.holdCommits();
  const image = await readChainImage(await held.dump(), chain.genesis);
  held.release();
  for (let i = 0; i < 4; i++) await storage.chain.commit(chain.next());
  await storage.openJournal(0n);
  await storage.pool.append(Uint8Array.of(1), () => []);
  const record = reverted(storage.chain.rewindRecord(), snapshot, EPOCH);
  await storage.close();
  const targets: Record<RewindTarget['kind'], RewindTarget> = {
    block: { kind: 'block', block: snapshot },
    genesis: { kind: 'genesis' },
    image: { kind: 'image', image },
  };
  return { target: targets[kind], record };
}

async function rewind(medium: MemoryMedium, { target, record }: Rewinding): Promise<void> {
  const storage = await open(medium, new TestChain(2).genesis);
  await storage.rewind(target, record);
  expect(storage.pool.load()).toEqual([]);
  expect(storage.chain.rewindRecord()).toEqual(record);
  expect(await storage.newestEpoch()).toBe(EPOCH);
  await storage.close();
}

/** A rewind that ends before, in or after its step number `target`; null when it has no such step. */
async function crash(kind: RewindTarget['kind'], target: number, way: 'before' | 'part' | 'after'): Promise<boolean> {
  let armed = false;
  let step = 0;
  let died: () => void = () => {};
  const death = new Promise<'died'>((resolve) => {
    died = () => resolve('died');
  });
  const perform: Perform = (what: DiskStep, apply, applyPart) => {
    if (!armed || step++ !== target) return Promise.resolve(apply());
    if (way === 'after') apply();
    if (way === 'part') applyPart(Math.floor(what.bytes / 2));
    died();
    return NEVER;
  };
  const medium = createMemoryMedium(createSeededRandom(0), perform);
  const rewinding = await settle(medium, kind);
  armed = true;
  const end = await Promise.race([rewind(medium, rewinding).then(() => 'done'), death]);
  armed = false;
  if (target % 2 === 0) medium.kill();
  else medium.powerFailure(createSeededRandom(target));
  // What is there is a chain of this genesis, whichever.
  const found = await open(medium, new TestChain(2).genesis);
  expect(found.chain.blockByNumber(0n)).not.toBeNull();
  await found.close();
  await rewind(medium, rewinding);
  const whole = createMemoryMedium(createSeededRandom(0));
  await rewind(whole, await settle(whole, kind));
  expect(await finalEntries(medium)).toEqual(await finalEntries(whole));
  return end === 'died';
}

describe('whenever a kill or a power failure comes, the rewind is done by asking again:', () => {
  test.each(['block', 'genesis', 'image'] as const)('to a %s', async (kind) => {
    let steps = 0;
    for (let goesOn = true; goesOn; steps++) {
      goesOn = await crash(kind, steps, 'before');
      if (goesOn) await crash(kind, steps, 'part');
      if (goesOn) await crash(kind, steps, 'after');
    }
    expect(steps).toBeGreaterThan(5);
  });
});
