import { bytesToBigint, bytesToHex } from '@heddle/primitives';
import { decodeBlock, decodeCertificate, type Hash, hashBlockHeader, MAX_SHARDS } from '@heddle/types';
import { decodeCount, decodeQuantity } from '../codecs.ts';
import type { Database } from '../database.ts';
import { DataDirectoryVersionError } from '../errors.ts';
import { blockKey, blockNumberKey, metaKey, tableRange } from '../keys.ts';
import { EXAMINED_ENTRIES, FORMAT_VERSION } from '../limits.ts';
import { isSettled, readOldest } from '../state-window.ts';

/** What a chain says of itself, without going through it. */
export interface ChainInfo {
  readonly format: bigint;
  readonly genesisHash: Hash;
  readonly shards: number;
  readonly height: bigint;
  readonly headHash: Hash;
  /** Seconds since 1970. */
  readonly headTimestamp: bigint;
  /** Number of the lowest block whose state is there. */
  readonly oldestState: bigint;
  /** Nothing of older states waits to be deleted. */
  readonly isPruned: boolean;
  /** Of the newest finalization; null right after genesis. */
  readonly finalized: { readonly epoch: bigint; readonly view: bigint; readonly block: Hash } | null;
  /** Blocks that are not final yet, up to a thousand. */
  readonly unfinalBlocks: number;
}

/** `place`: for messages. Throws `DataDirectoryVersionError`, `StorageDamagedError`, `StorageFailureError`. */
export async function readChainInfo(database: Database, place: string): Promise<ChainInfo> {
  const format = database.get(metaKey('format'));
  if (format === undefined) throw new DataDirectoryVersionError(place, null, FORMAT_VERSION);
  const version = decodeQuantity(format);
  if (version !== FORMAT_VERSION) throw new DataDirectoryVersionError(place, version, FORMAT_VERSION);
  const needed = (key: Uint8Array, what: string): Uint8Array => {
    const value = database.get(key);
    if (value === undefined) throw database.damaged(`${what} is missing`);
    return value;
  };
  const headHash = bytesToHex(needed(metaKey('head'), "'head'"));
  const height = bytesToBigint(needed(blockNumberKey(headHash), `the number of the head ${headHash}`));
  const head = decodeBlock(needed(blockKey(height), `block ${height}`));
  const unfinal = await database.keys(tableRange('unfinalBlock'), EXAMINED_ENTRIES);
  return {
    format: version,
    genesisHash: hashBlockHeader(decodeBlock(needed(blockKey(0n), 'block 0')).header),
    shards: decodeCount(needed(metaKey('shards'), "'shards'"), MAX_SHARDS),
    height,
    headHash,
    headTimestamp: head.header.timestamp,
    oldestState: readOldest(database),
    isPruned: await isSettled(database),
    finalized: finalizationIn(database),
    unfinalBlocks: unfinal.length,
  };
}

function finalizationIn(database: Database): ChainInfo['finalized'] {
  const value = database.get(metaKey('finalization'));
  const certificate = value === undefined ? null : decodeCertificate(value);
  if (certificate === null || certificate.kind === 'nullify') return null;
  const { epoch, view, blockHash } = certificate.tuple;
  return { epoch, view, block: blockHash };
}
