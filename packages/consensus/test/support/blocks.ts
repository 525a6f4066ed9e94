import { hash } from 'node:crypto';
import { type Block, EMPTY_BLOOM, type Hash, type ValidatorIndex, ZERO_ADDRESS, ZERO_HASH } from '@heddle/types';

export const GENESIS_HASH: Hash = `0x${'11'.repeat(32)}`;

/** A block that only consensus looks at. `salt` makes siblings. */
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
      extraData: new Uint8Array(32),
      mixHash: ZERO_HASH,
      nonce: new Uint8Array(8),
      baseFeePerGas: 0n,
      withdrawalsRoot: ZERO_HASH,
      blobGasUsed: 0n,
      excessBlobGas: 0n,
      parentBeaconBlockRoot: ZERO_HASH,
      requestsHash: ZERO_HASH,
    },
    view,
    leader,
    randaoReveal: new Uint8Array(192),
    chunks: [],
  };
}

export function hashBlock({ header, view, leader }: Block): Hash {
  const text = `${header.parentHash}|${header.number}|${header.gasLimit}|${view}|${leader}`;
  return `0x${hash('sha256', text, 'hex')}`;
}
