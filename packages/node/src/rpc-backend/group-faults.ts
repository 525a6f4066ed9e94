import type { ValidatorIndex } from '@heddle/types';
import type { Corruption } from '../devnet/corruption.ts';
import type { NetworkFaults } from '../devnet/network-faults.ts';

/** What is wrong on purpose among the validators behind one RPC, as far as it matters whom to ask and what to expect. */
export interface GroupFaults {
  /** Those of `running` that can make blocks together. */
  largestGroup(running: readonly ValidatorIndex[]): readonly ValidatorIndex[];
  /** Whether it is honest and among the most of `running`. */
  isSound(index: ValidatorIndex, running: Iterable<ValidatorIndex>): boolean;
  /** What may keep the chain from going on, in words; null for nothing. */
  hindrance(): string | null;
}

export const NO_FAULTS: GroupFaults = {
  largestGroup: (running) => running,
  isSound: () => true,
  hindrance: () => null,
};

export function groupFaults(network: NetworkFaults, corruption: Corruption): GroupFaults {
  return {
    largestGroup: (running) => network.largestGroup(running),
    isSound: (index, running) =>
      !corruption.has(index) && (network.groups === null || network.largestGroup([...running]).includes(index)),
    hindrance: () => hindranceOf(network, corruption),
  };
}

function hindranceOf({ groups, latency }: NetworkFaults, { corrupted }: Corruption): string | null {
  const actors = corrupted.map(({ validator, actor }) => `validator ${validator} is corrupted (${actor})`);
  const cut = groups === null ? [] : ['the network is partitioned'];
  const slow = latency === null ? [] : ['messages are delayed (heddle_setLatency)'];
  const all = [...actors, ...cut, ...slow];
  return all.length === 0 ? null : all.join(', ');
}
