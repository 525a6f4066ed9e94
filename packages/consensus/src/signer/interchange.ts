/**
 * Signer records as a file that goes from one machine to another, after EIP-3076: the same shape and words, decimal
 * strings for numbers, with this chain's own kinds of messages. Writing sorts, so that equal histories are equal texts;
 * reading takes nothing that writing would not make.
 */
import { BLS_SIGNATURE_BYTES, bytesToHex, type Hex, hexToBytes } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { InvalidInterchangeError } from '../errors.ts';
import type { SignerHistory, SignerRecord } from '../ports.ts';
import { INTERCHANGE_FORMAT_VERSION, MAX_INTERCHANGE_NUMBER } from './limits.ts';
import { epochOfSlot } from './place.ts';

/** The history of one key. */
export interface InterchangeKey {
  /** 48 bytes. */
  readonly publicKey: Hex;
  readonly history: SignerHistory;
}

export interface SignerInterchange {
  /** The records count for this chain alone. */
  readonly genesisHash: Hash;
  readonly keys: readonly InterchangeKey[];
}

const SLOT = /^(0|[1-9]\d{0,19})\/(propose|notarize|nullify|finalize|(?:endorse|produce):(?:0|[1-9]\d{0,4}))$/;

/** The file's text, ending with a line feed. */
export function encodeInterchange({ genesisHash, keys }: SignerInterchange): string {
  const data = [...keys].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1)).map(keyToJson);
  const metadata = { interchange_format_version: INTERCHANGE_FORMAT_VERSION, genesis_hash: genesisHash };
  return `${JSON.stringify({ metadata, data }, null, 2)}\n`;
}

function keyToJson({ publicKey, history }: InterchangeKey): unknown {
  return {
    pubkey: publicKey,
    silent_before_epoch: String(history.silentBefore),
    signed_messages: [...history.records].sort(compareRecords).map((record) => ({
      slot: record.slot,
      position: String(record.position),
      scope: record.scope,
      signing_root: record.digest,
      signature: bytesToHex(record.signature),
    })),
  };
}

/** By epoch, kind, position, scope. */
function compareRecords(a: SignerRecord, b: SignerRecord): number {
  const [epochA, epochB] = [epochOfSlot(a.slot), epochOfSlot(b.slot)];
  if (epochA !== epochB) return epochA < epochB ? -1 : 1;
  if (a.slot !== b.slot) return a.slot < b.slot ? -1 : 1;
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  if (a.scope === b.scope) return 0;
  return a.scope < b.scope ? -1 : 1;
}

/** Throws InvalidInterchangeError. */
export function parseInterchange(text: string): SignerInterchange {
  const file = readObject(parseJson(text), '', ['metadata', 'data']);
  const metadata = readObject(file('metadata'), 'metadata', ['interchange_format_version', 'genesis_hash']);
  if (metadata('interchange_format_version') !== INTERCHANGE_FORMAT_VERSION) {
    throw new InvalidInterchangeError('metadata.interchange_format_version', `"${INTERCHANGE_FORMAT_VERSION}"`);
  }
  const genesisHash = readHex(metadata('genesis_hash'), 'metadata.genesis_hash', 32);
  const keys = readArray(file('data'), 'data').map((key, index) => readKey(key, `data[${index}]`));
  keys.forEach((key, index) => {
    const before = keys[index - 1];
    if (before === undefined || before.publicKey < key.publicKey) return;
    throw new InvalidInterchangeError(`data[${index}].pubkey`, 'above the one before it');
  });
  return { genesisHash, keys };
}

/** What the file says of one key on one chain. Throws InvalidInterchangeError when it says nothing of it. */
export function historyIn(interchange: SignerInterchange, genesisHash: Hash, publicKey: Hex): SignerHistory {
  if (interchange.genesisHash !== genesisHash) {
    throw new InvalidInterchangeError('metadata.genesis_hash', `${genesisHash}, this chain's`);
  }
  const found = interchange.keys.find((key) => key.publicKey === publicKey);
  if (found === undefined) throw new InvalidInterchangeError('data', `a list in which the key ${publicKey} is`);
  return found.history;
}

function readKey(value: unknown, path: string): InterchangeKey {
  const fields = readObject(value, path, ['pubkey', 'silent_before_epoch', 'signed_messages']);
  const publicKey = readHex(fields('pubkey'), `${path}.pubkey`, 48);
  const silentBefore = readNumber(fields('silent_before_epoch'), `${path}.silent_before_epoch`);
  const messages = readArray(fields('signed_messages'), `${path}.signed_messages`);
  const records = messages.map((message, index) => readRecord(message, `${path}.signed_messages[${index}]`));
  records.forEach((record, index) => {
    const before = records[index - 1];
    if (before === undefined || compareRecords(before, record) < 0) return;
    throw new InvalidInterchangeError(
      `${path}.signed_messages[${index}]`,
      'behind the one before it, and no copy of it',
    );
  });
  return { publicKey, history: { silentBefore, records } };
}

function readRecord(value: unknown, path: string): SignerRecord {
  const fields = readObject(value, path, ['slot', 'position', 'scope', 'signing_root', 'signature']);
  const [slot, scope] = [fields('slot'), fields('scope')];
  if (typeof slot !== 'string' || !SLOT.test(slot)) {
    throw new InvalidInterchangeError(`${path}.slot`, 'an epoch, a slash and a kind of message');
  }
  const isChunk = slot.includes(':');
  return {
    slot,
    position: readNumber(fields('position'), `${path}.position`),
    scope: isChunk ? readHex(scope, `${path}.scope`, 32) : readEmpty(scope, `${path}.scope`),
    digest: readHex(fields('signing_root'), `${path}.signing_root`, 32),
    signature: hexToBytes(readHex(fields('signature'), `${path}.signature`, BLS_SIGNATURE_BYTES)),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInterchangeError('', 'JSON');
  }
}

/** The fields of an object that has these and no others. */
function readObject<Name extends string>(
  value: unknown,
  path: string,
  names: readonly Name[],
): (name: Name) => unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).length !== names.length || !names.every((name) => Object.hasOwn(value, name))) {
    throw new InvalidInterchangeError(path, `an object of ${names.join(', ')}`);
  }
  return (name) => Reflect.get(value, name);
}

function readArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidInterchangeError(path, 'a list');
  return value;
}

function readHex(value: unknown, path: string, bytes: number): Hex {
  if (typeof value === 'string' && value.length === 2 + 2 * bytes && isLowerHex(value)) return value;
  throw new InvalidInterchangeError(path, `${bytes} bytes of lower-case hex`);
}

function isLowerHex(text: string): text is Hex {
  return /^0x[0-9a-f]*$/.test(text);
}

function readEmpty(value: unknown, path: string): '' {
  if (value === '') return value;
  throw new InvalidInterchangeError(path, 'empty for a vote');
}

/** A view, height or epoch: a decimal string, as EIP-3076 writes numbers. */
function readNumber(value: unknown, path: string): bigint {
  const isDecimal = typeof value === 'string' && /^(0|[1-9]\d{0,19})$/.test(value);
  if (isDecimal && BigInt(value) <= MAX_INTERCHANGE_NUMBER) return BigInt(value);
  throw new InvalidInterchangeError(path, 'a decimal string of at most 64 bits');
}
