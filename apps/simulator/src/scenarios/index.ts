import { UnknownNameError } from '../errors.ts';
import { EPOCH_REGRESSIONS, WORLD_REGRESSIONS } from '../regressions/whole-nodes/index.ts';
import { byzantine } from './byzantine.ts';
import { calm } from './calm.ts';
import { clocks } from './clocks.ts';
import { againstControlForger, againstUsurper, control, controlAcrossEpochs } from './control.ts';
import { crashes } from './crashes.ts';
import { eachActor } from './each-actor.ts';
import { epochs } from './epochs.ts';
import { againstUnsignedGossiper, againstUnsignedMaker, HOSTILE_MAKERS } from './hostile-makers.ts';
import { hostileUsers } from './hostile-users.ts';
import { laxSigner } from './lax-signer.ts';
import { loweredGasLimit } from './lowered-gas-limit.ts';
import { neighbours } from './neighbours.ts';
import { network } from './network.ts';
import type { Scenario } from './scenario.ts';
import { sectionNamesSet } from './section-names-set.ts';
import { sectionTooSlow } from './section-too-slow.ts';
import { slowMachines } from './slow-machines.ts';
import { slowSections } from './slow-sections.ts';
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
  [epochs, 1],
  [slowMachines, 1],
  [slowSections, 1],
  [sectionNamesSet, 0.5],
  [sectionTooSlow, 0.2],
  [hostileUsers, 1],
  ...HOSTILE_MAKERS.map((scenario) => [scenario, 0.5] as const),
  [eachActor, 0],
  [neighbours, 0],
  [laxSigner, 0],
  [againstUnsignedGossiper, 0],
  [againstUnsignedMaker, 0],
  [control, 0],
  [controlAcrossEpochs, 0],
  [loweredGasLimit, 0],
  [againstControlForger, 0],
  [againstUsurper, 0],
  ...[...WORLD_REGRESSIONS, ...EPOCH_REGRESSIONS.keys()].map((scenario) => [scenario, 0] as const),
];

/** Scenarios that are about epochs: theirs are always short. */
export const SHORT_EPOCHS: ReadonlySet<Scenario> = new Set([
  epochs,
  sectionNamesSet,
  controlAcrossEpochs,
  againstControlForger,
  ...EPOCH_REGRESSIONS.keys(),
]);

/** Scenarios that count views from one end of a run to the other: they meet no boundary. */
export const LONG_EPOCHS: ReadonlySet<Scenario> = new Set([
  eachActor,
  laxSigner,
  loweredGasLimit,
  ...WORLD_REGRESSIONS,
]);

/** Scenarios that are about many shards, with the counts that they draw from. */
export const SHARD_COUNTS: ReadonlyMap<Scenario, readonly number[]> = new Map<Scenario, readonly number[]>([
  [slowMachines, [1, 2, 4, 8]],
  [slowSections, [2, 4, 8]],
  [sectionTooSlow, [2]],
  [sectionNamesSet, [2, 4]],
  [eachActor, [2, 3, 4]],
  ...HOSTILE_MAKERS.map((scenario) => [scenario, [2, 3, 4]] as const),
]);

/** Scenarios whose genesis does not say devnet: all others' does. */
export const NO_DEVNETS: ReadonlySet<Scenario> = new Set([againstUnsignedMaker, againstUsurper]);

/** Scenarios that are about the owner of a devnet: there is one in all of their seeds. */
export const OWNED: ReadonlySet<Scenario> = new Set([
  control,
  controlAcrossEpochs,
  loweredGasLimit,
  againstControlForger,
]);

/** Scenarios whose D is not a devnet's, in ms. 400 is the protocol's. */
export const CHUNK_DEADLINES_MS: ReadonlyMap<Scenario, number> = new Map([
  [slowMachines, 400],
  [slowSections, 400],
  [sectionTooSlow, 400],
]);

/** Scenarios that change the validator set where epochs are short, with the spare machines that they need. */
export const CHANGING_SETS: ReadonlyMap<Scenario, number> = new Map([
  [epochs, 1],
  [sectionNamesSet, 1],
  [storm, 1],
  [controlAcrossEpochs, 1],
  ...EPOCH_REGRESSIONS,
]);

export const SCENARIOS: readonly Scenario[] = WEIGHTED_SCENARIOS.map(([scenario]) => scenario);

/** Throws UnknownNameError. */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new UnknownNameError('scenario', name);
  return found;
}
