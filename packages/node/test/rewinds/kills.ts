import { ok, strictEqual } from 'node:assert/strict';
import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, type MemoryMedium, type Perform } from '@heddle/storage';
import type { DevnetMedia } from '../../src/devnet/devnet-machines.ts';
import type { Facts, Scenario } from '../cluster/scenario.ts';
import { devnetOptions, TestDevnet } from '../support/test-devnet.ts';

const NEVER = new Promise<never>(() => {});
const VALIDATORS = 4;

/** Media of one process that can be killed at one of its steps, whichever medium that is on. */
class KilledMedia implements DevnetMedia {
  readonly #all: readonly MemoryMedium[];
  #steps = 0;
  #target: number | null = null;
  #died: () => void = () => {};

  constructor() {
    const perform: Perform = (_step, apply) => {
      if (this.#target === null || this.#steps++ < this.#target) return Promise.resolve(apply());
      // The others do not go on either.
      this.#died();
      return NEVER;
    };
    this.#all = Array.from({ length: VALIDATORS + 1 }, (_, index) =>
      createMemoryMedium(createSeededRandom(index), perform),
    );
  }

  get devnet(): MemoryMedium {
    const medium = this.#all[VALIDATORS];
    if (medium === undefined) throw new Error('there is a medium for all');
    return medium;
  }

  get validators(): readonly MemoryMedium[] {
    return this.#all.slice(0, VALIDATORS);
  }

  /** Resolves when the process has come to that step, and does nothing more. */
  killAt(target: number): Promise<void> {
    this.#steps = 0;
    this.#target = target;
    return new Promise((resolve) => {
      this.#died = resolve;
    });
  }

  /** How many steps there were since. */
  nextLife(powerFails: boolean): number {
    this.#target = null;
    for (const [index, medium] of this.#all.entries()) {
      if (powerFails) medium.powerFailure(createSeededRandom(index));
      else medium.kill();
    }
    return this.#steps;
  }
}

type Kind = 'revert' | 'reset' | 'load';

/** Whether the rewind was done before step `target` came. */
async function killedAt(kind: Kind, target: number, powerFails: boolean): Promise<boolean> {
  const options = devnetOptions({ shards: 1, validators: VALIDATORS, epochLength: 4n, dataDir: null });
  const media = new KilledMedia();
  const devnet = await TestDevnet.start(options, media);
  await devnet.mine(2);
  await devnet.settled();
  const snapshot = await devnet.rewinds.snapshot();
  const there = devnet.primary.chain.tree.root.hash;
  const dump = await devnet.rewinds.dumpState();
  await devnet.mine(3);
  await devnet.settled();
  const before = devnet.primary.chain.tree.root.hash;
  const genesis = devnet.primary.chain.genesisHash;
  const died = media.killAt(target);
  const rewinds = {
    revert: () => devnet.rewinds.revert(snapshot),
    reset: () => devnet.rewinds.reset(),
    load: () => devnet.rewinds.loadState(dump),
  };
  const end = await Promise.race([rewinds[kind]().then(() => 'done' as const), died.then(() => 'died' as const)]);
  media.nextLife(powerFails);
  const next = await TestDevnet.start(options, media);
  const heads = new Set([...next.validators.group.running.values()].map(({ chain }) => chain.tree.root.hash));
  const after = kind === 'reset' ? genesis : there;
  // A power failure may take the last blocks of some, never what a rewind has left.
  if (!powerFails) strictEqual(heads.size, 1);
  ok(heads.has(before) || heads.has(after), `none is where it was or should be: ${[...heads].join(' ')}`);
  ok(!(heads.has(before) && heads.has(after)), 'some are before, and some after');
  await next.mine(5);
  await next.settled();
  await next.close();
  return end === 'done';
}

async function kills(kind: Kind): Promise<Facts> {
  let target = 0;
  const random = createSeededRandom(kind.length);
  for (let done = false; !done; target += 1 + Math.floor(random.next() * 9)) {
    done = await killedAt(kind, target, target % 3 === 2);
  }
  return { several: target > 20 };
}

/** Here and there in a rewind: validators at every step are in storage's own tests. */
export const KILLS: readonly Scenario[] = (['revert', 'reset', 'load'] as const).map((kind) => ({
  name: `killed in a ${kind}`,
  run: () => kills(kind),
}));
