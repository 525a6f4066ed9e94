import type { Speaker } from '../speaker.ts';
import { bitmapMalformer } from './bitmap-malformer.ts';
import { certificateWithholder } from './certificate-withholder.ts';
import { conflicter } from './conflicter.ts';
import { equivocator } from './equivocator.ts';
import { impersonator } from './impersonator.ts';
import { invalidJustificationLeader } from './invalid-justification-leader.ts';
import { lateLeader } from './late-leader.ts';
import { nuller } from './nuller.ts';
import { nullifyOnly } from './nullify-only.ts';
import { outdated } from './outdated.ts';
import { parentSkipper } from './parent-skipper.ts';
import { proposalFlooder } from './proposal-flooder.ts';
import { voteOverwriter } from './vote-overwriter.ts';
import { voteWithholder } from './vote-withholder.ts';
import { wrongEpoch } from './wrong-epoch.ts';

/** Every byzantine behaviour that an engine can show on its own. */
export const SPEAKERS: readonly [Speaker, ...Speaker[]] = [
  equivocator,
  conflicter,
  nuller,
  nullifyOnly,
  outdated,
  wrongEpoch,
  proposalFlooder,
  voteOverwriter,
  certificateWithholder,
  lateLeader,
  invalidJustificationLeader,
  parentSkipper,
  bitmapMalformer,
  impersonator,
  voteWithholder,
];
