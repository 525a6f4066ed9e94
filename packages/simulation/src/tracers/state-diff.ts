import { type JsonText, quotedBytes, quotedQuantity, quotedWord } from './json-text.ts';
import { isEmptyAccount, type TouchedAccount } from './touched-state.ts';

/** parity's stateDiff: of each account that changed what was and what is, `=` where nothing changed. */
export function writeStateDiff(accounts: readonly TouchedAccount[], out: JsonText): void {
  let separator = '{';
  for (const account of accounts) {
    if (!isChanged(account)) continue;
    out.write(`${separator}"${account.address}":`);
    separator = ',';
    writeAccount(account, out);
  }
  out.write(separator === '{' ? '{}' : '}');
}

function isChanged({ before, after, slots }: TouchedAccount): boolean {
  const same = before.nonce === after.nonce && before.balance === after.balance && before.codeHash === after.codeHash;
  return !same || slots.some((slot) => slot.before !== slot.after);
}

function writeAccount({ before, after, slots }: TouchedAccount, out: JsonText): void {
  const delta = deltaOf(isEmptyAccount(before), isEmptyAccount(after));
  out.write(`{"balance":${delta(quotedQuantity(before.balance), quotedQuantity(after.balance))}`);
  out.write(`,"code":${delta(quotedBytes(before.code), quotedBytes(after.code))}`);
  out.write(`,"nonce":${delta(quotedQuantity(before.nonce), quotedQuantity(after.nonce))}`);
  const words = slots
    .filter((slot) => slot.before !== slot.after)
    .map((slot) => `${quotedWord(slot.slot)}:${delta(quotedWord(slot.before), quotedWord(slot.after))}`);
  out.write(`,"storage":{${words.join(',')}}}`);
}

/** Of an account that came to life all is new, of one that went all is gone. */
function deltaOf(wasEmpty: boolean, isEmpty: boolean): (before: string, after: string) => string {
  if (wasEmpty && !isEmpty) return (_before, after) => `{"+":${after}}`;
  if (isEmpty && !wasEmpty) return (before) => `{"-":${before}}`;
  return (before, after) => (before === after ? '"="' : `{"*":{"from":${before},"to":${after}}}`);
}
