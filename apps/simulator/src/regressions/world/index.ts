import type { Scenario } from '../../scenarios/scenario.ts';
import { forgedNumbers } from './forged-numbers.ts';
import { genuineBlockDropped } from './genuine-block-dropped.ts';
import { goodVoteOverwritten } from './good-vote-overwritten.ts';
import { syncStateDeletedEarly } from './sync-state-deleted-early.ts';

/** Known bugs of other engines that take whole nodes to show. */
export const WORLD_REGRESSIONS: readonly Scenario[] = [
  forgedNumbers,
  genuineBlockDropped,
  goodVoteOverwritten,
  syncStateDeletedEarly,
];
