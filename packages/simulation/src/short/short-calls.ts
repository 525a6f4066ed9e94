import { BoundedCache } from '@heddle/primitives';
import { type CallResult, type CallTask, runCallWithin } from '../engine/call.ts';
import type { StateSource } from '../types.ts';
import { KnownSource } from './known-source.ts';
import { HEAVY_CALLS, HEAVY_REST, MAX_IN_VAIN, MAX_SHORT_DATA_BYTES, SHORT_CALL_GAS } from './limits.ts';

/**
 * Does calls at once, on the thread that asks, if they are short: to hand one to another thread costs more than most take.
 * Whatever turns out to need more than `SHORT_CALL_GAS` is given up as if it had not begun, and its like is not tried
 * again for a while.
 */
export class ShortCalls {
  readonly #source: KnownSource;
  /** How often calls of a function that was too much are passed over from now on, by contract and selector. */
  readonly #heavy: BoundedCache<number> = new BoundedCache(HEAVY_CALLS);
  /** Calls in a row that were tried in vain, whatever they called. */
  #inVain = 0;
  /** Calls that are passed over from now on, whatever they call. */
  #rest = 0;

  constructor(source: StateSource) {
    this.#source = new KnownSource(source);
  }

  /**
   * What the engine gives for the task on any thread, or null: it has to be done elsewhere, from its beginning. Null as well
   * when anything fails, a read of state above all: whoever does it then says what is wrong.
   */
  attempt(task: CallTask): CallResult | null {
    if (!isPlain(task) || this.#isResting()) return null;
    const key = functionOf(task);
    const rest = this.#heavy.get(key) ?? 0;
    if (rest > 0) {
      this.#heavy.set(key, rest - 1);
      return null;
    }
    const result = this.#try(task);
    if (result !== null) {
      this.#inVain = 0;
      return result;
    }
    this.#heavy.set(key, HEAVY_REST);
    this.#inVain += 1;
    if (this.#inVain < MAX_IN_VAIN) return null;
    this.#inVain = 0;
    this.#rest = HEAVY_REST;
    return null;
  }

  #isResting(): boolean {
    if (this.#rest === 0) return false;
    this.#rest -= 1;
    return true;
  }

  #try(task: CallTask): CallResult | null {
    this.#source.forgetCall();
    try {
      return runCallWithin(task, this.#source, SHORT_CALL_GAS);
    } catch {
      return null;
    }
  }
}

/** Nothing of it takes work that the gas of its execution does not pay for. */
function isPlain({ message, overrides }: CallTask): boolean {
  const { to, data, accessList, authorizationList } = message;
  const isSmall = data.length <= MAX_SHORT_DATA_BYTES;
  return to !== null && isSmall && overrides.size === 0 && accessList.length === 0 && authorizationList.length === 0;
}

/** Contract and selector. */
function functionOf({ message: { to, data } }: CallTask): string {
  const [a = 0, b = 0, c = 0, d = 0] = data;
  return `${to}${((a << 24) | (b << 16) | (c << 8) | d).toString(36)}`;
}
