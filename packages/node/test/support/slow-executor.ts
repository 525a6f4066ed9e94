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

/** Executes in line, after a wait that a test decides about: as with threads, the state may move on meanwhile. */
export class SlowExecutor implements ChunkExecutor {
  readonly disagreements = 0;
  /** Requests so far. */
  verified = 0;
  built = 0;
  sectionsVerified = 0;
  sectionsBuilt = 0;
  readonly #inLine: InlineExecutor;
  readonly #wait: () => Promise<void>;

  constructor(wait: () => Promise<void>) {
    this.#inLine = new InlineExecutor(() => 0);
    this.#wait = wait;
  }

  async verify(request: VerifyRequest): Promise<LaneOutcome> {
    this.verified += 1;
    await this.#waited(request);
    return this.#inLine.verify(request);
  }

  async build(request: BuildRequest): Promise<LaneOutcome> {
    this.built += 1;
    await this.#waited(request);
    return this.#inLine.build(request);
  }

  async verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    this.sectionsVerified += 1;
    await this.#waited(request);
    return this.#inLine.verifySection(request);
  }

  async buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    this.sectionsBuilt += 1;
    await this.#waited(request);
    return this.#inLine.buildSection(request);
  }

  async #waited({ isCurrent }: { isCurrent(): boolean }): Promise<void> {
    await this.#wait();
    if (!isCurrent()) throw new StaleStateError();
  }
}
