import type { StateLayer, StateSnapshot } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import type { ChunkTask } from '../chunk/chunk-run.ts';
import type { ChunkOutcome } from '../chunk/types.ts';
import type { DeclaredBody } from '../lanes/declared-chunk.ts';
import type { LaneReport } from './lane-report.ts';
import type { BuildSectionRequest, SectionResult, VerifySectionRequest } from './run-section.ts';

/** An executed chunk with its state and how it went. */
export interface LaneOutcome {
  readonly outcome: ChunkOutcome;
  readonly layer: StateLayer;
  readonly report: LaneReport;
}

/** Executes chunks, in line or in lanes, and sections: the results are the same. */
export interface ChunkExecutor {
  /**
   * Executes a chunk with exactly these transactions. Throws what `executeChunk` throws for one that is not valid,
   * `StaleStateError` when the state moved on meanwhile.
   */
  verify(request: VerifyRequest): Promise<LaneOutcome>;
  /** Makes a chunk, as `produceChunk` would. Throws `StaleStateError` when the state moved on meanwhile. */
  build(request: BuildRequest): Promise<LaneOutcome>;
  /** Throws what `executeSection` throws, `StaleStateError` when the states moved on meanwhile. */
  verifySection(request: VerifySectionRequest): Promise<SectionResult>;
  /** Makes a section. Throws `StaleStateError` when the states moved on meanwhile. */
  buildSection(request: BuildSectionRequest): Promise<SectionResult>;
  /** Valid chunks that lanes refused. Above 0 there is a bug. */
  readonly disagreements: number;
}

/** A chunk from outside that is to be executed. */
export interface VerifyRequest {
  readonly task: ChunkTask;
  readonly state: StateSnapshot;
  readonly body: DeclaredBody;
  /** All transactions with their senders, for the sequential path. May throw what the caller makes of a bad signature. */
  recovered(): readonly RecoveredTransaction[];
  /** Whether `state` still reads as it did: flat state follows the final block while workers are awaited. */
  isCurrent(): boolean;
}

/** A chunk that is to be made. */
export interface BuildRequest {
  readonly task: ChunkTask;
  readonly state: StateSnapshot;
  /** As for `produceChunk`. */
  readonly candidates: Iterable<RecoveredTransaction>;
  readonly gasTarget: bigint;
  isCurrent(): boolean;
}

export interface LaneSettings {
  /** Lanes that a producer plans for, ≥ 1. */
  readonly lanes: number;
  /** µs of estimated work (of estimated gain, for a producer) below which a chunk runs in line; 0 = always in lanes. */
  readonly inlineBelow: number;
  /** µs, of any origin: for reports. */
  now(): number;
}

/** Memory that workers see. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
