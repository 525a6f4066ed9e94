import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import type { Watch } from '../evm/watch.ts';
import type { ExecutionOutcome } from '../transaction/types.ts';
import type { World } from '../world/world.ts';
import { includeInSection } from './include.ts';
import { openSection, type SectionRun } from './section-run.ts';
import type { SectionContext } from './types.ts';

/** The section of a final block once more, transaction by transaction, for who wants to see how it went. */
export class SectionReplay {
  readonly #run: SectionRun;

  /** `states`: after the block's chunks, one a shard. */
  constructor(context: SectionContext, states: readonly StateReader[]) {
    this.#run = openSection(context, states);
  }

  /** Until the next `include` it tells what the last one touched. */
  get world(): World {
    return this.#run.world;
  }

  /** The next transaction of its body. Throws `InvalidTransactionError` for one that can't be that. */
  include(transaction: RecoveredTransaction, watch: Watch): ExecutionOutcome {
    return includeInSection(this.#run, transaction, watch);
  }
}
