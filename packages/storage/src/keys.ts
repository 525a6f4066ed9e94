/**
 * Layout of the database. A key is one table byte and what the table says; numbers are big-endian, so that keys sort
 * by them. Values are RLP unless noted; the store puts a checksum behind each (`sealed-value.ts`). No value grows with
 * the chain: what there is ever more of has ever more keys.
 *
 * | table | key after the table byte | value |
 * |---|---|---|
 * | meta | a name | `format`: version · `genesis`: its JSON as UTF-8 · `head`: block hash (raw), written by every commit · `finalization`: certificate · `burned`: wei · `minted`: wei, if any · `control`: what control operations have left, if there were any · `shards`: count · `oldestState`: number of the lowest block whose state is there · `pruned`: version, shard and piece of the next removed nodes to delete |
 * | block | number u64 | block |
 * | blockNumber | block hash | number u64, raw |
 * | executions | number u64, part u8 (shard, or their number for the section) | executed transactions of that part of the block with receipts |
 * | chunk | chunk hash | chunk of a final block |
 * | accessLists | number u64 | access lists of the block that no chunk carries: of the section, one a shard, or of the canonical empty chunk |
 * | location | transaction hash | where the transaction was dispatched or executed |
 * | message | message id, source height u64, source u8 (a forwarded message keeps its id) | message, with the height of delivery |
 * | origin | transaction hash, height of emission u64, source u8, position in the outbox u32 | key of a message that goes back to the transaction, raw |
 * | pending | destination u8, source height u64, source u8, sequence u64 | undelivered message |
 * | epochFinalization | epoch u64 | newest finalization certificate of the epoch |
 * | derivedRun | number u64 of its first block | what the headers of a run's derived blocks follow from |
 * | derivedHash | number u64 of the first | hashes of derived blocks of a run, raw, one behind the other |
 * | namedValidators | period u64 | entries of the registry that name the validators of its epoch |
 * | unfinalBlock | block hash | block, synced; deleted once its height is final |
 * | unfinalChunk | chunk hash | chunk, synced; deleted once its height is final |
 * | account | shard u8, address | final account as in the trie (storage root included) |
 * | slot | shard u8, address, slot u256 | final value, big-endian without leading zeros, raw; 0 is absent |
 * | node | shard u8, node hash | node of the account trie, then the version that put it there (`state-versions.ts`), raw |
 * | storageNode | shard u8, owner, node hash | node of the owner's storage trie, as above: equal tries do not share theirs |
 * | removed | version u64, shard u8, piece u16 | hashes of nodes that this version no longer has, by trie |
 * | code | shard u8, code hash | code, raw; never deleted |
 * | undo | number u64, piece u16 | what the keys held that the commit of this block wrote (`rewind/undo-log.ts`) |
 * | snapshot | id u64 | height, hash and finalization of a block that one can go back to |
 * | branch | height u64 | the epoch that begins above this block, out of turn |
 * | rewinds | a name | `revision` of what the owner of all validators has said of snapshots and branches · `lastSnapshot`: highest id ever given |
 * | unfinished | – | there while a chain is being replaced as a whole: then nothing else here is to be believed |
 */
import { bigintToBytes, bytesToBigint, hexToBytes, utf8ToBytes } from '@heddle/primitives';
import type { TrieOwner } from '@heddle/state';
import type { Address, Hash, Message, ShardId } from '@heddle/types';

const TABLE = {
  meta: 0x01,
  block: 0x10,
  blockNumber: 0x11,
  executions: 0x12,
  chunk: 0x13,
  epochFinalization: 0x14,
  accessLists: 0x15,
  namedValidators: 0x16,
  derivedRun: 0x17,
  derivedHash: 0x18,
  location: 0x20,
  message: 0x21,
  pending: 0x22,
  origin: 0x23,
  unfinalBlock: 0x30,
  unfinalChunk: 0x31,
  account: 0x40,
  slot: 0x41,
  node: 0x42,
  code: 0x43,
  storageNode: 0x44,
  removed: 0x45,
  undo: 0x50,
  snapshot: 0x51,
  branch: 0x52,
  rewinds: 0x53,
  unfinished: 0x00,
} as const;

export type TableName = keyof typeof TABLE;

/** Half-open range of keys. */
export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

function key(table: TableName, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 1;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  bytes[0] = TABLE[table];
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function shardKey(table: TableName, shard: ShardId, hex: Address | Hash): Uint8Array {
  return key(table, Uint8Array.of(shard), hexToBytes(hex));
}

const u64 = (value: bigint): Uint8Array => bigintToBytes(value, 8);

/** All keys of a table. */
export function tableRange(table: TableName): KeyRange {
  return { gte: Uint8Array.of(TABLE[table]), lt: Uint8Array.of(TABLE[table] + 1) };
}

/** What a chain consists of once it is final: what a dump has, apart from the branches. */
export const FINAL_TABLES: readonly TableName[] = [
  'meta',
  'block',
  'blockNumber',
  'executions',
  'chunk',
  'epochFinalization',
  'accessLists',
  'derivedRun',
  'derivedHash',
  'namedValidators',
  'location',
  'message',
  'pending',
  'origin',
  'account',
  'slot',
  'node',
  'code',
  'storageNode',
  'removed',
];

/** Every table there is. */
export const ALL_TABLES: readonly TableName[] = [
  ...FINAL_TABLES,
  'unfinalBlock',
  'unfinalChunk',
  'undo',
  'snapshot',
  'branch',
  'rewinds',
  'unfinished',
];

/** Whether a key is of one of these tables. */
export function isIn(tables: readonly TableName[], bytes: Uint8Array): boolean {
  return tables.some((table) => TABLE[table] === bytes[0]);
}

/** All but the mark of a chain that is being replaced. */
export const ALL_BUT_UNFINISHED: KeyRange = { gte: Uint8Array.of(TABLE.unfinished + 1), lt: Uint8Array.of(0xff) };

export type MetaName =
  | 'format'
  | 'genesis'
  | 'head'
  | 'finalization'
  | 'burned'
  | 'minted'
  | 'control'
  | 'shards'
  | 'oldestState'
  | 'pruned';

export const metaKey = (name: MetaName): Uint8Array => key('meta', utf8ToBytes(name));
export const blockKey = (number: bigint): Uint8Array => key('block', u64(number));
export const blockNumberKey = (hash: Hash): Uint8Array => key('blockNumber', hexToBytes(hash));
export const executionsKey = (number: bigint, part: number): Uint8Array =>
  key('executions', u64(number), Uint8Array.of(part));
export const accessListsKey = (number: bigint): Uint8Array => key('accessLists', u64(number));
export const epochFinalizationKey = (epoch: bigint): Uint8Array => key('epochFinalization', u64(epoch));
export const derivedRunKey = (first: bigint): Uint8Array => key('derivedRun', u64(first));
export const derivedHashKey = (first: bigint): Uint8Array => key('derivedHash', u64(first));
export const namedValidatorsKey = (period: bigint): Uint8Array => key('namedValidators', u64(period));
export const chunkKey = (hash: Hash): Uint8Array => key('chunk', hexToBytes(hash));
export const locationKey = (hash: Hash): Uint8Array => key('location', hexToBytes(hash));
export const messageKey = ({ id, sourceHeight, source }: Message): Uint8Array =>
  key('message', hexToBytes(id), u64(sourceHeight), Uint8Array.of(source));
/** All places of one message that was emitted up to `height`. */
export const messageRange = (id: Hash, height: bigint): KeyRange => ({
  gte: key('message', hexToBytes(id)),
  lt: key('message', hexToBytes(id), u64(height + 1n)),
});
/** `index`: position in the outbox of the source's chunk. */
export const originKey = ({ originTx, sourceHeight, source }: Message, index: number): Uint8Array =>
  key('origin', hexToBytes(originTx), u64(sourceHeight), Uint8Array.of(source), bigintToBytes(BigInt(index), 4));
/** Messages of one transaction that were emitted up to `height`. */
export const originRange = (originTx: Hash, height: bigint): KeyRange => ({
  gte: key('origin', hexToBytes(originTx)),
  lt: key('origin', hexToBytes(originTx), u64(height + 1n)),
});
export const pendingKey = (message: Message): Uint8Array =>
  key(
    'pending',
    Uint8Array.of(message.destination),
    u64(message.sourceHeight),
    Uint8Array.of(message.source),
    u64(message.sequence),
  );
export const unfinalBlockKey = (hash: Hash): Uint8Array => key('unfinalBlock', hexToBytes(hash));
export const unfinalChunkKey = (hash: Hash): Uint8Array => key('unfinalChunk', hexToBytes(hash));
export const accountStateKey = (shard: ShardId, address: Address): Uint8Array => shardKey('account', shard, address);
export const slotStateKey = (shard: ShardId, address: Address, slot: bigint): Uint8Array =>
  key('slot', Uint8Array.of(shard), hexToBytes(address), bigintToBytes(slot, 32));
/** All entries of one shard in a table whose keys begin with the shard. */
export const shardRange = (table: 'account' | 'slot', shard: ShardId): KeyRange => ({
  gte: key(table, Uint8Array.of(shard)),
  lt: key(table, Uint8Array.of(shard + 1)),
});
/** All slots of one account: 33 bytes of 0xff lie behind any slot. */
export const slotsRange = (shard: ShardId, address: Address): KeyRange => {
  const prefix = shardKey('slot', shard, address);
  return { gte: prefix, lt: key('slot', prefix.subarray(1), new Uint8Array(33).fill(0xff)) };
};
export const nodeStateKey = (shard: ShardId, owner: TrieOwner, hash: Uint8Array): Uint8Array =>
  owner === null
    ? key('node', Uint8Array.of(shard), hash)
    : key('storageNode', Uint8Array.of(shard), hexToBytes(owner), hash);
export const codeStateKey = (shard: ShardId, hash: Hash): Uint8Array => shardKey('code', shard, hash);

/** Nodes that one version of a shard's state removed, or a part of them. */
export interface RemovedPiece {
  readonly version: bigint;
  readonly shard: ShardId;
  readonly piece: number;
}

export const removedKey = ({ version, shard, piece }: RemovedPiece): Uint8Array =>
  key('removed', u64(version), Uint8Array.of(shard), bigintToBytes(BigInt(piece), 2));

export const undoKey = (height: bigint, piece: number): Uint8Array =>
  key('undo', u64(height), bigintToBytes(BigInt(piece), 2));
/** Of all blocks up to `height`. */
export const undoRange = (height: bigint): KeyRange => ({ gte: key('undo'), lt: key('undo', u64(height + 1n)) });
export const snapshotKey = (id: bigint): Uint8Array => key('snapshot', u64(id));
export const branchKey = (height: bigint): Uint8Array => key('branch', u64(height));
/** The number in the key of a snapshot or a branch. */
export const numberIn = (bytes: Uint8Array): bigint => bytesToBigint(bytes.subarray(1));
export const rewindsKey = (name: 'revision' | 'lastSnapshot'): Uint8Array => key('rewinds', utf8ToBytes(name));
export const UNFINISHED_KEY: Uint8Array = key('unfinished');
