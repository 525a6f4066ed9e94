import { ADDRESS_BYTES, HASH_BYTES } from '@heddle/primitives';
import { EMPTY_CODE_HASH } from '@heddle/types';
import type { Accesses, TouchedAccount, TouchedSlot } from '../lanes/results.ts';
import type { AccountValues } from '../world/changes.ts';
import type { RecordReader, RecordWriter } from './records.ts';

const EXISTED = 1;
const CHANGED = 2;
const HAS_CODE = 4;

/** What a transaction of a lane read and wrote. */
export function writeAccesses(writer: RecordWriter, accesses: Accesses): void {
  writer.u32(accesses.touched.length);
  for (const account of accesses.touched) writeTouched(writer, account);
  writer.u32(accesses.peekedAccounts.length);
  for (const { address, values } of accesses.peekedAccounts) {
    writer.hex(address);
    writer.u8(values === null ? 0 : EXISTED);
    if (values !== null) writeValues(writer, values);
  }
  writer.u32(accesses.peekedSlots.length);
  for (const { address, slot, value } of accesses.peekedSlots) {
    writer.hex(address);
    writer.word(slot);
    writer.word(value);
  }
}

/** Reverses `writeAccesses`. */
export function readAccesses(reader: RecordReader): Accesses {
  const touched: TouchedAccount[] = [];
  for (let left = reader.u32(); left > 0; left--) touched.push(readTouched(reader));
  const peekedAccounts: Accesses['peekedAccounts'][number][] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const address = reader.hex(ADDRESS_BYTES);
    const values = reader.u8() === 0 ? null : readValues(reader);
    peekedAccounts.push({ address, values });
  }
  const peekedSlots: Accesses['peekedSlots'][number][] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const address = reader.hex(ADDRESS_BYTES);
    const slot = reader.word();
    peekedSlots.push({ address, slot, value: reader.word() });
  }
  return { touched, peekedAccounts, peekedSlots };
}

function writeTouched(writer: RecordWriter, account: TouchedAccount): void {
  const { before, after, code, slots } = account;
  const changed = before === null || !isSame(before, after);
  writer.hex(account.address);
  writer.u8((before === null ? 0 : EXISTED) | (changed ? CHANGED : 0) | (code === null ? 0 : HAS_CODE));
  if (before !== null) writeValues(writer, before);
  if (changed) writeValues(writer, after);
  if (code !== null) writer.bytes(code);
  writer.u32(slots.length);
  for (const slot of slots) {
    writer.word(slot.slot);
    writer.word(slot.before);
    writer.u8(slot.after === slot.before ? 0 : CHANGED);
    if (slot.after !== slot.before) writer.word(slot.after);
  }
}

function readTouched(reader: RecordReader): TouchedAccount {
  const address = reader.hex(ADDRESS_BYTES);
  const flags = reader.u8();
  const before = (flags & EXISTED) === 0 ? null : readValues(reader);
  const after = before === null || (flags & CHANGED) !== 0 ? readValues(reader) : before;
  // A copy: code outlives the message that it came in.
  const code = (flags & HAS_CODE) === 0 ? null : reader.bytes().slice();
  const slots: TouchedSlot[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const slot = reader.word();
    const value = reader.word();
    slots.push({ slot, before: value, after: reader.u8() === 0 ? value : reader.word() });
  }
  return { address, before, after, code, slots };
}

function writeValues(writer: RecordWriter, { nonce, balance, codeHash }: AccountValues): void {
  writer.word(nonce);
  writer.word(balance);
  const hasCode = codeHash !== EMPTY_CODE_HASH;
  writer.u8(hasCode ? HAS_CODE : 0);
  if (hasCode) writer.hex(codeHash);
}

function readValues(reader: RecordReader): AccountValues {
  const nonce = reader.word();
  const balance = reader.word();
  return { nonce, balance, codeHash: reader.u8() === 0 ? EMPTY_CODE_HASH : reader.hex(HASH_BYTES) };
}

function isSame(before: AccountValues, after: AccountValues): boolean {
  return before.nonce === after.nonce && before.balance === after.balance && before.codeHash === after.codeHash;
}
