import {
  assert,
  encodeRlp,
  type FieldReader,
  NULL_ITEM,
  type RlpInput,
  type RlpItem,
  writeAddress,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
  writeUpTo,
} from '@heddle/primitives';
import type { ControlOperation, ControlPart, ControlState } from './control.ts';
import { InvalidEncodingError } from './errors.ts';
import { fieldsOf, itemIn } from './fields.ts';
import { MAX_CONTROL_CODE_BYTES, MAX_CONTROL_OPERATIONS, MAX_RUN_BLOCKS, MAX_SECTION_BYTES } from './limits.ts';

const PART = 'control part';
const STATE = 'control state';

type Kind = ControlOperation['kind'];

/** How each kind stands on the wire: its number, the number of its fields behind that, and both ways. */
type Codec<K extends Kind> = {
  readonly tag: number;
  readonly fields: number;
  write(operation: Extract<ControlOperation, { readonly kind: K }>): RlpItem[];
  read(reader: FieldReader): ControlOperation;
};

const CODECS: { readonly [K in Kind]: Codec<K> } = {
  balance: {
    tag: 1,
    fields: 2,
    write: ({ address, value }) => [writeAddress(address), writeU256(value)],
    read: (reader) => ({ kind: 'balance', address: reader.address('address'), value: reader.u256('value') }),
  },
  code: {
    tag: 2,
    fields: 2,
    write: ({ address, code }) => [writeAddress(address), writeUpTo(code, MAX_CONTROL_CODE_BYTES)],
    read: (reader) => ({
      kind: 'code',
      address: reader.address('address'),
      code: reader.upTo('code', MAX_CONTROL_CODE_BYTES),
    }),
  },
  nonce: {
    tag: 3,
    fields: 2,
    write: ({ address, value }) => [writeAddress(address), writeU64(value)],
    read: (reader) => ({ kind: 'nonce', address: reader.address('address'), value: reader.u64('value') }),
  },
  storage: {
    tag: 4,
    fields: 3,
    write: ({ address, slot, value }) => [writeAddress(address), writeU256(slot), writeU256(value)],
    read: (reader) => ({
      kind: 'storage',
      address: reader.address('address'),
      slot: reader.u256('slot'),
      value: reader.u256('value'),
    }),
  },
  nextBaseFee: {
    tag: 5,
    fields: 1,
    write: ({ value }) => [writeU256(value)],
    read: (reader) => ({ kind: 'nextBaseFee', value: reader.u256('value') }),
  },
  nextPrevRandao: {
    tag: 6,
    fields: 1,
    write: ({ value }) => [writeHash(value)],
    read: (reader) => ({ kind: 'nextPrevRandao', value: reader.hash('value') }),
  },
  gasLimit: {
    tag: 7,
    fields: 1,
    write: ({ value }) => [writeU64(value)],
    read: (reader) => ({ kind: 'gasLimit', value: reader.u64('value') }),
  },
  mine: {
    tag: 8,
    fields: 3,
    write: ({ count, firstTimestamp, interval }) => [writeU64(count), writeU64(firstTimestamp), writeU64(interval)],
    read: readMine,
  },
};

/** rlp([number, parentHash, [[tag, field…]…]]). */
export function controlItem({ number, parentHash, operations }: ControlPart): RlpInput {
  writeIndex(operations.length, MAX_CONTROL_OPERATIONS);
  assert(codeBytes(operations) <= MAX_SECTION_BYTES, 'a control part keeps its limit of bytes');
  return [writeU64(number), writeHash(parentHash), operations.map(operationItem)];
}

/** Strict inverse of `controlItem`. Throws InvalidEncodingError. */
export function readControl(item: RlpItem): ControlPart {
  const reader = fieldsOf(PART, item, 3);
  const number = reader.u64('number');
  const parentHash = reader.hash('parentHash');
  const operations = reader.list('operations', MAX_CONTROL_OPERATIONS).map(readOperation);
  if (operations.length === 0) throw new InvalidEncodingError(PART, 'it has no operation');
  if (operations.slice(0, -1).some(({ kind }) => kind === 'mine')) {
    throw new InvalidEncodingError(PART, 'only its last operation may mine');
  }
  const bytes = codeBytes(operations);
  if (bytes > MAX_SECTION_BYTES) {
    throw new InvalidEncodingError(PART, `its code has ${bytes} bytes, more than ${MAX_SECTION_BYTES}`);
  }
  return { number, parentHash, operations };
}

/** All that makes a control part large: its other operations have some 100 bytes each. */
function codeBytes(operations: readonly ControlOperation[]): number {
  return operations.reduce((sum, operation) => sum + (operation.kind === 'code' ? operation.code.length : 0), 0);
}

/** For the store: rlp([nextNumber, gasLimit, nextBaseFee, nextPrevRandao]), null being the empty list. */
export function encodeControlState({ nextNumber, gasLimit, nextBaseFee, nextPrevRandao }: ControlState): Uint8Array {
  return encodeRlp([
    writeU64(nextNumber),
    gasLimit === null ? [] : [writeU64(gasLimit)],
    nextBaseFee === null ? [] : [writeU256(nextBaseFee)],
    nextPrevRandao === null ? NULL_ITEM : writeHash(nextPrevRandao),
  ]);
}

/** Strict inverse of `encodeControlState`. Throws InvalidEncodingError. */
export function decodeControlState(bytes: Uint8Array): ControlState {
  const reader = fieldsOf(STATE, itemIn(STATE, bytes), 4);
  const nextNumber = reader.u64('nextNumber');
  const [gasLimit = null] = reader.values('gasLimit', 1, (values) => values.u64('gasLimit'));
  const [nextBaseFee = null] = reader.values('nextBaseFee', 1, (values) => values.u256('nextBaseFee'));
  return { nextNumber, gasLimit, nextBaseFee, nextPrevRandao: reader.hashOrNull('nextPrevRandao') };
}

function operationItem(operation: ControlOperation): RlpInput {
  const { tag } = CODECS[operation.kind];
  return [writeIndex(tag, MAX_TAG), ...fieldsItems(operation)];
}

/** One case a kind, so that the compiler sees that each is written by its own. */
function fieldsItems(operation: ControlOperation): RlpItem[] {
  switch (operation.kind) {
    case 'balance':
      return CODECS.balance.write(operation);
    case 'code':
      return CODECS.code.write(operation);
    case 'nonce':
      return CODECS.nonce.write(operation);
    case 'storage':
      return CODECS.storage.write(operation);
    case 'nextBaseFee':
      return CODECS.nextBaseFee.write(operation);
    case 'nextPrevRandao':
      return CODECS.nextPrevRandao.write(operation);
    case 'gasLimit':
      return CODECS.gasLimit.write(operation);
    case 'mine':
      return CODECS.mine.write(operation);
  }
}

const MAX_TAG = 8;
const ALL = Object.values(CODECS);

function readOperation(item: RlpItem): ControlOperation {
  const reader = fieldsOf('control operation', item, null);
  const tag = reader.index('tag', MAX_TAG);
  const codec = ALL.find((known) => known.tag === tag);
  if (codec === undefined) throw new InvalidEncodingError('control operation', `there is none of number ${tag}`);
  reader.expectCount(codec.fields + 1);
  return codec.read(reader);
}

function readMine(reader: FieldReader): ControlOperation {
  const count = reader.u64('count');
  const firstTimestamp = reader.u64('firstTimestamp');
  const interval = reader.u64('interval');
  if (count < 1n || count > MAX_RUN_BLOCKS) {
    throw new InvalidEncodingError('control operation', `it mines ${count} blocks, not 1 … ${MAX_RUN_BLOCKS}`);
  }
  return { kind: 'mine', count, firstTimestamp, interval };
}
