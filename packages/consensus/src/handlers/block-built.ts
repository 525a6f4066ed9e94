import type { Block, Hash } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';
import { draftProposal } from '../rules/propose.ts';

/** [P3] The block that this leader asked for. Too late if the view has moved on. */
export function handleBlockBuilt(t: Transition, view: bigint, block: Block, blockHash: Hash): void {
  if (view === t.state.currentView) draftProposal(t, block, blockHash);
}
