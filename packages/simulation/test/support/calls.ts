import { bytesToBigint, EMPTY_BYTES } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import type { Tasks } from '../../src/engine/job.ts';
import { NO_BLOCK_OVERRIDES, overrideBlock } from '../../src/index.ts';
import type { BlockFacts, CallMessage, CallOutcome } from '../../src/types.ts';
import type { TestShards } from './shards.ts';

export const CALLER: Address = `0x${'ca'.repeat(20)}`;
export const CONTRACT: Address = `0x${'c0'.repeat(20)}`;

export const BLOCK: BlockFacts = {
  chainId: 31_337n,
  number: 50n,
  timestamp: 1_700_000_000n,
  coinbase: `0x${'cb'.repeat(20)}`,
  gasLimit: 60_000_000n,
  baseFeePerGas: 7n,
  prevRandao: `0x${'ab'.repeat(32)}`,
  blobBaseFee: 1n,
};

/** Code that returns the word on the stack. */
export const RETURN_TOP = '5f5260205ff3';
/** Code that never ends. */
export const ENDLESS = '5b5f56';
/** More gas than is used in any time. */
export const ENDLESS_GAS: bigint = 10n ** 15n;

export function message(fields: Partial<CallMessage>): CallMessage {
  return {
    from: CALLER,
    to: CONTRACT,
    gas: null,
    maxFeePerGas: null,
    maxPriorityFeePerGas: null,
    value: 0n,
    data: EMPTY_BYTES,
    accessList: [],
    authorizationList: [],
    ...fields,
  };
}

export function callTask(shards: TestShards, fields: Partial<CallMessage> = {}): Tasks['call'] {
  const block = overrideBlock(BLOCK, NO_BLOCK_OVERRIDES);
  return { point: shards.point, overrides: new Map(), block, message: message(fields), gasCap: 50_000_000n };
}

/** What a successful call returned, as a number. */
export function wordOf(outcome: CallOutcome): bigint {
  if (outcome.kind !== 'success') throw new Error(`the call ended with ${outcome.kind}`);
  return bytesToBigint(outcome.returnData);
}
