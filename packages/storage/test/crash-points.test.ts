import type { JournalRecord, SignerRecord } from '@heddle/consensus';
import { createSeededRandom } from '@heddle/runtime';
import {
  createMemoryMedium,
  type DiskStep,
  type FinalBlockWrite,
  type MemoryMedium,
  openValidatorStorage,
  type Perform,
} from '@heddle/storage';
import { checkFlatState, TestChain } from '@heddle/storage/conformance';
import { expect, test } from '@jest/globals';
import { MIN_STATE_CACHE_BYTES } from '../src/limits.ts';
import { epochSwitch, floor, nullification, nullify, recordsOfView } from './support/records.ts';

const NEVER = new Promise<never>(() => {});
const chain = new TestChain(2);
const writes: readonly FinalBlockWrite[] = [chain.next(), chain.next()];

const appends: readonly (readonly JournalRecord[])[] = [
  [epochSwitch(0n)],
  recordsOfView(3n),
  [nullify(7n), floor(6n), nullify(7n), nullification(7n)],
  [nullify(9n)],
];

const signed: readonly SignerRecord[] = [3n, 7n, 9n].map((position) => ({
  slot: '0/nullify',
  position,
  scope: '',
  digest: `0x${position.toString(16).padStart(64, '0')}`,
  signature: new Uint8Array(96).fill(Number(position)),
}));

/** What the process was told to be durable. */
interface Told {
  opened: boolean;
  appends: number;
  signatures: number;
  blocks: number;
  commits: number;
}

/** A validator's life as its storage sees it: sign, store the block, journal, commit. */
async function live(medium: MemoryMedium, told: Told): Promise<void> {
  const storage = await openValidatorStorage({ medium, genesis: chain.genesis }, MIN_STATE_CACHE_BYTES);
  told.opened = true;
  for (const [index, append] of appends.entries()) {
    const record = signed[index];
    if (record !== undefined) await storage.signerStore.append(record);
    if (record !== undefined) told.signatures += 1;
    const write = writes[index];
    if (write !== undefined) await storage.chain.putBlock(write.blockHash, write.block);
    if (write !== undefined) told.blocks += 1;
    await (await storage.openJournal(0n)).append(append);
    told.appends += 1;
    if (write !== undefined) await storage.chain.commit(write);
    if (write !== undefined) told.commits += 1;
  }
  await (await storage.openJournal(1n)).append([epochSwitch(1n)]);
  await storage.removeJournalsBelow(1n);
  await storage.close();
}

type Fault = 'before' | 'torn' | 'after' | 'error';

/** Runs a life on a fresh medium and does `fault` to its step number `target`. */
async function crash(target: number, fault: Fault, seed: number): Promise<{ medium: MemoryMedium; told: Told }> {
  const told: Told = { opened: false, appends: 0, signatures: 0, blocks: 0, commits: 0 };
  let step = 0;
  let died: () => void = () => {};
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const perform: Perform = (what, apply, applyPart) => {
    if (step++ !== target) return Promise.resolve(apply());
    if (fault === 'after') apply();
    if (fault === 'torn') applyPart(Math.floor(createSeededRandom(seed).next() * what.bytes));
    if (fault === 'error') return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    died();
    return NEVER;
  };
  const medium = createMemoryMedium(createSeededRandom(seed), perform);
  const life = live(medium, told).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'STORAGE_FAILURE' });
  });
  await Promise.race([life, death]);
  return { medium, told };
}

/** What a replay after the first `count` appends gives. */
function replayAfter(count: number): readonly JournalRecord[] {
  const records = appends.slice(0, count).flat();
  const last = records.findLastIndex(({ kind }) => kind === 'floor');
  return last === -1 ? records : [epochSwitch(0n), ...records.slice(last)];
}

async function checkRestart(medium: MemoryMedium, told: Told, lostPower: boolean): Promise<void> {
  const storage = await openValidatorStorage({ medium, genesis: chain.genesis }, MIN_STATE_CACHE_BYTES);
  const { chain: store, signerStore } = storage;
  const journal = await storage.openJournal(0n);
  expect(signerStore.silentBefore()).toBe(0n);
  const records = signerStore.load();
  expect(records.length).toBeGreaterThanOrEqual(told.signatures);
  expect(records).toEqual(signed.slice(0, records.length));
  const replayed = journal.replay();
  const isOver = told.appends === appends.length && replayed.length === 0;
  const possible = appends
    .map((_, index) => index + 1)
    .concat(0)
    .filter((count) => count >= told.appends);
  if (!isOver) expect(possible.map(replayAfter)).toContainEqual(replayed);
  const height = Number(store.head().block.header.number);
  if (!lostPower) expect(height).toBeGreaterThanOrEqual(told.commits);
  checkFlatState(store, chain.genesis, writes.slice(0, height));
  for (const { blockHash, block } of writes.slice(0, told.blocks)) {
    expect(store.blockByHash(blockHash) ?? store.unfinalBlock(blockHash)).toEqual(block);
  }
  for (const write of writes.slice(height)) await store.commit(write);
  await journal.append([nullify(20n)]);
  await storage.close();
  const again = await openValidatorStorage({ medium, genesis: chain.genesis }, MIN_STATE_CACHE_BYTES);
  expect((await again.openJournal(0n)).replay().at(-1)).toEqual(nullify(20n));
  expect(again.chain.head().hash).toBe(writes.at(-1)?.blockHash);
  await again.close();
}

/** The steps of a life without faults. */
async function stepsOfLife(): Promise<readonly DiskStep[]> {
  const steps: DiskStep[] = [];
  const perform: Perform = (step, apply) => {
    steps.push(step);
    return Promise.resolve(apply());
  };
  const medium = createMemoryMedium(createSeededRandom(0), perform);
  await live(medium, { opened: false, appends: 0, signatures: 0, blocks: 0, commits: 0 });
  return steps;
}

test('whatever step a kill, a power failure or an I/O error hits, what was told to be durable is there', async () => {
  const steps = await stepsOfLife();
  const ops = new Set(steps.map(({ op }) => op));
  expect([...ops].sort()).toEqual([
    'batch',
    'batchSynced',
    'create',
    'remove',
    'rename',
    'sync',
    'syncDirectory',
    'write',
  ]);
  let runs = 0;
  for (const [target, { op }] of steps.entries()) {
    const faults: readonly Fault[] =
      op === 'write' ? ['before', 'torn', 'after', 'error'] : ['before', 'after', 'error'];
    for (const fault of faults) {
      for (let seed = 0; seed < 6; seed++) {
        const { medium, told } = await crash(target, fault, seed);
        const lostPower = seed > 0;
        if (lostPower) medium.powerFailure(createSeededRandom(seed));
        else medium.kill();
        await checkRestart(medium, told, lostPower);
        runs += 1;
      }
    }
  }
  expect(runs).toBeGreaterThan(600);
});
