import {
  type BuildRequest,
  type BuildSectionRequest,
  type ChunkExecutor,
  estimateWork,
  type LaneOutcome,
  type LanePool,
  type SectionResult,
  type VerifyRequest,
  type VerifySectionRequest,
} from '@heddle/execution';
import type { RecoveredTransaction, SignedTransaction } from '@heddle/types';

export interface WarmingExecutorPorts {
  readonly pool: LanePool;
  /** Until threads are up. */
  readonly inLine: ChunkExecutor;
  /** On the pool. */
  readonly inLanes: ChunkExecutor;
  /** Estimated work of a chunk that threads are started for, µs. */
  readonly thresholdMicroseconds: number;
}

/**
 * Executes in line until the first chunk that is worth threads has started some and they have answered: they take
 * longer to start than a chunk's deadline.
 */
export class WarmingExecutor implements ChunkExecutor {
  readonly #ports: WarmingExecutorPorts;
  #stage: 'cold' | 'warming' | 'warm' = 'cold';

  constructor(ports: WarmingExecutorPorts) {
    this.#ports = ports;
  }

  get disagreements(): number {
    return this.#ports.inLanes.disagreements;
  }

  async verify(request: VerifyRequest): Promise<LaneOutcome> {
    const { inLine, inLanes } = this.#ports;
    if (this.#stage === 'warm') return inLanes.verify(request);
    this.#consider(request.body.transactions);
    return inLine.verify(request);
  }

  async build(request: BuildRequest): Promise<LaneOutcome> {
    const { inLine, inLanes } = this.#ports;
    if (this.#stage === 'warm') return inLanes.build(request);
    const built = await inLine.build(request);
    this.#consider(built.outcome.included);
    return built;
  }

  /** On this thread in any case, with turns for others. */
  verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    return this.#ports.inLanes.verifySection(request);
  }

  buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    return this.#ports.inLanes.buildSection(request);
  }

  #consider(transactions: readonly (SignedTransaction | RecoveredTransaction)[]): void {
    if (this.#stage !== 'cold' || transactions.length === 0) return;
    if (estimateWork(transactions) < this.#ports.thresholdMicroseconds) return;
    this.#stage = 'warming';
    void this.#warm(transactions.slice(0, this.#ports.pool.workers));
  }

  /** Any work will do. If there are no threads to be had, the next chunk tries again. */
  async #warm(transactions: readonly SignedTransaction[]): Promise<void> {
    const answered = await this.#ports.pool.recover(transactions).catch(() => null);
    this.#stage = answered === null ? 'cold' : 'warm';
  }
}
