import type { Hash, RecoveredTransaction } from '@heddle/types';
import type { ValidatorNode } from '../validator-node.ts';
import type { NodeGroup } from './node-group.ts';

/**
 * Brings impersonated transactions to all validators of the process, since gossip never does. One that lags refuses what
 * its state does not cover yet, and one that was stopped has not heard: they are offered it again at each of their blocks.
 */
export class ImpersonatedTransactions {
  readonly #group: NodeGroup;
  /** What the pools took and is not known to be final: bounded as they are. */
  readonly #waiting = new Map<Hash, RecoveredTransaction>();

  constructor(group: NodeGroup) {
    this.#group = group;
    group.onProgress((node) => this.#offerTo(node));
  }

  /** To everyone who runs, after one has taken it. Resolves when a kill of this process loses it at nobody. */
  async handOut(transaction: RecoveredTransaction): Promise<void> {
    this.#waiting.set(transaction.hash, transaction);
    const nodes = [...this.#group.running.values()];
    for (const node of nodes) node.submit(transaction);
    // Of one whose disk fails the validator hears itself.
    await Promise.allSettled(nodes.map((node) => node.submissionsKept()));
  }

  #offerTo(node: ValidatorNode): void {
    if (this.#waiting.size === 0) return;
    const primary = this.#group.primary();
    for (const [hash, transaction] of this.#waiting) {
      if (primary.pool.get(hash) === undefined) this.#waiting.delete(hash);
      else if (node.pool.get(hash) === undefined) node.submit(transaction);
    }
  }
}
