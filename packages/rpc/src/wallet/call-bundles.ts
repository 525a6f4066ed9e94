import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { CapacityError, DuplicateBundleError, UnknownBundleError } from '../errors.ts';
import { BUNDLE_WAIT_MS, MAX_BUNDLES, MAX_RUNNING_BUNDLES } from '../limits.ts';
import type { TransactionObject } from '../parse/transaction-object.ts';
import type { InclusionWatch } from './inclusion-watch.ts';
import type { Sender } from './sender.ts';

/** EIP-5792: calls that a wallet sends for an app, here one transaction each, each executed before the next is made. */
export interface CallBundle {
  readonly id: string;
  readonly from: Address;
  readonly callCount: number;
  /** Of the calls sent so far, in order. */
  readonly hashes: readonly Hash[];
  /** False: no further call will be sent, whether all were or one failed. */
  readonly isRunning: boolean;
}

interface Entry extends CallBundle {
  readonly hashes: Hash[];
  isRunning: boolean;
}

/** Never aborted: who asked for a bundle does not wait for it. */
const NEVER = new AbortController().signal;

/** Runs bundles and remembers the newest of them. */
export class CallBundles {
  readonly #sender: Sender;
  readonly #watch: InclusionWatch;
  readonly #bundles = new Map<string, Entry>();

  constructor(sender: Sender, watch: InclusionWatch) {
    this.#sender = sender;
    this.#watch = watch;
  }

  /**
   * Sends the first call, and the others behind it while the caller goes on. `id` null: one is made up. `calls`: at least
   * one, all of `from`. Throws DuplicateBundleError, CapacityError, and what is wrong with the first call.
   */
  async start(id: string | null, from: Address, calls: readonly TransactionObject[]): Promise<CallBundle> {
    const name = id ?? bytesToHex(randomBytes(32));
    if (this.#bundles.has(name)) throw new DuplicateBundleError(name);
    this.#makeRoom();
    const bundle: Entry = { id: name, from, callCount: calls.length, hashes: [], isRunning: true };
    this.#bundles.set(name, bundle);
    const [first, ...others] = calls;
    try {
      if (first !== undefined) bundle.hashes.push(await this.#sender.send(first, NEVER));
    } catch (error) {
      this.#bundles.delete(name);
      throw error;
    }
    void this.#sendOthers(bundle, others);
    return bundle;
  }

  /** Throws UnknownBundleError. */
  get(id: string): CallBundle {
    const bundle = this.#bundles.get(id);
    if (bundle === undefined) throw new UnknownBundleError();
    return bundle;
  }

  /** Ends with the first call that fails: what the app asked for is not to be had any more. */
  async #sendOthers(bundle: Entry, calls: readonly TransactionObject[]): Promise<void> {
    try {
      for (const call of calls) {
        if (!(await this.#hasSucceeded(bundle))) break;
        bundle.hashes.push(await this.#sender.send(call, NEVER));
      }
    } catch {
      // Refused or reverted in the estimate: the bundle's status tells that calls are missing.
    }
    bundle.isRunning = false;
  }

  async #hasSucceeded({ hashes }: CallBundle): Promise<boolean> {
    const last = hashes.at(-1);
    const included = last === undefined ? null : await this.#watch.wait(last, BUNDLE_WAIT_MS, NEVER);
    return included !== null && included.entry.receipt.status === 1;
  }

  #makeRoom(): void {
    const running = [...this.#bundles.values()].filter(({ isRunning }) => isRunning).length;
    if (running >= MAX_RUNNING_BUNDLES) {
      throw new CapacityError(`${running} bundles of calls are being sent: wait for one of them to end`);
    }
    for (const [id, { isRunning }] of this.#bundles) {
      if (this.#bundles.size < MAX_BUNDLES) return;
      if (!isRunning) this.#bundles.delete(id);
    }
  }
}
