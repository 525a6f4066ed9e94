import type { BuiltGenesis } from '@heddle/node';
import type { VirtualTime } from '@heddle/runtime';
import {
  createMemoryMedium,
  type DiskStep,
  type MemoryMedium,
  openValidatorStorage,
  type ValidatorStorage,
} from '@heddle/storage';
import type { Dice } from '../dice.ts';
import { InjectedDiskError } from '../errors.ts';

/** One machine's disk: what it holds outlives the processes that write to it. */
export class MachineDisk {
  /** What a step takes until it is done, and as much again until its process knows; drawn anew for each. */
  delayMs: () => number = () => 0;
  /** What every write fails with at the moment, after a part of its bytes. */
  failure: 'EIO' | 'ENOSPC' | null = null;
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
    return openValidatorStorage({ medium: this.#medium, genesis: this.#genesis.write });
  }

  /** The process is gone: its steps stop wherever they are, what was applied stays. */
  kill(): void {
    this.#medium.kill();
  }

  /** The same, and a part of what was not synced is lost. */
  losePower(): void {
    this.#medium.powerFailure(this.#dice.random);
  }

  async #perform(step: DiskStep, apply: () => void, applyPart: (bytes: number) => void): Promise<void> {
    await this.#wait();
    if (this.failure !== null) {
      this.#hasFailed = true;
      applyPart(this.#dice.below(step.bytes + 1));
      throw new InjectedDiskError(this.failure);
    }
    apply();
    await this.#wait();
  }

  async #wait(): Promise<void> {
    const ms = this.delayMs();
    if (ms > 0) await new Promise<void>((resolve) => this.#time.scheduler.after(ms, resolve));
  }
}
