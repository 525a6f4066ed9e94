import { bytesToHex } from '@heddle/primitives';
import type { NodeGroup } from './node-group.ts';

/** What can be seen of a network at one moment. */
export interface ChainFacts {
  /** Of the latest final block. */
  readonly head: bigint;
  /** Validators of the set that makes the next block. */
  readonly validators: number;
  /** Those of them that run. */
  readonly running: number;
  readonly hasWork: boolean;
  /** Transactions in the pool. */
  readonly transactions: number;
}

/** As the validator that is ahead sees it. When none runs: `before`, of which only that has changed. */
export function readChainFacts(group: NodeGroup, before: ChainFacts): ChainFacts {
  if (group.isSuspended) return before;
  const { size } = group.running;
  if (size === 0) return { ...before, running: 0 };
  const { chain, pool, automine } = group.primary();
  const { root } = chain.tree;
  const { validators } = chain.validatorSets.ofChildren(root);
  const members = new Set(validators.map(({ publicKey }) => bytesToHex(publicKey)));
  const running = [...group.running.values()].filter(({ publicKey }) => members.has(bytesToHex(publicKey)));
  return {
    head: root.height,
    validators: validators.length,
    running: running.length,
    hasWork: (automine && pool.hasExecutable(0n)) || root.shards.some(({ queue }) => queue.length > 0),
    transactions: pool.size,
  };
}
