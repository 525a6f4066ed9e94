import { BLS_AGGREGATE_BYTES, bytesToHex, sha256, utf8ToBytes } from '@heddle/primitives';
import { type Block, EMPTY_BLOOM, type Hash, type ValidatorIndex, ZERO_ADDRESS, ZERO_HASH } from '@heddle/types';

export const GENESIS_HASH: Hash = `0x${'11'.repeat(32)}`;

/** A block that only consensus looks at: a parent, a height, and a `salt` that makes siblings. */
export function makeBlock(view: bigint, leader: ValidatorIndex, parentHash: Hash, number: bigint, salt = 0): Block {
  return {
    header: {
      parentHash,
      ommersHash: ZERO_HASH,
      coinbase: ZERO_ADDRESS,
      stateRoot: ZERO_HASH,
      transactionsRoot: ZERO_HASH,
      receiptsRoot: ZERO_HASH,
      logsBloom: EMPTY_BLOOM,
      difficulty: 0n,
      number,
      gasLimit: BigInt(salt),
      gasUsed: 0n,
      timestamp: 0n,
      extraData: EXTRA_DATA,
      mixHash: ZERO_HASH,
      nonce: NONCE,
      baseFeePerGas: 0n,
      withdrawalsRoot: ZERO_HASH,
      blobGasUsed: 0n,
      excessBlobGas: 0n,
      parentBeaconBlockRoot: ZERO_HASH,
      requestsHash: ZERO_HASH,
    },
    view,
    leader,
    randaoReveal: RANDAO_REVEAL,
    chunks: [],
    section: null,
  };
}

/** Over the fields that `makeBlock` lets vary. */
export function hashBlock({ header, view, leader }: Block): Hash {
  const text = `${header.parentHash}|${header.number}|${header.gasLimit}|${view}|${leader}`;
  return bytesToHex(sha256(utf8ToBytes(text)));
}

const EXTRA_DATA = new Uint8Array(32);
const NONCE = new Uint8Array(8);
const RANDAO_REVEAL = new Uint8Array(BLS_AGGREGATE_BYTES);
