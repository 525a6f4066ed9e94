import {
  concatBytes,
  decodeItem,
  EMPTY_BYTES,
  encodeRlp,
  encodeUint,
  FieldReader,
  keccak256Hex,
  MAX_U64,
  MAX_U256,
  type Refusal,
  type RlpItem,
  readList,
  SECP256K1_HALF_ORDER,
  SECP256K1_ORDER,
  writeAddress,
  writeHash,
} from '@heddle/primitives';
import { InvalidTransactionEncodingError } from './errors.ts';
import { ANY_NUMBER, FIRST_LIST_BYTE } from './fields.ts';
import type { Address } from './ids.ts';
import type {
  AccessList,
  Authorization,
  FeeMarketTransaction,
  Impersonation,
  LegacyTransaction,
  RecoveredTransaction,
  SignedTransaction,
  TransactionSignature,
  UnsignedTransaction,
} from './transaction.ts';

/** `v` of a legacy signature before EIP-155, and with a chain ID of 0. */
const V_UNPROTECTED = 27n;
const V_PROTECTED = 35n;

/**
 * EIP-2718 type of an impersonated transaction. Nobody else uses it: Ethereum counts up from 0, rollups and other chains
 * have taken 0x64 … 0x6a, 0x71, 0x7a … 0x7c, 0x7e and 0x7f.
 */
export const IMPERSONATED_TYPE = 0x7d;

/**
 * Decodes the one encoding of a signed transaction of type 0 … 4 (EIP-155, 2718, 2930, 1559, 4844, 7702), a
 * type 3 as it stands in a block, without its blobs, or of an impersonated one, which only a devnet takes. Checks all that the bytes alone can show: canonical RLP, widths, nonce below 2^64 − 1 (EIP-2681), r and s in range and s
 * at most N/2 (EIP-2), the form of v. Chain ID, fees and gas are the caller's to judge. `raw` is copied.
 * Throws InvalidTransactionEncodingError.
 */
export function decodeTransaction(raw: Uint8Array): SignedTransaction {
  const own = new Uint8Array(raw);
  const { fields, signature } = decodeEnvelope(own);
  checkFields(fields);
  if (!('sender' in signature)) checkSignature(signature);
  return { fields, signature, raw: own, hash: keccak256Hex(own) };
}

const malformed: Refusal = (_subject, reason) => new InvalidTransactionEncodingError(reason);
const refusal: Refusal = (subject, reason) => new InvalidTransactionEncodingError(`${subject}: ${reason}`);

function fieldsOf(subject: string, item: RlpItem, count: number): FieldReader {
  return new FieldReader(refusal, subject, item, count);
}

/**
 * The signed transaction of these parts. Throws InvalidTransactionEncodingError for fields or a signature that no
 * transaction can have: what this returns, `decodeTransaction` accepts.
 */
export function encodeTransaction(fields: UnsignedTransaction, signature: TransactionSignature): SignedTransaction {
  checkSignature(signature);
  return encodeSigned(fields, signature);
}

/**
 * What a devnet makes for an account that it impersonates: 0x7d ‖ rlp([sender, the fields of an EIP-1559 transaction]),
 * without a signature. Throws InvalidTransactionEncodingError as `encodeTransaction` does.
 */
export function encodeImpersonated(fields: FeeMarketTransaction, sender: Address): RecoveredTransaction {
  checkFields(fields);
  const list = encodeRlp([writeAddress(sender), ...unsignedItems(fields)]);
  const raw = concatBytes(Uint8Array.of(IMPERSONATED_TYPE), list);
  return { fields, signature: { sender }, raw, hash: keccak256Hex(raw), sender };
}

/** A call, as if it were a transaction: its signature is zeros, so nothing decodes it. Throws InvalidTransactionEncodingError. */
export function encodeUnsigned(fields: UnsignedTransaction): SignedTransaction {
  return encodeSigned(fields, { yParity: 0, r: 0n, s: 0n });
}

function encodeSigned(fields: UnsignedTransaction, signature: TransactionSignature): SignedTransaction {
  checkFields(fields);
  const items = [...unsignedItems(fields), ...signatureItems(fields, signature)];
  const list = encodeRlp(items);
  const raw = fields.type === 0 ? list : concatBytes(Uint8Array.of(fields.type), list);
  return { fields, signature, raw, hash: keccak256Hex(raw) };
}

/**
 * What the sender signs before hashing: EIP-2718 type byte and fields; for type 0 the list with `chainId, 0, 0`
 * (EIP-155), or without when `chainId` is null. Throws InvalidTransactionEncodingError.
 */
export function signingPayload(fields: UnsignedTransaction): Uint8Array {
  checkFields(fields);
  const items = unsignedItems(fields);
  if (fields.type !== 0) return concatBytes(Uint8Array.of(fields.type), encodeRlp(items));
  if (fields.chainId === null) return encodeRlp(items);
  return encodeRlp([...items, encodeUint(fields.chainId), EMPTY_BYTES, EMPTY_BYTES]);
}

interface Decoded {
  readonly fields: UnsignedTransaction;
  readonly signature: TransactionSignature | Impersonation;
}

function decodeEnvelope(raw: Uint8Array): Decoded {
  const type = raw[0];
  if (type === undefined) throw new InvalidTransactionEncodingError('there are no bytes');
  if (type >= FIRST_LIST_BYTE) return decodeLegacy(decodeItem(malformed, 'type 0', raw));
  if (type === IMPERSONATED_TYPE) return decodeImpersonated(decodeItem(malformed, 'type 0x7d', raw.subarray(1)));
  if (type < 1 || type > 4) {
    throw new InvalidTransactionEncodingError(`unknown transaction type ${type}: types 0 … 4 are supported`);
  }
  const item = decodeItem(malformed, `type ${type}`, raw.subarray(1));
  if (type === 1) return decodeAccessListTransaction(item);
  if (type === 2) return decodeFeeMarket(item);
  return type === 3 ? decodeBlob(item) : decodeSetCode(item);
}

function decodeLegacy(item: RlpItem): Decoded {
  const reader = fieldsOf('type 0', item, 9);
  const common = {
    type: 0 as const,
    nonce: reader.u64('nonce'),
    gasPrice: reader.u256('gasPrice'),
    gasLimit: reader.u64('gasLimit'),
    to: readTo(reader),
    value: reader.u256('value'),
    data: reader.bytes('data'),
  };
  const v = reader.u256('v');
  const { chainId, yParity } = splitV(v);
  return { fields: { ...common, chainId }, signature: { yParity, r: reader.u256('r'), s: reader.u256('s') } };
}

/** EIP-155: v = 27 + yParity without a chain ID, 35 + 2 · chainId + yParity with one. */
function splitV(v: bigint): { readonly chainId: bigint | null; readonly yParity: 0 | 1 } {
  if (v === V_UNPROTECTED || v === V_UNPROTECTED + 1n) {
    return { chainId: null, yParity: v === V_UNPROTECTED ? 0 : 1 };
  }
  if (v < V_PROTECTED) throw new InvalidTransactionEncodingError(`v is ${v}: it is 27, 28, or at least 35 (EIP-155)`);
  const rest = v - V_PROTECTED;
  return { chainId: rest / 2n, yParity: rest % 2n === 0n ? 0 : 1 };
}

function joinV(fields: LegacyTransaction, yParity: 0 | 1): bigint {
  const base = fields.chainId === null ? V_UNPROTECTED : V_PROTECTED + 2n * fields.chainId;
  return base + BigInt(yParity);
}

function decodeAccessListTransaction(item: RlpItem): Decoded {
  const reader = fieldsOf('type 1', item, 11);
  const fields = {
    type: 1 as const,
    chainId: reader.u256('chainId'),
    nonce: reader.u64('nonce'),
    gasPrice: reader.u256('gasPrice'),
    gasLimit: reader.u64('gasLimit'),
    to: readTo(reader),
    value: reader.u256('value'),
    data: reader.bytes('data'),
    accessList: readAccessList(reader.item('accessList')),
  };
  return { fields, signature: readSignature(reader) };
}

function decodeFeeMarket(item: RlpItem): Decoded {
  const reader = fieldsOf('type 2', item, 12);
  return { fields: readFeeMarket(reader), signature: readSignature(reader) };
}

function decodeImpersonated(item: RlpItem): Decoded {
  const reader = fieldsOf('type 0x7d', item, 10);
  const sender = reader.address('sender');
  return { fields: readFeeMarket(reader), signature: { sender } };
}

function readFeeMarket(reader: FieldReader): FeeMarketTransaction {
  return {
    type: 2,
    chainId: reader.u256('chainId'),
    nonce: reader.u64('nonce'),
    maxPriorityFeePerGas: reader.u256('maxPriorityFeePerGas'),
    maxFeePerGas: reader.u256('maxFeePerGas'),
    gasLimit: reader.u64('gasLimit'),
    to: readTo(reader),
    value: reader.u256('value'),
    data: reader.bytes('data'),
    accessList: readAccessList(reader.item('accessList')),
  };
}

function decodeBlob(item: RlpItem): Decoded {
  if (!(item instanceof Uint8Array) && item[0] !== undefined && !(item[0] instanceof Uint8Array)) {
    throw new InvalidTransactionEncodingError('type 3 with its blobs (EIP-4844, EIP-7594): only its first part is one');
  }
  const reader = fieldsOf('type 3', item, 14);
  const fields = {
    type: 3 as const,
    ...readFeeMarketCall(reader),
    maxFeePerBlobGas: reader.u256('maxFeePerBlobGas'),
    blobVersionedHashes: reader.values('blobVersionedHashes', ANY_NUMBER, (hashes) => hashes.hash('versioned hash')),
  };
  return { fields, signature: readSignature(reader) };
}

function decodeSetCode(item: RlpItem): Decoded {
  const reader = fieldsOf('type 4', item, 13);
  const fields = {
    type: 4 as const,
    ...readFeeMarketCall(reader),
    authorizationList: reader.list('authorizationList', ANY_NUMBER).map(readAuthorization),
  };
  return { fields, signature: readSignature(reader) };
}

/** What types 3 and 4 begin with: as type 2, but a null destination is not valid (EIP-4844, EIP-7702). */
function readFeeMarketCall(reader: FieldReader): Omit<FeeMarketTransaction, 'type' | 'to'> & { readonly to: Address } {
  return {
    chainId: reader.u256('chainId'),
    nonce: reader.u64('nonce'),
    maxPriorityFeePerGas: reader.u256('maxPriorityFeePerGas'),
    maxFeePerGas: reader.u256('maxFeePerGas'),
    gasLimit: reader.u64('gasLimit'),
    to: reader.address('to'),
    value: reader.u256('value'),
    data: reader.bytes('data'),
    accessList: readAccessList(reader.item('accessList')),
  };
}

function readTo(reader: FieldReader): Address | null {
  const item = reader.bytes('to');
  if (item.length === 0) return null;
  return fieldsOf('to', [item], 1).address('address');
}

function readAccessList(item: RlpItem): AccessList {
  return readList(refusal, 'access list', item).map((entry) => {
    const reader = fieldsOf('access list entry', entry, 2);
    const address = reader.address('address');
    return { address, storageKeys: reader.values('storageKeys', ANY_NUMBER, (keys) => keys.hash('storage key')) };
  });
}

function readAuthorization(item: RlpItem): Authorization {
  const reader = fieldsOf('authorization', item, 6);
  return {
    chainId: reader.u256('chainId'),
    address: reader.address('address'),
    nonce: reader.u64('nonce'),
    yParity: reader.index('yParity', 255),
    r: reader.u256('r'),
    s: reader.u256('s'),
  };
}

function readSignature(reader: FieldReader): TransactionSignature {
  const yParity = reader.index('yParity', 255);
  if (yParity !== 0 && yParity !== 1) throw new InvalidTransactionEncodingError(`yParity is ${yParity}, not 0 or 1`);
  return { yParity, r: reader.u256('r'), s: reader.u256('s') };
}

/** The fields up to the signature, in the order of their EIP. */
function unsignedItems(fields: UnsignedTransaction): RlpItem[] {
  const to = fields.to === null ? EMPTY_BYTES : writeAddress(fields.to);
  const target = [encodeUint(fields.gasLimit), to, encodeUint(fields.value), fields.data];
  const nonce = encodeUint(fields.nonce);
  if (fields.type === 0) return [nonce, encodeUint(fields.gasPrice), ...target];
  const head = [encodeUint(fields.chainId), nonce];
  const accessList = accessListItem(fields.accessList);
  if (fields.type === 1) return [...head, encodeUint(fields.gasPrice), ...target, accessList];
  const fees = [encodeUint(fields.maxPriorityFeePerGas), encodeUint(fields.maxFeePerGas)];
  const items: RlpItem[] = [...head, ...fees, ...target, accessList];
  if (fields.type === 3) items.push(encodeUint(fields.maxFeePerBlobGas), fields.blobVersionedHashes.map(writeHash));
  if (fields.type === 4) items.push(fields.authorizationList.map(authorizationItem));
  return items;
}

function accessListItem(accessList: AccessList): RlpItem {
  return accessList.map((entry) => [writeAddress(entry.address), entry.storageKeys.map(writeHash)]);
}

function authorizationItem(authorization: Authorization): RlpItem {
  const { chainId, address, nonce, yParity, r, s } = authorization;
  const numbers = [encodeUint(nonce), encodeUint(yParity), encodeUint(r), encodeUint(s)];
  return [encodeUint(chainId), writeAddress(address), ...numbers];
}

function signatureItems(fields: UnsignedTransaction, signature: TransactionSignature): RlpItem[] {
  const { yParity, r, s } = signature;
  const v = fields.type === 0 ? joinV(fields, yParity) : BigInt(yParity);
  return [encodeUint(v), encodeUint(r), encodeUint(s)];
}

function checkFields(fields: UnsignedTransaction): void {
  // EIP-2681: an account's nonce ends at 2^64 − 1, so the last that a transaction can use is one less.
  checkRange('nonce', fields.nonce, MAX_U64 - 1n);
  checkRange('gasLimit', fields.gasLimit, MAX_U64);
  checkRange('value', fields.value, MAX_U256);
  if (fields.type === 0) {
    checkRange('gasPrice', fields.gasPrice, MAX_U256);
    // The largest whose v fits 256 bits.
    if (fields.chainId !== null) checkRange('chainId', fields.chainId, (MAX_U256 - V_PROTECTED - 1n) / 2n);
    return;
  }
  checkRange('chainId', fields.chainId, MAX_U256);
  if (fields.type === 1) {
    checkRange('gasPrice', fields.gasPrice, MAX_U256);
    return;
  }
  checkRange('maxPriorityFeePerGas', fields.maxPriorityFeePerGas, MAX_U256);
  checkRange('maxFeePerGas', fields.maxFeePerGas, MAX_U256);
  if (fields.type === 3) checkRange('maxFeePerBlobGas', fields.maxFeePerBlobGas, MAX_U256);
  if (fields.type === 4) checkAuthorizations(fields.authorizationList);
}

function checkAuthorizations(list: readonly Authorization[]): void {
  if (list.length === 0) {
    throw new InvalidTransactionEncodingError('authorizationList is empty: EIP-7702 wants at least one entry');
  }
  for (const authorization of list) {
    checkRange('authorization chainId', authorization.chainId, MAX_U256);
    checkRange('authorization nonce', authorization.nonce, MAX_U64);
    checkRange('authorization yParity', BigInt(authorization.yParity), 255n);
    checkRange('authorization r', authorization.r, MAX_U256);
    checkRange('authorization s', authorization.s, MAX_U256);
  }
}

function checkRange(field: string, value: bigint, maximum: bigint): void {
  if (value < 0n || value > maximum) {
    throw new InvalidTransactionEncodingError(`${field} is ${value}, outside 0 … ${maximum}`);
  }
}

function checkSignature(signature: TransactionSignature): void {
  const { r, s } = signature;
  if (r <= 0n || r >= SECP256K1_ORDER) throw new InvalidTransactionEncodingError('r is outside 1 … N − 1');
  if (s <= 0n) throw new InvalidTransactionEncodingError('s is 0');
  if (s > SECP256K1_HALF_ORDER) throw new InvalidTransactionEncodingError('s is above N/2 (EIP-2)');
}
