import {
  type BuildRequest,
  type BuildSectionRequest,
  type ChunkExecutor,
  InlineExecutor,
  type LaneOutcome,
  type SectionResult,
  StaleStateError,
  type VerifyRequest,
  type VerifySectionRequest,
} from '@heddle/execution';
import type { Scheduler } from '@heddle/runtime';
import { REFERENCE_GAS_PER_MS } from '../limits.ts';

/**
 * The one core of a slow machine: what it executes takes virtual time by the gas that transactions declare, one chunk
 * or section after the other. As with a real core, the state may move on meanwhile, and what nobody needs any more when its turn
 * comes costs nothing.
 */
export class SlowCore implements ChunkExecutor {
  readonly disagreements = 0;
  readonly #inLine = new InlineExecutor(() => 0);
  readonly #scheduler: Scheduler;
  /** How many times slower than the reference machine. */
  readonly #slowdown: number;
  /** Settles when the core has done what it was asked for so far. */
  #free: Promise<void> = Promise.resolve();

  constructor(scheduler: Scheduler, slowdown: number) {
    this.#scheduler = scheduler;
    this.#slowdown = slowdown;
  }

  verify(request: VerifyRequest): Promise<LaneOutcome> {
    return this.#execute(request, () => this.#inLine.verify(request));
  }

  build(request: BuildRequest): Promise<LaneOutcome> {
    // It is executed twice: once to know what it costs, and when that is over on the state as it is then.
    const candidates = [...request.candidates];
    return this.#execute(request, () => this.#inLine.build({ ...request, candidates }));
  }

  async verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    const transactions = [...request.transactions];
    return this.#execute(request, () => this.#inLine.verifySection({ ...request, transactions }));
  }

  buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    const candidates = [...request.candidates];
    return this.#execute(request, () => this.#inLine.buildSection({ ...request, candidates }));
  }

  async #execute<Result extends LaneOutcome | SectionResult>(
    { isCurrent }: { isCurrent(): boolean },
    run: () => Promise<Result>,
  ): Promise<Result> {
    const turn = this.#free;
    const done = Promise.withResolvers<void>();
    this.#free = done.promise;
    try {
      await turn;
      if (!isCurrent()) throw new StaleStateError();
      await this.#pass(costMs(await run()) * this.#slowdown);
      if (!isCurrent()) throw new StaleStateError();
      return await run();
    } finally {
      done.resolve();
    }
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(ms, resolve);
    });
  }
}

/** What the reference machine takes for it. */
function costMs({ outcome }: LaneOutcome | SectionResult): number {
  const gas = outcome.executed.reduce((sum, { transaction }) => sum + transaction.fields.gasLimit, 0n);
  return Number(gas) / REFERENCE_GAS_PER_MS;
}
