import type { DirectedScenario } from '../../engine/scenario.ts';
import { sectionAccounts } from './accounts.ts';
import { sectionHeader } from './header.ts';
import { localRule } from './local-rule.ts';
import { sectionPolicy } from './policy.ts';
import { sectionRoom } from './room.ts';

/** Directed scenarios on chunks and sections of two shards: they stand on execution and the node. */
export const sectionScenarios: readonly DirectedScenario[] = [
  localRule,
  sectionAccounts,
  sectionHeader,
  sectionPolicy,
  sectionRoom,
];
