import { dirname } from 'node:path/posix';
import type { BuiltGenesis } from '@heddle/node';
import type { Random, VirtualTime } from '@heddle/runtime';
import {
  createMemoryMedium,
  type DiskStep,
  type MemoryMedium,
  MIN_STATE_CACHE_BYTES,
  openValidatorStorage,
  type ValidatorStorage,
} from '@heddle/storage';
import type { Dice } from '../dice.ts';
import { InjectedDiskError } from '../errors.ts';

/** What a write fails with. */
export type DiskFailure = 'EIO' | 'ENOSPC';

/** What becomes of a step: it happens, it fails, or its process never hears of it again. */
export type StepFate = 'happens' | DiskFailure | 'hangs';

/** Sees each step of a disk in the moment in which it happens, and may end the process there. */
export interface DiskProbe {
  /** It is about to happen. `applyPart` makes only the first bytes of it happen. */
  before(step: DiskStep, applyPart: (bytes: number) => void): StepFate;
  /** It has happened; its process does not know yet. */
  after(step: DiskStep): void;
}

const UNPROBED: DiskProbe = { before: () => 'happens', after: () => {} };
const NEVER = new Promise<never>(() => {});
/** Draws that let nothing survive. */
const NOTHING_SURVIVES: Random = { next: () => 0, bytes: (length) => new Uint8Array(length) };

/** One machine's disk: what it holds outlives the processes that write to it. */
export class MachineDisk {
  /** What a step takes until it is done, and as much again until its process knows; drawn anew for each. */
  delayMs: () => number = () => 0;
  /** What every write fails with at the moment, after a part of its bytes. */
  failure: DiskFailure | null = null;
  probe: DiskProbe = UNPROBED;
  readonly #genesis: BuiltGenesis;
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #medium: MemoryMedium;
  #hasFailed = false;

  constructor(genesis: BuiltGenesis, time: VirtualTime, dice: Dice) {
    this.#genesis = genesis;
    this.#time = time;
    this.#dice = dice;
    this.#medium = createMemoryMedium(dice.random, (step, apply, applyPart) => this.#perform(step, apply, applyPart));
  }

  /** A step of the process that runs now has failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** By a new process. */
  open(): Promise<ValidatorStorage> {
    this.#hasFailed = false;
    return openValidatorStorage({ medium: this.#medium, genesis: this.#genesis.write }, MIN_STATE_CACHE_BYTES);
  }

  /** The process is gone: its steps stop wherever they are, what was applied stays. */
  kill(): void {
    this.#medium.kill();
  }

  /** The same, and a part of what was not synced is lost. */
  losePower(): void {
    this.#medium.powerFailure(this.#dice.random);
  }

  /** The same, and nothing of it is left. */
  loseUnsynced(): void {
    this.#medium.powerFailure(NOTHING_SURVIVES);
  }

  /** Somebody changes a file while no process runs; null = there is none. */
  async rewrite(path: string, change: (bytes: Uint8Array | null) => Uint8Array | null): Promise<void> {
    const { disk } = this.#medium;
    const [probe, delayMs] = [this.probe, this.delayMs];
    this.probe = UNPROBED;
    this.delayMs = () => 0;
    const changed = change(await disk.read(path));
    await disk.remove(path);
    if (changed !== null) {
      const file = await disk.open(path);
      await file.write(changed, 0);
      await file.sync();
    }
    await disk.syncDirectory(dirname(path));
    this.probe = probe;
    this.delayMs = delayMs;
  }

  async #perform(step: DiskStep, apply: () => void, applyPart: (bytes: number) => void): Promise<void> {
    await this.#wait();
    const fate = this.probe.before(step, applyPart);
    if (fate === 'hangs') await NEVER;
    const failure = fate === 'EIO' || fate === 'ENOSPC' ? fate : this.failure;
    if (failure !== null) {
      this.#hasFailed = true;
      applyPart(this.#dice.below(step.bytes + 1));
      throw new InjectedDiskError(failure);
    }
    apply();
    this.probe.after(step);
    await this.#wait();
  }

  async #wait(): Promise<void> {
    const ms = this.delayMs();
    if (ms > 0) await new Promise<void>((resolve) => this.#time.scheduler.after(ms, resolve));
  }
}
