import { UnknownNameError } from '../errors.ts';
import { byzantine } from './byzantine.ts';
import { calm } from './calm.ts';
import { clocks } from './clocks.ts';
import { crashes } from './crashes.ts';
import { laxSigner } from './lax-signer.ts';
import { network } from './network.ts';
import type { Scenario } from './scenario.ts';
import { storm } from './storm.ts';

export type { Scenario } from './scenario.ts';

/** How often a seed that draws its scenario gets each of them. */
export const WEIGHTED_SCENARIOS: readonly (readonly [Scenario, number])[] = [
  [calm, 1],
  [network, 5],
  [crashes, 5],
  [clocks, 2],
  [byzantine, 4],
  [storm, 5],
  [laxSigner, 0],
];

export const SCENARIOS: readonly Scenario[] = WEIGHTED_SCENARIOS.map(([scenario]) => scenario);

/** Throws UnknownNameError. */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new UnknownNameError('scenario', name);
  return found;
}
