import type { RunningMember } from '../../apps/validator/test/support/running-network.ts';
import { heldBytes, inspectorUrl } from '../inspect/heap.ts';
import type { Check } from './judge.ts';

const MIB = 1_024 * 1_024;
/** Compiled code, caches that fill, and what is just on its way; a leak of a kilobyte a message is more. */
const TOLERATED_BYTES = 12 * MIB;

/** What validators hold after collections. What they have of the system says little: garbage lies there for minutes. */
export class HeldMemory {
  readonly #members: readonly RunningMember[];
  readonly #looks: (readonly number[])[] = [];

  constructor(members: readonly RunningMember[]) {
    this.#members = members;
  }

  async look(): Promise<void> {
    const bytes = this.#members.map((member) => heldBytes(inspectorUrl(member.log()), 'heap and buffers'));
    this.#looks.push(await Promise.all(bytes));
  }

  /** From the last look but one to the last. */
  checks(): readonly Check[] {
    return this.#members.map(({ index }, at) => {
      const [before, after] = this.#looks.slice(-2).map((bytes) => bytes[at] ?? 0);
      const [half, end] = [before ?? 0, after ?? 0];
      return {
        what: `validator ${index}: memory does not grow`,
        isGood: end - half <= TOLERATED_BYTES,
        isFigure: true,
        found: `${mib(half)} MiB held after the first half of the attack, ${mib(end)} after the second`,
      };
    });
  }
}

function mib(bytes: number): number {
  return Math.round((bytes / MIB) * 10) / 10;
}
