import { bytesToHex } from '@heddle/primitives';
import { accessListOf, type RecoveredTransaction } from '@heddle/types';
import { PREDICTED_FUNCTIONS } from '../../limits.ts';
import type { SlotOrigin } from '../origin-recorder.ts';
import type { Accesses } from '../results.ts';
import { FunctionKnowledge } from './function-knowledge.ts';
import type { PredictedAccount, PredictedSlot, Prediction } from './prediction.ts';
import { TransactionWords } from './transaction-words.ts';

const SELECTOR_BYTES = 4;

/**
 * Foretells what transactions touch from what calls of the same function (target and selector) touched before. The same
 * lessons in the same order give the same predictions. Predicting changes nothing.
 */
export class AccessPredictor {
  /** In the order of the last lesson, oldest first. */
  readonly #functions: Map<string, FunctionKnowledge> = new Map();

  /**
   * The sender and the target, what the access list of the transaction names (EIP-2930; read, unless learned as
   * written), and what was learned of its function.
   */
  predict(transaction: RecoveredTransaction): Prediction {
    const { fields } = transaction;
    const words = new TransactionWords(transaction);
    const accounts: PredictedAccount[] = [
      { address: words.sender, written: true },
      { address: words.target, written: fields.to === null || fields.value > 0n },
    ];
    const slots: PredictedSlot[] = [];
    this.#functions.get(functionOf(transaction))?.predict(words, accounts, slots);
    for (const { address, storageKeys } of accessListOf(fields)) {
      accounts.push({ address, written: false });
      for (const key of storageKeys) slots.push({ address, slot: BigInt(key), written: false });
    }
    return { accounts, slots };
  }

  /**
   * Learns from one execution. `origins`: of slots that are keccak256 of two words, which. The accesses must not contain
   * the tip of the coinbase (as in a lane, which only collects it): every function would seem to write that account.
   * An execution that failed (`succeeded` false) adds to what is known and takes nothing away.
   */
  learn(
    transaction: RecoveredTransaction,
    accesses: Accesses,
    origins: ReadonlyMap<bigint, SlotOrigin>,
    succeeded: boolean,
  ): void {
    const name = functionOf(transaction);
    const known = this.#functions.get(name);
    if (known === undefined && isPlainTransfer(transaction, accesses)) return;
    const knowledge = known ?? new FunctionKnowledge();
    this.#functions.delete(name);
    this.#functions.set(name, knowledge);
    if (this.#functions.size > PREDICTED_FUNCTIONS) this.#forgetOldest();
    knowledge.learn(new TransactionWords(transaction), { accesses, origins, succeeded });
  }

  /** Whether a sample should be executed first. A transfer without data is foretold well enough without one. */
  isUnknown(transaction: RecoveredTransaction): boolean {
    const { to, data } = transaction.fields;
    if (to !== null && data.length === 0) return false;
    return this.#functions.get(functionOf(transaction))?.isKnown !== true;
  }

  #forgetOldest(): void {
    for (const name of this.#functions.keys()) {
      this.#functions.delete(name);
      return;
    }
  }
}

/** The target and the selector; all creations are one function. */
function functionOf({ fields: { to, data } }: RecoveredTransaction): string {
  if (to === null) return 'creation';
  return data.length < SELECTOR_BYTES ? to : to + bytesToHex(data.subarray(0, SELECTOR_BYTES));
}

/** Sender and target are foretold anyway: whoever gets a transfer would need knowledge of its own. */
function isPlainTransfer({ sender, fields: { to, data } }: RecoveredTransaction, accesses: Accesses): boolean {
  return (
    data.length === 0 &&
    accesses.touched.every(({ address, slots }) => slots.length === 0 && (address === sender || address === to))
  );
}
