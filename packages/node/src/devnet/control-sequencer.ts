import { type ChainStatus, type FinalBlock, SerialQueue } from '@heddle/rpc';
import type { Cancel, Scheduler } from '@heddle/runtime';
import { type ControlOperation, type ControlPart, runOf } from '@heddle/types';
import { checkControl } from '../chain/check-control.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { ControlSubmission } from '../consensus/control-queue.ts';
import { ControlFailedError, ControlRefusedError, InvalidControlError } from '../errors.ts';
import { CONTROL_WAIT_MS, RUN_WAIT_MS_PER_BLOCK } from '../limits.ts';
import type { NodeGroup } from '../rpc-backend/node-group.ts';
import type { ValidatorNode } from '../validator-node.ts';

/** What is to be done on a head: times and counts may depend on where the chain stands. Nothing is left to do if it is empty. */
export type OperationsOn = (head: ExecutedBlock) => readonly ControlOperation[];

interface Parts {
  readonly group: NodeGroup;
  readonly scheduler: Scheduler;
  /** Whether the chain goes on, and why not. */
  readonly status: () => ChainStatus;
}

/**
 * What the owner of a devnet wants done, one submission after the other: each is numbered and given to every validator of
 * the process, so that whoever leads proposes it, and is over when the validator that RPC reads has it as final.
 */
export class ControlSequencer {
  readonly #parts: Parts;
  readonly #turns = new SerialQueue<'control'>();
  #current: ControlSubmission | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.group.onJoin((node) => {
      if (this.#current !== null) node.submitControl(this.#current);
    });
  }

  /**
   * Resolves to what has become final; null where nothing was left to do. Rejects with `ControlRefusedError`, `ControlFailedError`, `NoRunningValidatorError`, and
   * what `operations` throws.
   */
  submit(operations: OperationsOn): Promise<ControlPart | null> {
    return this.alone(() => this.#submit(operations));
  }

  /** Nothing is submitted while `task` runs. */
  alone<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#turns.run('control', task);
  }

  async #submit(operations: OperationsOn): Promise<ControlPart | null> {
    const status = this.#parts.status();
    if (status.kind === 'halted') throw new ControlFailedError(status.reason);
    const first = this.#checked(operations);
    if (first.operations.length === 0) return null;
    this.#tell(first);
    try {
      return await this.#final(first, operations);
    } finally {
      this.#current = null;
    }
  }

  /** Looks with each new block: it may be the one, or others stand on it now and are other operations there. */
  #final(first: ControlSubmission, operations: OperationsOn): Promise<ControlPart | null> {
    const { number } = first;
    const waitMs = CONTROL_WAIT_MS + Number(runOf(first)?.count ?? 0n) * RUN_WAIT_MS_PER_BLOCK;
    const { group, scheduler, status } = this.#parts;
    return new Promise((resolve, reject) => {
      const ends: Cancel[] = [];
      const end = (settle: () => void): void => {
        for (const cancel of ends) cancel();
        settle();
      };
      const withdraw = (settle: () => void): void => {
        for (const node of group.running.values()) node.withdrawControl(number);
        end(settle);
      };
      const look = ({ block }: FinalBlock): void => {
        const control = block.section?.control ?? null;
        if (control?.number === number) return end(() => resolve(control));
        // It is about to be announced.
        if (group.primary().chain.tree.root.control.nextNumber > number) return;
        try {
          const now = this.#checked(operations);
          if (now.operations.length === 0) return withdraw(() => resolve(null));
          this.#tell(now);
        } catch (error) {
          withdraw(() => reject(error));
        }
      };
      ends.push(
        group.onBlock(look),
        scheduler.after(waitMs, () => {
          const now = status();
          const known = now.kind === 'halted' ? now.reason : 'the log says more';
          const error = new ControlFailedError(`nothing became final within ${waitMs / 1_000} s: ${known}`);
          withdraw(() => reject(error));
        }),
      );
    });
  }

  /** The submission on the head. Throws `ControlRefusedError`. */
  #checked(operations: OperationsOn): ControlSubmission {
    const { chain } = this.#parts.group.primary();
    const { root } = chain.tree;
    const submission = { number: root.control.nextNumber, operations: operations(root) };
    if (submission.operations.length === 0) return submission;
    try {
      checkControl(chain, root, { ...submission, parentHash: root.hash });
    } catch (error) {
      if (error instanceof InvalidControlError) throw new ControlRefusedError(error.facts.rule);
      throw error;
    }
    return submission;
  }

  #tell(submission: ControlSubmission): void {
    this.#current = submission;
    const nodes: readonly ValidatorNode[] = [...this.#parts.group.running.values()];
    for (const node of nodes) node.submitControl(submission);
  }
}
