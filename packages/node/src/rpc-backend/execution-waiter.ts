import type { Scheduler } from '@heddle/runtime';
import { type Hash, quorum } from '@heddle/types';
import { EXECUTION_WAIT_MS } from '../limits.ts';
import type { NodeGroup } from './node-group.ts';

/** Turns of the event loop: gossip collects for one, leaves in the next, arrives in the third. */
const GOSSIP_TURNS = 4;

/** Lets a sender wait for the block that executes its transaction, where blocks are made on demand. */
export class ExecutionWaiter {
  readonly #group: NodeGroup;
  readonly #scheduler: Scheduler;
  readonly #validatorCount: number;
  readonly #waiting = new Map<Hash, (() => void)[]>();

  constructor(group: NodeGroup, scheduler: Scheduler, validatorCount: number) {
    this.#group = group;
    this.#scheduler = scheduler;
    this.#validatorCount = validatorCount;
    group.onBlock(({ executed }) => {
      for (const { transaction } of executed) this.#settle(transaction.hash);
    });
    // Pools are empty then: what was waited for does not come.
    group.onRewind(() => {
      for (const hash of [...this.#waiting.keys()]) this.#settle(hash);
    });
  }

  /** Resolves when `hash` is executed and final, or after a bound of time, or when it is handed on if that can't come soon. */
  executed(hash: Hash): Promise<void> {
    if (!this.#isComing(hash)) return this.#handedOn();
    return new Promise((resolve) => {
      const cancel = this.#scheduler.after(EXECUTION_WAIT_MS, () => this.#settle(hash));
      const settled = (): void => {
        cancel();
        resolve();
      };
      this.#waiting.set(hash, [...(this.#waiting.get(hash) ?? []), settled]);
    });
  }

  /** The other validators have been told of what came before: it survives when the one that took it is stopped now. */
  async #handedOn(): Promise<void> {
    for (let turn = 0; turn < GOSSIP_TURNS; turn++) {
      await new Promise<void>((resolve) => this.#scheduler.soon(resolve));
    }
  }

  #settle(hash: Hash): void {
    const waiting = this.#waiting.get(hash) ?? [];
    this.#waiting.delete(hash);
    for (const settled of waiting) settled();
  }

  /** In the pool of a network that makes blocks for it, behind no nonce gap, and enough validators run to make a block. */
  #isComing(hash: Hash): boolean {
    if (this.#group.running.size < quorum(this.#validatorCount)) return false;
    const { pool, automine } = this.#group.primary();
    if (!automine) return false;
    const transaction = pool.get(hash);
    if (transaction === undefined) return false;
    return (pool.pendingNonce(transaction.sender) ?? 0n) > transaction.fields.nonce;
  }
}
