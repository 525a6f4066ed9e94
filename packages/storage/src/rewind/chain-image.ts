/**
 * A whole final chain as bytes, to be taken over by a network of the same genesis: format, genesis hash, length of the
 * contents, hash of the rest, and that is the entries of all final tables and of the branches, in key order, compressed.
 * The hash is of what is in the file: DEFLATE has bits that change no contents (RFC 1951, 3.2.3), and nothing inflates
 * before it is known to be what was written.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import {
  bigintToBytes,
  bytesToBigint,
  bytesToHex,
  concatBytes,
  equalBytes,
  HASH_BYTES,
  hexToBytes,
  keccak256,
  utf8ToBytes,
} from '@heddle/primitives';
import {
  decodeBlock,
  decodeCertificate,
  EMPTY_TRIE_ROOT,
  type Hash,
  hashBlockHeader,
  stateRootsOf,
} from '@heddle/types';
import { decodeQuantity, encodeQuantity } from '../codecs.ts';
import type { Database } from '../database.ts';
import { ChainImageError, ChainTooLargeError } from '../errors.ts';
import {
  blockKey,
  blockNumberKey,
  FINAL_TABLES,
  isIn,
  metaKey,
  nodeStateKey,
  numberIn,
  type TableName,
  tableRange,
} from '../keys.ts';
import { FORMAT_VERSION, MAX_IMAGE_BYTES } from '../limits.ts';
import type { BranchStart, GenesisWrite } from '../types.ts';
import { areRising } from './rewind-record.ts';

const MAGIC = utf8ToBytes('HEDDLE-CHAIN-2\n');
const NUMBER_BYTES = 8;
const KEY_LENGTH_BYTES = 2;
const VALUE_LENGTH_BYTES = 4;
const HEADER_BYTES: number = MAGIC.length + 2 * NUMBER_BYTES + 2 * HASH_BYTES;

const TABLES: readonly TableName[] = [...FINAL_TABLES, 'branch'];

const DUMP_AGAIN = 'make it again with anvil_dumpState on the network that it comes from';
const SAME_GENESIS =
  'start a network with the genesis that it was made with (the same flags, or that network’s genesis file)';

/** A dump that has been read and found whole. */
export interface ChainImage {
  /** In key order. */
  readonly entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[];
  readonly height: bigint;
  readonly hash: Hash;
  readonly branches: readonly BranchStart[];
  /** The newest that anything in it is of. */
  readonly epoch: bigint;
}

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

const numberBytes = (value: number | bigint): Uint8Array => bigintToBytes(BigInt(value), NUMBER_BYTES);

/** Of a chain that does not change meanwhile. Throws `ChainTooLargeError`, and as `Database.get`. */
export async function dumpChain(database: Database, genesisHash: Hash): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (const range of TABLES.map(tableRange).sort((a, b) => (a.gte[0] ?? 0) - (b.gte[0] ?? 0))) {
    for (const [key, value] of await database.entries(range)) {
      const lengths = new Uint8Array(KEY_LENGTH_BYTES + VALUE_LENGTH_BYTES);
      lengths.set(bigintToBytes(BigInt(key.length), KEY_LENGTH_BYTES));
      lengths.set(bigintToBytes(BigInt(value.length), VALUE_LENGTH_BYTES), KEY_LENGTH_BYTES);
      parts.push(lengths, key, value);
      bytes += lengths.length + key.length + value.length;
      if (bytes > MAX_IMAGE_BYTES) throw new ChainTooLargeError(bytes, MAX_IMAGE_BYTES);
    }
  }
  const contents = joined(parts, bytes);
  const body = await deflated(contents);
  const header = [MAGIC, numberBytes(FORMAT_VERSION), hexToBytes(genesisHash), numberBytes(bytes), keccak256(body)];
  return concatBytes(...header, body);
}

/** Not by spreading: there are more parts than a call may have arguments. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads a dump as a whole, and looks whether it fits `genesis`. Throws `ChainImageError`. */
export async function readChainImage(bytes: Uint8Array, genesis: GenesisWrite): Promise<ChainImage> {
  const entries = entriesIn(await contentsOf(bytes, genesis));
  const values = new Map(entries.map(([key, value]) => [bytesToHex(key), value]));
  const value = (key: Uint8Array): Uint8Array => {
    const found = values.get(bytesToHex(key));
    if (found === undefined) throw new ChainImageError('something that every chain has is missing in it', DUMP_AGAIN);
    return found;
  };
  try {
    return imageOf(entries, value, genesis);
  } catch (error) {
    if (error instanceof ChainImageError) throw error;
    throw new ChainImageError(error instanceof Error ? error.message : 'it does not decode', DUMP_AGAIN);
  }
}

async function contentsOf(bytes: Uint8Array, { blockHash }: GenesisWrite): Promise<Uint8Array> {
  if (bytes.length < HEADER_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw new ChainImageError('it is no dump of this program', DUMP_AGAIN);
  }
  let at = MAGIC.length;
  const take = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const format = bytesToBigint(take(NUMBER_BYTES));
  if (format !== FORMAT_VERSION) {
    const reason = `it has format ${format}, and this version reads format ${FORMAT_VERSION}`;
    throw new ChainImageError(reason, 'load it with the version that made it');
  }
  const theirs = bytesToHex(take(HASH_BYTES));
  if (theirs !== blockHash) {
    throw new ChainImageError(`its genesis block is ${theirs}, and this network's is ${blockHash}`, SAME_GENESIS);
  }
  const length = bytesToBigint(take(NUMBER_BYTES));
  const hash = take(HASH_BYTES);
  if (length > BigInt(MAX_IMAGE_BYTES)) {
    const reason = `it says to hold ${length} bytes, and ${MAX_IMAGE_BYTES} are the most`;
    throw new ChainImageError(reason, DUMP_AGAIN);
  }
  const body = bytes.subarray(at);
  const contents = equalBytes(keccak256(body), hash) ? await inflate(body, Number(length)) : null;
  if (contents === null || BigInt(contents.length) !== length) {
    throw new ChainImageError('its contents are not those that it was made with', DUMP_AGAIN);
  }
  return contents;
}

/** Null when it does not inflate, or to more than `length` bytes: no more are ever made. */
async function inflate(compressed: Uint8Array, length: number): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await inflated(compressed, { maxOutputLength: Math.max(1, length) }));
  } catch {
    return null;
  }
}

function entriesIn(contents: Uint8Array): readonly (readonly [Uint8Array, Uint8Array])[] {
  const entries: [Uint8Array, Uint8Array][] = [];
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > contents.length) throw new ChainImageError('it ends in the middle of an entry', DUMP_AGAIN);
    at += length;
    return contents.slice(at - length, at);
  };
  while (at < contents.length) {
    const keyLength = Number(bytesToBigint(take(KEY_LENGTH_BYTES)));
    const valueLength = Number(bytesToBigint(take(VALUE_LENGTH_BYTES)));
    const key = take(keyLength);
    if (!isIn(TABLES, key)) throw new ChainImageError('it holds what no chain consists of', DUMP_AGAIN);
    entries.push([key, take(valueLength)]);
  }
  return entries;
}

function imageOf(
  entries: ChainImage['entries'],
  value: (key: Uint8Array) => Uint8Array,
  genesis: GenesisWrite,
): ChainImage {
  const expected = [
    encodeQuantity(FORMAT_VERSION),
    utf8ToBytes(genesis.genesisJson),
    encodeQuantity(BigInt(genesis.shards.length)),
  ];
  const isOurs = [metaKey('format'), metaKey('genesis'), metaKey('shards')].every((key, index) =>
    equalBytes(value(key), expected[index] ?? new Uint8Array(0)),
  );
  if (!isOurs) throw new ChainImageError('its genesis file is another one', SAME_GENESIS);
  for (const name of ['burned', 'oldestState'] as const) decodeQuantity(value(metaKey(name)));
  const hash = bytesToHex(value(metaKey('head')));
  const block = decodeBlock(value(blockKey(bytesToBigint(value(blockNumberKey(hash))))));
  if (hashBlockHeader(block.header) !== hash) throw new ChainImageError('its head is another block', DUMP_AGAIN);
  // The whole of it was hashed; this is for what was made by hand.
  for (const [shard, root] of stateRootsOf(block).entries()) {
    if (root !== EMPTY_TRIE_ROOT) value(nodeStateKey(shard, null, hexToBytes(root)));
  }
  const height = block.header.number;
  const branches = entries
    .filter(([key]) => isIn(['branch'], key))
    .map(([key, encoded]) => ({ height: numberIn(key), epoch: decodeQuantity(encoded) }));
  if (!areRising(branches, height)) throw new ChainImageError('its branches are out of order', DUMP_AGAIN);
  return { entries, height, hash, branches, epoch: newestEpoch(entries, branches) };
}

function newestEpoch(entries: ChainImage['entries'], branches: readonly BranchStart[]): bigint {
  const certified = entries
    .filter(([key]) => isIn(['epochFinalization'], key))
    .map(([, certificate]) => decodeCertificate(certificate))
    .map((certificate) => (certificate.kind === 'nullify' ? certificate.epoch : certificate.tuple.epoch));
  return [...certified, ...branches.map(({ epoch }) => epoch)].reduce((a, b) => (a > b ? a : b), 0n);
}
