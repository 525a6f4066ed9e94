import { createLayerInSteps, type StateLayer, type StateSnapshot } from '@heddle/state';
import { hashAccessList } from '@heddle/types';
import { LanePoolError, SnapshotLimitError, StaleStateError } from '../errors.ts';
import { DeclaredChunk, DeclaredRefusal } from '../lanes/declared-chunk.ts';
import { AccessPredictor } from '../lanes/predict/access-predictor.ts';
import { reasonOf } from '../lanes/run-index.ts';
import { verifyInLine } from './inline-executor.ts';
import { validatorReport } from './lane-report.ts';
import { Pacer } from './pacer.ts';
import type { LanePool } from './pool.ts';
import { produceInLanes } from './produce-in-lanes.ts';
import {
  allocateShared,
  type BuildRequest,
  type ChunkExecutor,
  type LaneOutcome,
  type LaneSettings,
  type VerifyRequest,
} from './requests.ts';
import {
  type BuildSectionRequest,
  buildSection,
  type SectionResult,
  type VerifySectionRequest,
  verifySection,
} from './run-section.ts';
import { estimateWork } from './work.ts';

/**
 * Executes chunks on the threads of a pool. What comes out is what `executeChunk` and `produceChunk` give, byte for byte:
 * where the lanes cannot show that, those run instead.
 */
export class LaneExecutor implements ChunkExecutor {
  readonly #pool: LanePool;
  readonly #settings: LaneSettings;
  readonly #predictor = new AccessPredictor();
  #disagreements = 0;

  constructor(pool: LanePool, settings: LaneSettings) {
    this.#pool = pool;
    this.#settings = settings;
  }

  get disagreements(): number {
    return this.#disagreements;
  }

  async verify(request: VerifyRequest): Promise<LaneOutcome> {
    const { body } = request;
    if (body.transactions.length === 0 || estimateWork(body.transactions) < this.#settings.inlineBelow) {
      return verifyInLine(request, this.#settings.now);
    }
    const verified = await this.#verifyDeclared(request);
    if (!(verified instanceof DeclaredRefusal)) return verified;
    if (!request.isCurrent()) throw new StaleStateError();
    return this.#judge(request, verified);
  }

  build(request: BuildRequest): Promise<LaneOutcome> {
    return produceInLanes(request, this.#pool, this.#predictor, this.#settings);
  }

  /** A section is one after the other by its nature: on this thread, which has turns for others. */
  verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    return verifySection(request, new Pacer(this.#settings.now));
  }

  buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    return buildSection(request, new Pacer(this.#settings.now));
  }

  /** The sequential path after the parallel one gave up. When it finds the chunk as the list says, that was a bug. */
  #judge(request: VerifyRequest, refusal: DeclaredRefusal): LaneOutcome {
    const verified = verifyInLine(request, this.#settings.now);
    const isListed = hashAccessList(verified.outcome.accessList) === hashAccessList(request.body.accessList);
    if (refusal.kind === 'unavailable' || !isListed) return verified;
    this.#disagreements += 1;
    return { ...verified, report: { ...verified.report, disagreement: refusal.reason } };
  }

  async #verifyDeclared(request: VerifyRequest): Promise<LaneOutcome | DeclaredRefusal> {
    const { task, state, body } = request;
    const { now } = this.#settings;
    const start = now();
    const chunk = refusing(() => DeclaredChunk.open(task, state, body, allocateShared));
    if (chunk instanceof DeclaredRefusal) return chunk;
    const { snapshot, firstIndex } = chunk;
    const { context } = task;
    const running = refusingLater(
      this.#pool.runDeclared({ context, snapshot, transactions: body.transactions, firstIndex }),
    );
    const woken = now();
    // Meanwhile, here: everything that is not a transaction, and the state root of what the list says.
    const head = refusing(() => chunk.runHead());
    const layer = head ?? (await refusingLater(layerOf(state, chunk, now)));
    const results = await running;
    const ran = now();
    if (!request.isCurrent()) throw new StaleStateError();
    if (layer instanceof DeclaredRefusal) return layer;
    if (results instanceof DeclaredRefusal) return results;
    const outcome = chunk.finish(results);
    if (outcome instanceof DeclaredRefusal) return outcome;
    const handedBack = results.filter(({ kind }) => kind === 'handedBack').length;
    const microseconds = { prepare: woken - start, run: ran - woken, finish: now() - ran };
    return { outcome, layer, report: validatorReport(results.length, handedBack, microseconds) };
  }
}

async function layerOf(state: StateSnapshot, chunk: DeclaredChunk, now: () => number): Promise<StateLayer> {
  return new Pacer(now).finish(createLayerInSteps(state, chunk.changes()));
}

/** A list that lies can make the impossible happen; the sequential path decides whether that is what it is. */
function refusing<T>(work: () => T): T | DeclaredRefusal {
  try {
    return work();
  } catch (error) {
    return refusalOf(error);
  }
}

/** As `refusing`, of work that has begun. */
async function refusingLater<T>(work: Promise<T>): Promise<T | DeclaredRefusal> {
  try {
    return await work;
  } catch (error) {
    return refusalOf(error);
  }
}

/** A pool that fails, or a snapshot that would be too big, is no reason against the chunk. */
function refusalOf(error: unknown): DeclaredRefusal {
  const isUnavailable = error instanceof LanePoolError || error instanceof SnapshotLimitError;
  return new DeclaredRefusal(isUnavailable ? 'unavailable' : 'differs', reasonOf(error));
}
