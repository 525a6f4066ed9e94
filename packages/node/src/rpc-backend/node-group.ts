import { ImpossibleStateError } from '@heddle/primitives';
import { type FinalBlock, StateNotKeptError } from '@heddle/rpc';
import { StateUnavailableError } from '@heddle/state';
import { StorageDamagedError } from '@heddle/storage';
import type { RecoveredTransaction } from '@heddle/types';
import { NoRunningValidatorError } from '../errors.ts';
import { ANNOUNCED_BLOCKS } from '../limits.ts';
import { Listeners } from '../listeners.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { finalBlockByNumber } from './final-blocks.ts';

/**
 * The validators of this process behind one RPC. Reads go to the running one with the highest final head, so answers
 * never go back but for a rewind of all; each final block is announced once, in height order, whoever has it first.
 */
export class NodeGroup {
  readonly #nodes = new Map<number, ValidatorNode>();
  readonly #blockListeners = new Set<(block: FinalBlock) => void>();
  readonly #transactionListeners = new Set<(transaction: RecoveredTransaction) => void>();
  readonly #joinListeners = new Listeners<ValidatorNode>();
  readonly #progress = new Listeners<ValidatorNode>();
  readonly #rewindListeners = new Set<(head: bigint) => void>();
  #announced: bigint;
  /** The next turn of the event loop goes on. */
  #announcing = false;
  #isSuspended = false;

  constructor(headNumber: bigint) {
    this.#announced = headNumber;
  }

  /** Running validators, by their number in this process: a devnet's genesis order. */
  get running(): ReadonlyMap<number, ValidatorNode> {
    return this.#nodes;
  }

  add(index: number, node: ValidatorNode): void {
    this.#nodes.set(index, node);
    this.#joinListeners.tell(node);
    node.onFinalBlock(() => {
      this.#announce(node);
      if (this.#nodes.get(index) === node) this.#progress.tell(node);
    });
    node.onPendingTransaction((transaction) => {
      if (this.#nodes.size === 0 || this.primary() !== node) return;
      for (const listener of this.#transactionListeners) listener(transaction);
    });
    this.#announce(node);
  }

  /** Told of each validator that begins to run, before its first block. Returns the unsubscriber. */
  onJoin(listener: (node: ValidatorNode) => void): () => void {
    return this.#joinListeners.add(listener);
  }

  remove(index: number): void {
    this.#nodes.delete(index);
  }

  /** The chain is being taken elsewhere: nobody can be asked until it is there, and that is no fault. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  suspend(): void {
    this.#isSuspended = true;
    this.#nodes.clear();
  }

  /** The chain ends with the block at `head` now; validators are added after this. */
  resume(head: bigint): void {
    this.#isSuspended = false;
    this.#announced = head;
    for (const listener of this.#rewindListeners) listener(head);
  }

  /** The running validator with the highest final head; the lowest index among equals. Throws `NoRunningValidatorError`. */
  primary(): ValidatorNode {
    let best: ValidatorNode | null = null;
    for (const node of this.#nodes.values()) {
      if (best === null || node.chain.tree.root.height > best.chain.tree.root.height) best = node;
    }
    if (best === null) throw new NoRunningValidatorError();
    return best;
  }

  /**
   * What `use` gives for the primary. If that finds its store damaged it has left the group in that moment, and the next
   * one is asked: damage is never an answer, and no wrong one either. Throws `StateNotKeptError` for state that is gone.
   */
  read<Result>(use: (node: ValidatorNode) => Result): Result {
    for (;;) {
      const node = this.primary();
      try {
        return use(node);
      } catch (error) {
        this.#throwUnlessLeft(node, error);
      }
    }
  }

  /** The same for what takes more than one turn of the event loop. */
  async readLater<Result>(use: (node: ValidatorNode) => Promise<Result>): Promise<Result> {
    for (;;) {
      const node = this.primary();
      try {
        return await use(node);
      } catch (error) {
        this.#throwUnlessLeft(node, error);
      }
    }
  }

  onBlock(listener: (block: FinalBlock) => void): () => void {
    this.#blockListeners.add(listener);
    return () => this.#blockListeners.delete(listener);
  }

  /** Told of each running validator after each of its final blocks, also of those that were announced before. */
  onProgress(listener: (node: ValidatorNode) => void): void {
    this.#progress.add(listener);
  }

  onPendingTransaction(listener: (transaction: RecoveredTransaction) => void): () => void {
    this.#transactionListeners.add(listener);
    return () => this.#transactionListeners.delete(listener);
  }

  /** Told when the chain has been taken to another block, the new head, before anyone can ask. Returns the unsubscriber. */
  onRewind(listener: (head: bigint) => void): () => void {
    this.#rewindListeners.add(listener);
    return () => this.#rewindListeners.delete(listener);
  }

  /** Returns if the node has found damage and left the group: then the next one is asked. */
  #throwUnlessLeft(node: ValidatorNode, error: unknown): void {
    if (error instanceof StateUnavailableError) throw new StateNotKeptError(error.message, error.facts);
    if (!(error instanceof StorageDamagedError) || [...this.#nodes.values()].includes(node)) throw error;
  }

  /** A run's blocks by the thousand in several turns of the event loop. */
  #announce(node: ValidatorNode): void {
    if (this.#announcing) return;
    const last = this.#announced + ANNOUNCED_BLOCKS;
    while (this.#announced < node.chain.tree.root.height) {
      if (this.#announced === last) return this.#announceLater();
      // Read before it counts as announced: another validator announces it if this one can't read it.
      const block = finalBlockByNumber(node.chain.store, this.#announced + 1n);
      this.#announced++;
      if (block === null) throw new ImpossibleStateError(`final block ${this.#announced} is not in the store`);
      for (const listener of this.#blockListeners) listener(block);
    }
  }

  #announceLater(): void {
    this.#announcing = true;
    setImmediate(() => {
      this.#announcing = false;
      // Whoever announced them may have stopped.
      if (this.#nodes.size > 0) this.#announce(this.primary());
    });
  }
}
