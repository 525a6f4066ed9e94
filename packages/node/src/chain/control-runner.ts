import type { Pacer } from '@heddle/execution';
import { withoutPauses } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import type { ControlResult } from './control-execution.ts';

/** Does the work of control blocks to its end; the validators of one process may share one that remembers. */
export interface ControlRunner {
  /** `content`: hash of the control part, which names its parent. Rejects with what the work throws. */
  run(content: Hash, start: () => Generator<void, ControlResult>): Promise<ControlResult>;
}

/** Each validator by itself, without a turn for anybody else: what happens follows from the work alone. */
export const RUN_AT_ONCE: ControlRunner = {
  run: async (_content, start) => withoutPauses(start()),
};

/** Shares the event loop with others, and each result among all who ask for it while it is the last. */
export class SharedControlRunner implements ControlRunner {
  readonly #pacer: () => Pacer;
  #last: { readonly content: Hash; readonly result: Promise<ControlResult> } | null = null;

  constructor(pacer: () => Pacer) {
    this.#pacer = pacer;
  }

  async run(content: Hash, start: () => Generator<void, ControlResult>): Promise<ControlResult> {
    const shared = this.#last?.content === content ? await this.#last.result.catch(() => null) : null;
    if (shared !== null) return shared;
    // What kept another validator from finding it need not keep this one.
    const result = this.#pacer().finish(start());
    this.#last = { content, result };
    return result;
  }
}
