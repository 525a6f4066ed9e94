import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { InvalidTransactionError, RemoteTouchError } from '../errors.ts';
import { intrinsicGasOf } from '../transaction/intrinsic-gas.ts';
import { CHUNK_START, type ChunkRun, type ChunkTask, openRun } from './chunk-run.ts';
import { deliverMessages } from './deliver.ts';
import { CHEAPEST_TRANSACTION_GAS, WASTED_GAS_DIVISOR } from './limits.ts';
import { settleChunk } from './settle.ts';
import { runSystemWork } from './system-work.ts';
import type { ChunkOutcome, RejectedTransaction } from './types.ts';

/** A chunk that is being filled. System work and deliveries are done when it opens. */
export class ChunkBuilder {
  readonly run: ChunkRun;
  readonly #coveredHeight: bigint;
  readonly #gasTarget: bigint;
  readonly #rejected: RejectedTransaction[] = [];
  /** Gas of attempts that turned out to touch another shard. */
  #wastedGas = 0n;

  /** Takes candidates until `gasTarget` is reached. */
  constructor(task: ChunkTask, state: StateReader, gasTarget: bigint) {
    this.run = openRun(task, state, CHUNK_START);
    this.#coveredHeight = runSystemWork(this.run);
    this.#gasTarget = gasTarget;
    if (this.#isCovered()) deliverMessages(this.run);
  }

  /**
   * Whether it takes no further candidate: it has caught up with system work only, there is no room for any, or too much
   * was tried in vain, which code that burns gas and then touches a remote account could make of every chunk.
   */
  isFull(): boolean {
    const { gasTaken, context } = this.run;
    if (this.#wastedGas > 0n && this.#wastedGas * WASTED_GAS_DIVISOR >= this.#gasTarget) return true;
    return !this.#isCovered() || gasTaken >= this.#gasTarget || gasTaken + CHEAPEST_TRANSACTION_GAS > context.gasLimit;
  }

  /**
   * Offers the next candidate; one that declares more gas than a reduced target waits. `include` throws `InvalidTransactionError`
   * when it cannot be taken, `RemoteTouchError` when it touches another shard, with nothing changed.
   */
  offer(transaction: RecoveredTransaction, include: (run: ChunkRun) => void): void {
    try {
      this.#checkTarget(transaction);
      include(this.run);
    } catch (error) {
      if (error instanceof RemoteTouchError) this.#rejectRemote(transaction, error);
      else if (error instanceof InvalidTransactionError)
        this.#rejected.push({ transaction, ...error.facts, isRemote: false });
      else throw error;
    }
  }

  #rejectRemote(transaction: RecoveredTransaction, error: RemoteTouchError): void {
    const { fields } = transaction;
    const { gasLeft } = error.facts;
    // Without a frame it came as far as what the intrinsic gas pays for, signatures of authorizations among it.
    this.#wastedGas += BigInt(gasLeft === null ? intrinsicGasOf(fields) : Number(fields.gasLimit) - gasLeft);
    this.#rejected.push({ transaction, reason: error.message, permanent: false, isRemote: true });
  }

  /** A shard whose chunks come too late makes smaller ones. The target recovers with the first that comes in time. */
  #checkTarget({ fields }: RecoveredTransaction): void {
    if (fields.gasLimit <= this.#gasTarget || fields.gasLimit > this.run.context.gasLimit) return;
    const reason = `gas target reduced after missed heights: tx gas ${fields.gasLimit}, target ${this.#gasTarget}`;
    throw new InvalidTransactionError(reason, false);
  }

  /** Settles it. */
  finish(): ChunkOutcome {
    return settleChunk(this.run, this.#coveredHeight, this.#rejected);
  }

  #isCovered(): boolean {
    return this.#coveredHeight === this.run.context.height;
  }
}
