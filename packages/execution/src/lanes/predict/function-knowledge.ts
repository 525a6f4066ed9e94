import type { Address } from '@heddle/types';
import { HASHES_PER_PREDICTION, TEMPLATES_PER_FUNCTION } from '../../limits.ts';
import { isChanged } from '../lane-state.ts';
import type { SlotOrigin } from '../origin-recorder.ts';
import type { Accesses, TouchedAccount, TouchedSlot } from '../results.ts';
import { Belief } from './belief.ts';
import { TermDeriver } from './derive-term.ts';
import type { PredictedAccount, PredictedSlot } from './prediction.ts';
import { type AccountTerm, hashesOf, type SlotTerm } from './term.ts';
import type { TransactionWords } from './transaction-words.ts';

/** Failed executions after which a function counts as known: more of them would tell as little. */
const FAILURES_TO_KNOW = 4;

interface AccountTemplate {
  readonly term: AccountTerm;
  readonly belief: Belief;
  slots: readonly SlotTemplate[];
}

interface SlotTemplate {
  readonly term: SlotTerm;
  readonly belief: Belief;
}

/** What an execution has shown. */
interface Lesson {
  readonly accesses: Accesses;
  readonly origins: ReadonlyMap<bigint, SlotOrigin>;
  readonly succeeded: boolean;
}

/** An account that the execution touched. */
interface SeenAccount {
  readonly account: TouchedAccount;
  readonly slots: ReadonlyMap<bigint, TouchedSlot>;
  /** Those of its slots that a template named. */
  readonly foretold: Set<bigint>;
  /** The first template that named the account. */
  template: AccountTemplate | null;
}

/** What calls of one function (target and selector) touch. */
export class FunctionKnowledge {
  #templates: readonly AccountTemplate[] = [];
  #failures = 0;
  #hasSucceeded = false;

  /** Whether an execution has shown what it does. */
  get isKnown(): boolean {
    return this.#hasSucceeded || this.#failures >= FAILURES_TO_KNOW;
  }

  /** Adds what a call will touch. */
  predict(words: TransactionWords, accounts: PredictedAccount[], slots: PredictedSlot[]): void {
    for (const template of this.#templates) {
      const address = words.address(template.term);
      if (address === null) continue;
      accounts.push({ address, written: template.belief.expectsChange });
      for (const { term, belief } of template.slots) {
        const slot = words.slot(term);
        if (slot !== null) slots.push({ address, slot, written: belief.expectsChange });
      }
    }
  }

  /** Strengthens the templates that foretold this execution, weakens the others, and adds what none foretold. */
  learn(words: TransactionWords, lesson: Lesson): void {
    if (lesson.succeeded) this.#hasSucceeded = true;
    else this.#failures += 1;
    const seen = new Map(lesson.accesses.touched.map((account) => [account.address, seenAccount(account)]));
    for (const template of this.#templates) judge(template, words, seen, lesson.succeeded);
    this.#forget();
    this.#add(new TermDeriver(words, lesson.origins), seen);
  }

  #forget(): void {
    this.#templates = this.#templates.filter(({ belief }) => !belief.isGivenUp);
    for (const template of this.#templates) {
      if (template.slots.some(({ belief }) => belief.isGivenUp)) {
        template.slots = template.slots.filter(({ belief }) => !belief.isGivenUp);
      }
    }
  }

  /** What does not fit is left out until something is given up. */
  #add(deriver: TermDeriver, seen: ReadonlyMap<Address, SeenAccount>): void {
    const room = this.#room();
    for (const { account, foretold, template } of seen.values()) {
      if (template === null && room.templates === 0) continue;
      const slots: SlotTemplate[] = [];
      if (template === null) room.templates -= 1;
      for (const { slot, before, after } of account.slots) {
        if (foretold.has(slot) || room.templates === 0) continue;
        const term = deriver.slot(slot);
        const hashes = hashesOf(term);
        if (hashes > room.hashes) continue;
        room.templates -= 1;
        room.hashes -= hashes;
        slots.push({ term, belief: new Belief(after !== before) });
      }
      if (template === null) {
        const belief = new Belief(isChanged(account));
        this.#templates = [...this.#templates, { term: deriver.account(account.address), belief, slots }];
      } else if (slots.length > 0) {
        template.slots = [...template.slots, ...slots];
      }
    }
  }

  #room(): { templates: number; hashes: number } {
    const room = { templates: TEMPLATES_PER_FUNCTION, hashes: HASHES_PER_PREDICTION };
    for (const { slots } of this.#templates) {
      room.templates -= 1 + slots.length;
      for (const { term } of slots) room.hashes -= hashesOf(term);
    }
    return room;
  }
}

function seenAccount(account: TouchedAccount): SeenAccount {
  const slots = new Map(account.slots.map((slot) => [slot.slot, slot]));
  return { account, slots, foretold: new Set(), template: null };
}

/** Compares one template with what was touched. A failed execution may have stopped before it got there. */
function judge(
  template: AccountTemplate,
  words: TransactionWords,
  touched: ReadonlyMap<Address, SeenAccount>,
  succeeded: boolean,
): void {
  const address = words.address(template.term);
  if (address === null) return;
  const seen = touched.get(address);
  if (seen === undefined) {
    if (succeeded) template.belief.miss();
    return;
  }
  template.belief.confirm(isChanged(seen.account), succeeded);
  seen.template ??= template;
  for (const { term, belief } of template.slots) {
    const slot = words.slot(term);
    if (slot === null) continue;
    const found = seen.slots.get(slot);
    if (found !== undefined) {
      belief.confirm(found.after !== found.before, succeeded);
      seen.foretold.add(slot);
    } else if (succeeded) {
      belief.miss();
    }
  }
}
