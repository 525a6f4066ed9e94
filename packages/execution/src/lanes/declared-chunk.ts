import { assert } from '@heddle/primitives';
import type { Account, StateChanges, StateReader } from '@heddle/state';
import {
  type Address,
  type BlockAccessList,
  type Hash,
  type Message,
  type RecoveredTransaction,
  recoverTransaction,
  type SignedTransaction,
} from '@heddle/types';
import { heightsToCover } from '../chunk/budgets.ts';
import { CHUNK_START, type ChunkRun, type ChunkTask, openRun, startAt } from '../chunk/chunk-run.ts';
import { deliverNext, isDue, sequenceCheck } from '../chunk/deliver.ts';
import { parentTimestamp } from '../chunk/execute-chunk.ts';
import { hasRoom } from '../chunk/room.ts';
import { describeChunk, settleAccounts } from '../chunk/settle.ts';
import { runSystemWork } from '../chunk/system-work.ts';
import type { ChunkOutcome } from '../chunk/types.ts';
import { SnapshotMissError } from '../errors.ts';
import { declaredDeliveries } from './declared-deliveries.ts';
import type { IndexEffects } from './effects.ts';
import { boundsError } from './list-bounds.ts';
import { changesOf } from './list-changes.ts';
import { readKeys } from './read-keys.ts';
import type { DeclaredResult, Position } from './results.ts';
import { runDeclaredOn } from './run-declared.ts';
import { effectsOf, mergeEffects, reasonOf } from './run-index.ts';
import { Snapshot } from './snapshot.ts';
import { buildSnapshot, type SnapshotBuffers } from './snapshot-build.ts';

/** A chunk from outside, as its body tells it. */
export interface DeclaredBody {
  /** A sender that is known already comes with its transaction. */
  readonly transactions: readonly (SignedTransaction | RecoveredTransaction)[];
  readonly accessList: BlockAccessList;
}

/**
 * The parallel path gives up. 'differs': the list and the chunk differ, or the chunk is not valid; the sequential path
 * decides which. 'unavailable': this chunk is not for lanes, which says nothing about it.
 */
export class DeclaredRefusal {
  readonly kind: 'differs' | 'unavailable';
  readonly reason: string;

  constructor(kind: 'differs' | 'unavailable', reason: string) {
    this.kind = kind;
    this.reason = reason;
  }
}

/**
 * The validator's path: every index runs on the state that the access list says it sees, on its own, and is checked
 * against the list. Workers do the transactions; everything else happens here: `open`, then `runHead`, then `finish`.
 */
export class DeclaredChunk {
  readonly snapshot: SnapshotBuffers;
  /** Access-list index of the first transaction. */
  readonly firstIndex: number;
  readonly #task: ChunkTask;
  readonly #state: StateReader;
  readonly #body: DeclaredBody;
  readonly #view: Snapshot;
  readonly #due: readonly Message[];
  readonly #head: IndexEffects[] = [];
  #changes: StateChanges | null = null;

  private constructor(
    task: ChunkTask,
    state: StateReader,
    body: DeclaredBody,
    snapshot: SnapshotBuffers,
    due: readonly Message[],
  ) {
    this.#task = task;
    this.#state = state;
    this.#body = body;
    this.snapshot = snapshot;
    this.#view = new Snapshot(snapshot);
    this.#due = due;
    this.firstIndex = due.length + 1;
  }

  /** Reads every declared key. `allocate` gives the snapshot's memory: shared, if workers are to see it. */
  static open(
    task: ChunkTask,
    state: StateReader,
    body: DeclaredBody,
    allocate: (bytes: number) => ArrayBufferLike,
  ): DeclaredChunk | DeclaredRefusal {
    const { context } = task;
    const { transactions, accessList } = body;
    if (context.timestamp < parentTimestamp(context))
      return new DeclaredRefusal('differs', 'it is older than its parent block');
    const isCovered = heightsToCover(context).last === context.height;
    if (!isCovered && transactions.length > 0) return new DeclaredRefusal('differs', 'it may hold system work only');
    const due = isCovered ? declaredDeliveries(task, accessList) : [];
    const check = sequenceCheck(openRun(task, state, CHUNK_START));
    for (const message of due) check(message);
    const error = boundsError(accessList, due.length + transactions.length + 1, context.gasLimit);
    // What system work touches is not paid with gas: a list that is too long for lanes may still be right.
    if (error !== null) return new DeclaredRefusal('unavailable', error);
    const wanted = readKeys(task, state, [
      ...accessList.map(({ address }) => address),
      ...transactions.flatMap(({ fields: { to } }) => (to === null ? [] : [to])),
    ]);
    const snapshot = buildSnapshot(state, wanted, accessList, allocate);
    return new DeclaredChunk(task, state, body, snapshot, due);
  }

  /** The chunk's changes if the list is right: the state root need not wait for the workers, nor they for this. */
  changes(): StateChanges {
    this.#changes ??= changesOf(this.#body.accessList, this.#state);
    return this.#changes;
  }

  /** System work and deliveries, on this thread. Null, or how they differ from the list. */
  runHead(): DeclaredRefusal | null {
    const difference = this.#runAt(0, CHUNK_START.index, runSystemWork);
    if (difference !== null) return difference;
    let taken = 0n;
    for (const [position, message] of this.#due.entries()) {
      if (!isDue(this.#task, message, position, taken)) return new DeclaredRefusal('differs', 'too much is delivered');
      const refusal = this.#runAt(position + 1, position, (run) => deliverNext(run, message));
      if (refusal !== null) return refusal;
      taken += this.#head.at(-1)?.gasTaken ?? 0n;
    }
    return this.#isLeftOut(taken) ? new DeclaredRefusal('differs', 'a message is left out') : null;
  }

  /** Whether the next message would have had to be delivered too, after these took so much of the budget. */
  #isLeftOut(taken: bigint): boolean {
    const { context } = this.#task;
    const next = context.queue[this.#due.length];
    if (next === undefined || heightsToCover(context).last < context.height) return false;
    return isDue(this.#task, next, this.#due.length, taken);
  }

  /** The chunk's outcome, from the results of all transactions in any order; or why it is not what the list says. */
  finish(results: readonly DeclaredResult[]): ChunkOutcome | DeclaredRefusal {
    const { context } = this.#task;
    const last = this.#due.length + this.#body.transactions.length;
    const run = openRun(this.#task, this.#reader(last + 1), startAt(last));
    for (const effects of this.#head) include(run, effects);
    run.delivered.push(...this.#due);
    for (const result of inOrder(results, this.#body.transactions.length)) {
      const refusal = this.#includeTransaction(run, result);
      if (refusal !== null) return refusal;
    }
    let outbox: readonly Message[] = [];
    const refusal = this.#attempt(run, last + 1, () => {
      outbox = settleAccounts(run);
    });
    if (refusal !== null) return refusal;
    const untouched = this.#view.untouched();
    if (untouched !== null) return new DeclaredRefusal('differs', `${untouched} is listed, but nothing touches it`);
    const coveredHeight = heightsToCover(context).last;
    const { accessList } = this.#body;
    return describeChunk(run, { outbox, coveredHeight, rejected: [], changes: this.changes(), accessList });
  }

  #includeTransaction(run: ChunkRun, result: DeclaredResult): DeclaredRefusal | null {
    const transaction = this.#body.transactions[result.position];
    assert(transaction !== undefined, 'a result is of a transaction of the chunk');
    const outcome = result.kind === 'handedBack' ? this.#runHere(transaction, result.position) : result;
    if (outcome.kind !== 'done') {
      return new DeclaredRefusal(
        'differs',
        outcome.kind === 'refused' ? outcome.reason : 'it needs state that is nowhere',
      );
    }
    const recovered = 'sender' in transaction ? transaction : { ...transaction, sender: outcome.sender };
    // The rules that hang on what came before.
    if (!hasRoom(run, recovered, outcome.effects.emitted)) return new DeclaredRefusal('differs', 'there is no room');
    include(run, outcome.effects);
    run.included.push(recovered);
    return null;
  }

  /** What a worker could not do: here all state is at hand. */
  #runHere(signed: SignedTransaction | RecoveredTransaction, position: Position): DeclaredResult {
    const transaction = 'sender' in signed ? signed : recoverTransaction(signed);
    if (transaction === null) return { kind: 'refused', position, reason: 'its signature is not valid' };
    const index = this.firstIndex + position;
    return runDeclaredOn(this.#reader(index), this.#task, this.#view, transaction, position, index);
  }

  #runAt(index: number, start: number, work: (run: ChunkRun) => void): DeclaredRefusal | null {
    const run = openRun(this.#task, this.#reader(index), startAt(start));
    const refusal = this.#attempt(run, index, () => work(run));
    if (refusal === null) this.#head.push(effectsOf(run));
    return refusal;
  }

  /** What cannot be on a true state may be on what a list says, so whatever goes wrong is for the sequential path. */
  #attempt(run: ChunkRun, index: number, work: () => void): DeclaredRefusal | null {
    try {
      work();
    } catch (error) {
      return new DeclaredRefusal('differs', reasonOf(error));
    }
    const difference = this.#view.check(run.world, index);
    return difference === null ? null : new DeclaredRefusal('differs', difference);
  }

  /** What is not declared is as in the parent state, or the list is wrong somewhere, which some check finds. */
  #reader(index: number): StateReader {
    return new FallbackReader(this.#view.at(index), this.#state);
  }
}

function include(run: ChunkRun, effects: IndexEffects): void {
  mergeEffects(run, effects);
  run.tips += effects.tips;
}

/** By position; every position must have its result. */
function inOrder(results: readonly DeclaredResult[], count: number): readonly DeclaredResult[] {
  const ordered = results.toSorted((a, b) => a.position - b.position);
  assert(
    ordered.length === count && ordered.every(({ position }, index) => position === index),
    'every transaction has one result',
  );
  return ordered;
}

/** Reads the snapshot, and the parent state for what it lacks. */
class FallbackReader implements StateReader {
  readonly #snapshot: StateReader;
  readonly #state: StateReader;

  constructor(snapshot: StateReader, state: StateReader) {
    this.#snapshot = snapshot;
    this.#state = state;
  }

  account(address: Address): Account | null {
    return this.#orBelow((reader) => reader.account(address));
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#orBelow((reader) => reader.storage(address, slot));
  }

  code(codeHash: Hash): Uint8Array {
    return this.#orBelow((reader) => reader.code(codeHash));
  }

  #orBelow<T>(read: (reader: StateReader) => T): T {
    try {
      return read(this.#snapshot);
    } catch (error) {
      if (!(error instanceof SnapshotMissError)) throw error;
      return read(this.#state);
    }
  }
}
