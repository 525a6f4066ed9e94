import { BLOCK_HASH_WINDOW } from '../limits.ts';
import type { Frame } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, innerOperation, type Operation, outerOperation } from './operation.ts';
import { addressToWord } from './words.ts';

const BLOCK_HASH_GAS = 20;

/** 0 for anything but the last 256 blocks. */
function blockHash(frame: Frame): void {
  const { environment } = frame.machine;
  const wanted = frame.stack.pop();
  const inWindow = wanted < environment.number && wanted + BLOCK_HASH_WINDOW >= environment.number;
  const hash = inWindow ? environment.blockHash(wanted) : null;
  frame.stack.push(hash === null ? 0n : BigInt(hash));
}

function coinbase(frame: Frame): void {
  frame.stack.push(addressToWord(frame.machine.environment.coinbase));
}

function timestamp(frame: Frame): void {
  frame.stack.push(frame.machine.environment.timestamp);
}

function blockNumber(frame: Frame): void {
  frame.stack.push(frame.machine.environment.number);
}

/** EIP-4399. */
function prevRandao(frame: Frame): void {
  frame.stack.push(BigInt(frame.machine.environment.prevRandao));
}

function gasLimit(frame: Frame): void {
  frame.stack.push(frame.machine.environment.gasLimit);
}

/** EIP-1344. */
function chainId(frame: Frame): void {
  frame.stack.push(frame.machine.environment.chainId);
}

/** EIP-3198. */
function baseFee(frame: Frame): void {
  frame.stack.push(frame.machine.environment.baseFeePerGas);
}

/** EIP-4844: 0 beyond the transaction's blobs. */
function blobHash(frame: Frame): void {
  const { blobHashes } = frame.machine;
  const index = frame.stack.pop();
  frame.stack.push(index < BigInt(blobHashes.length) ? (blobHashes[Number(index)] ?? 0n) : 0n);
}

/** EIP-7516. */
function blobBaseFee(frame: Frame): void {
  frame.stack.push(frame.machine.environment.blobBaseFee);
}

export const blockOperations: readonly Operation[] = [
  outerOperation(0x40, 'BLOCKHASH', BLOCK_HASH_GAS, 1, 1, blockHash),
  innerOperation(0x41, 'COINBASE', GAS_BASE, 0, 1, coinbase),
  innerOperation(0x42, 'TIMESTAMP', GAS_BASE, 0, 1, timestamp),
  innerOperation(0x43, 'NUMBER', GAS_BASE, 0, 1, blockNumber),
  innerOperation(0x44, 'PREVRANDAO', GAS_BASE, 0, 1, prevRandao),
  innerOperation(0x45, 'GASLIMIT', GAS_BASE, 0, 1, gasLimit),
  innerOperation(0x46, 'CHAINID', GAS_BASE, 0, 1, chainId),
  innerOperation(0x48, 'BASEFEE', GAS_BASE, 0, 1, baseFee),
  innerOperation(0x49, 'BLOBHASH', GAS_VERY_LOW, 1, 1, blobHash),
  innerOperation(0x4a, 'BLOBBASEFEE', GAS_BASE, 0, 1, blobBaseFee),
];
