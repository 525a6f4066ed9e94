import type { ConsensusMessage } from '@heddle/consensus';
import type { SeededRandom } from '@heddle/consensus/testing';
import type { EngineNode } from './node.ts';

/** One message on its way to one node. */
export interface Delivery {
  readonly from: EngineNode;
  readonly to: EngineNode;
  readonly message: ConsensusMessage;
  /** Virtual time at which it is said. */
  readonly atMs: number;
}

/** What the network does with a message: one delay, milliseconds, for each copy that arrives; none = lost. */
export type NetworkPolicy = (delivery: Delivery) => readonly number[];

const LOST: readonly number[] = [];

/** Everything arrives after the same while, in order. */
export function steadyNetwork(delayMs: number): NetworkPolicy {
  const delays = [delayMs];
  return () => delays;
}

export interface ChaosOptions {
  /** Most that a message may take; reorders by itself. */
  readonly maxDelayMs: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
}

/** Random delay, loss and duplication. */
export function chaoticNetwork(random: SeededRandom, options: ChaosOptions): NetworkPolicy {
  const delayMs = (): number => 1 + random.below(options.maxDelayMs);
  return () => {
    if (random.chance(options.lossRate)) return LOST;
    return random.chance(options.duplicateRate) ? [delayMs(), delayMs()] : [delayMs()];
  };
}

/** Loses what `isLost` says, leaves the rest to `policy`. */
export function losing(policy: NetworkPolicy, isLost: (delivery: Delivery) => boolean): NetworkPolicy {
  return (delivery) => (isLost(delivery) ? LOST : policy(delivery));
}

/** Tells of everything that is said, once for each receiver, before `policy` decides what arrives. */
export function overheard(policy: NetworkPolicy, hear: (message: ConsensusMessage) => void): NetworkPolicy {
  return (delivery) => {
    hear(delivery.message);
    return policy(delivery);
  };
}
