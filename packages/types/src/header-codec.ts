import {
  bytesToHex,
  EncodedRlp,
  keccak256Hex,
  keccak256OfRlp,
  type RlpItem,
  rememberedBy,
  writeAddress,
  writeFixed,
  writeHash,
  writeU64,
  writeU256,
  writeUpTo,
} from '@heddle/primitives';
import type { BlockHeader } from './block.ts';
import { BLOOM_BYTES } from './constants.ts';
import { fieldsOf, itemIn } from './fields.ts';
import type { Hash } from './ids.ts';
import { MAX_EXTRA_DATA_BYTES } from './limits.ts';

const SUBJECT = 'block header';
const FIELD_COUNT = 21;
const NONCE_BYTES = 8;
/** Places in the list. */
const PARENT_HASH = 0;
const NUMBER = 8;
const TIMESTAMP = 11;
const BASE_FEE = 15;

/** Ethereum's RLP list of 21 fields (Osaka). Read only: remembered with the header. */
export function encodeBlockHeader(header: BlockHeader): Uint8Array {
  return blockHeaderItem(header).bytes;
}

/** Strict inverse of `encodeBlockHeader`. Throws InvalidEncodingError. */
export function decodeBlockHeader(bytes: Uint8Array): BlockHeader {
  return readBlockHeader(itemIn(SUBJECT, bytes));
}

/** The block's hash: keccak256 of the encoded header. */
export const hashBlockHeader: (header: BlockHeader) => Hash = rememberedBy((header) =>
  keccak256Hex(blockHeaderItem(header).bytes),
);

/** Encoded once a header: it is hashed, compared, stored and sent. */
export const blockHeaderItem: (header: BlockHeader) => EncodedRlp = rememberedBy(
  (header) => new EncodedRlp(headerFields(header)),
);

/** What differs between the headers of blocks that follow from one another. */
export type MovingFields = Pick<BlockHeader, 'parentHash' | 'number' | 'timestamp' | 'baseFeePerGas'>;

/** Hashes of headers that are `header` but for these: its other fields are written once. */
export function headerHasher(header: BlockHeader): (moving: MovingFields) => Hash {
  const fields = headerFields(header);
  return ({ parentHash, number, timestamp, baseFeePerGas }) => {
    const moved = fields
      .with(PARENT_HASH, writeHash(parentHash))
      .with(NUMBER, writeU64(number))
      .with(TIMESTAMP, writeU64(timestamp))
      .with(BASE_FEE, writeU256(baseFeePerGas));
    return bytesToHex(keccak256OfRlp(moved));
  };
}

function headerFields(header: BlockHeader): readonly RlpItem[] {
  return [
    writeHash(header.parentHash),
    writeHash(header.ommersHash),
    writeAddress(header.coinbase),
    writeHash(header.stateRoot),
    writeHash(header.transactionsRoot),
    writeHash(header.receiptsRoot),
    writeFixed(header.logsBloom, BLOOM_BYTES),
    writeU256(header.difficulty),
    writeU64(header.number),
    writeU64(header.gasLimit),
    writeU64(header.gasUsed),
    writeU64(header.timestamp),
    writeUpTo(header.extraData, MAX_EXTRA_DATA_BYTES),
    writeHash(header.mixHash),
    writeFixed(header.nonce, NONCE_BYTES),
    writeU256(header.baseFeePerGas),
    writeHash(header.withdrawalsRoot),
    writeU64(header.blobGasUsed),
    writeU64(header.excessBlobGas),
    writeHash(header.parentBeaconBlockRoot),
    writeHash(header.requestsHash),
  ];
}

export function readBlockHeader(item: RlpItem): BlockHeader {
  const reader = fieldsOf(SUBJECT, item, FIELD_COUNT);
  return {
    parentHash: reader.hash('parentHash'),
    ommersHash: reader.hash('ommersHash'),
    coinbase: reader.address('coinbase'),
    stateRoot: reader.hash('stateRoot'),
    transactionsRoot: reader.hash('transactionsRoot'),
    receiptsRoot: reader.hash('receiptsRoot'),
    logsBloom: reader.fixed('logsBloom', BLOOM_BYTES),
    difficulty: reader.u256('difficulty'),
    number: reader.u64('number'),
    gasLimit: reader.u64('gasLimit'),
    gasUsed: reader.u64('gasUsed'),
    timestamp: reader.u64('timestamp'),
    extraData: reader.upTo('extraData', MAX_EXTRA_DATA_BYTES),
    mixHash: reader.hash('mixHash'),
    nonce: reader.fixed('nonce', NONCE_BYTES),
    baseFeePerGas: reader.u256('baseFeePerGas'),
    withdrawalsRoot: reader.hash('withdrawalsRoot'),
    blobGasUsed: reader.u64('blobGasUsed'),
    excessBlobGas: reader.u64('excessBlobGas'),
    parentBeaconBlockRoot: reader.hash('parentBeaconBlockRoot'),
    requestsHash: reader.hash('requestsHash'),
  };
}
