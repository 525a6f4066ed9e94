import type { ValidatorIndex } from '@heddle/types';
import { PROOF_DEADLINE_MS } from '../limits.ts';
import { GOOD_WEATHER } from '../world/sim-network.ts';
import type { Invariant } from './checker.ts';

/** After GST what was sent has arrived by then. */
const TRANSIT_MS = GOOD_WEATHER.latencyMs[1] + GOOD_WEATHER.jitterMs;
/** Blocked for a proposal, which is proof by itself: of everything else nobody could be convicted. */
const OF_PROPOSALS = 'proposal: ';

interface Sighting {
  readonly atMs: number;
  readonly as: string;
}

/**
 * After GST, who shows an honest validator the whole proof of a fault is accused of it by some honest one. Not what comes from
 * a peer that it has blocked for something else: that is not read, and what overtakes a proof may block its sender.
 */
export const seenFaultsAreProven: Invariant = {
  name: 'seen-faults-are-proven',
  create: (view, fail) => {
    let isHealed = false;
    const accused = new Set<ValidatorIndex>();
    /** By culprit and witness, the first each time. */
    const seen = new Map<ValidatorIndex, Map<ValidatorIndex, Sighting>>();
    const onMisdeed = (machine: ValidatorIndex, witness: ValidatorIndex, as: string): void => {
      if (view.byzantine.has(witness) || view.isBlocked(witness, machine)) return;
      const sightings = seen.get(machine) ?? new Map<ValidatorIndex, Sighting>();
      if (!sightings.has(witness)) sightings.set(witness, { atMs: view.nowMs(), as });
      seen.set(machine, sightings);
    };
    const onBlocked = (peer: ValidatorIndex, by: ValidatorIndex): void => {
      const sightings = seen.get(peer);
      const sighting = sightings?.get(by);
      if (sighting !== undefined && view.nowMs() - sighting.atMs <= TRANSIT_MS) sightings?.delete(by);
    };
    return {
      on: (event) => {
        if (event.kind === 'healed') isHealed = true;
        if (event.kind === 'accused') for (const culprit of event.culprits) accused.add(culprit);
        if (event.kind === 'peerBlocked' && !event.reason.startsWith(OF_PROPOSALS))
          onBlocked(event.peer, event.machine);
        if (event.kind !== 'misdeed' || !isHealed || event.witness === null) return;
        onMisdeed(event.machine, event.witness, event.actor.name);
      },
      finish: () => {
        for (const [index, sightings] of seen) {
          if (accused.has(index)) continue;
          for (const [by, { atMs, as }] of sightings) {
            if (view.nowMs() - atMs < PROOF_DEADLINE_MS) continue;
            fail(`validator ${by} saw the ${as} ${index} at ${atMs} ms, and nobody has proof`);
          }
        }
      },
    };
  },
};
