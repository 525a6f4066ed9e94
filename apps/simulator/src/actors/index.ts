import type { Actor } from './actor.ts';
import { conflicter } from './conflicter.ts';
import { equivocator } from './equivocator.ts';
import { nuller } from './nuller.ts';
import { voteWithholder } from './vote-withholder.ts';

/** Every byzantine behaviour that scenarios pick from. */
export const ACTORS: readonly Actor[] = [conflicter, equivocator, nuller, voteWithholder];
