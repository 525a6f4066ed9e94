import { EMPTY_CODE_HASH } from '@heddle/types';
import { type JsonText, quotedBytes, quotedQuantity, quotedWord } from './json-text.ts';
import { type AccountValues, isEmptyAccount, type TouchedAccount, TouchedState } from './touched-state.ts';
import type { TraceEnd, Tracer } from './tracer.ts';

export interface PrestateOptions {
  readonly diffMode: boolean;
  readonly disableCode: boolean;
  readonly disableStorage: boolean;
  /** Also accounts that were not there before. */
  readonly includeEmpty: boolean;
}

/** geth's prestateTracer: all that the transaction has touched as it was before, or what it has changed, before and after. */
export class PrestateTracer implements Tracer {
  readonly #state: TouchedState = new TouchedState();
  readonly frames: TouchedState['frames'] = this.#state.frames;
  readonly steps = null;
  readonly #options: PrestateOptions;

  constructor(options: PrestateOptions) {
    this.#options = options;
  }

  finish(end: TraceEnd, out: JsonText): void {
    const accounts = this.#state.accounts(end);
    if (this.#options.diffMode) this.#writeDifference(accounts, out);
    else this.#writeBefore(accounts, allSlots, out);
  }

  #writeDifference(accounts: readonly TouchedAccount[], out: JsonText): void {
    const changed = accounts.filter((account) => this.#isChanged(account));
    out.write('{"post":');
    writeMap(
      changed.filter(({ after }) => !isEmptyAccount(after)),
      (account) => this.#writeAfter(account, out),
      out,
    );
    out.write(',"pre":');
    this.#writeBefore(changed, changedSlots, out);
    out.write('}');
  }

  #writeBefore(accounts: readonly TouchedAccount[], select: SlotSelection, out: JsonText): void {
    const { includeEmpty } = this.#options;
    const shown = accounts.filter(({ before }) => includeEmpty || !isEmptyAccount(before));
    writeMap(shown, (account) => this.#writeAccount(account.before, this.#slots(select(account)), out), out);
  }

  #writeAccount({ balance, code, codeHash, nonce }: AccountValues, slots: readonly Word[], out: JsonText): void {
    out.write(`{"balance":${quotedQuantity(balance)}`);
    if (!this.#options.disableCode && code.length > 0) out.write(`,"code":${quotedBytes(code)}`);
    if (codeHash !== EMPTY_CODE_HASH) out.write(`,"codeHash":"${codeHash}"`);
    if (nonce !== 0n) out.write(`,"nonce":${nonce}`);
    writeSlots(slots, ',', out);
    out.write('}');
  }

  /** Only what is not as before; a word that is 0 now is not there any more. */
  #writeAfter({ before, after, slots }: TouchedAccount, out: JsonText): void {
    const members: string[] = [];
    if (after.balance !== before.balance) members.push(`"balance":${quotedQuantity(after.balance)}`);
    if (after.codeHash !== before.codeHash) {
      if (!this.#options.disableCode && after.code.length > 0) members.push(`"code":${quotedBytes(after.code)}`);
      members.push(`"codeHash":"${after.codeHash === EMPTY_CODE_HASH ? NO_CODE_HASH : after.codeHash}"`);
    }
    if (after.nonce !== before.nonce && after.nonce !== 0n) members.push(`"nonce":${after.nonce}`);
    out.write(`{${members.join(',')}`);
    const words = slots.filter((word) => word.after !== word.before && word.after !== 0n);
    writeSlots(
      this.#slots(words.map((word) => ({ slot: word.slot, value: word.after }))),
      members.length === 0 ? '' : ',',
      out,
    );
    out.write('}');
  }

  #slots(words: readonly Word[]): readonly Word[] {
    return this.#options.disableStorage ? [] : words;
  }

  #isChanged({ before, after, slots }: TouchedAccount): boolean {
    if (before.nonce !== after.nonce || before.balance !== after.balance || before.codeHash !== after.codeHash)
      return true;
    return !this.#options.disableStorage && slots.some((word) => word.before !== word.after);
  }
}

interface Word {
  readonly slot: bigint;
  readonly value: bigint;
}
type SlotSelection = (account: TouchedAccount) => readonly Word[];

/** geth's way to say that a delegation was taken back (EIP-7702). */
const NO_CODE_HASH = `0x${'00'.repeat(32)}`;

function allSlots({ slots }: TouchedAccount): readonly Word[] {
  return slots.map(({ slot, before }) => ({ slot, value: before }));
}

/** What changed and was not 0. */
function changedSlots({ slots }: TouchedAccount): readonly Word[] {
  return slots
    .filter(({ before, after }) => before !== after && before !== 0n)
    .map(({ slot, before }) => ({ slot, value: before }));
}

function writeMap(accounts: readonly TouchedAccount[], write: (account: TouchedAccount) => void, out: JsonText): void {
  let separator = '{';
  for (const account of accounts) {
    out.write(`${separator}"${account.address}":`);
    separator = ',';
    write(account);
  }
  out.write(separator === '{' ? '{}' : '}');
}

function writeSlots(words: readonly Word[], separator: string, out: JsonText): void {
  if (words.length === 0) return;
  const texts = words.map(({ slot, value }) => `${quotedWord(slot)}:${quotedWord(value)}`);
  out.write(`${separator}"storage":{${texts.join(',')}}`);
}
