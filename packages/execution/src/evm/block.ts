import type { Frame } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, type Operation, operation } from './operation.ts';

const BLOCK_HASH_GAS = 20;
const BLOCK_HASH_WINDOW = 256n;

/** 0 for anything but the last 256 blocks. */
function blockHash(frame: Frame): void {
  const { environment } = frame.machine;
  const wanted = frame.stack.pop();
  const inWindow = wanted < environment.number && wanted + BLOCK_HASH_WINDOW >= environment.number;
  const hash = inWindow ? environment.blockHash(wanted) : null;
  frame.stack.push(hash === null ? 0n : BigInt(hash));
}

function coinbase(frame: Frame): void {
  frame.stack.push(BigInt(frame.machine.environment.coinbase));
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
  operation(0x40, 'BLOCKHASH', BLOCK_HASH_GAS, 1, 1, blockHash),
  operation(0x41, 'COINBASE', GAS_BASE, 0, 1, coinbase),
  operation(0x42, 'TIMESTAMP', GAS_BASE, 0, 1, timestamp),
  operation(0x43, 'NUMBER', GAS_BASE, 0, 1, blockNumber),
  operation(0x44, 'PREVRANDAO', GAS_BASE, 0, 1, prevRandao),
  operation(0x45, 'GASLIMIT', GAS_BASE, 0, 1, gasLimit),
  operation(0x46, 'CHAINID', GAS_BASE, 0, 1, chainId),
  operation(0x48, 'BASEFEE', GAS_BASE, 0, 1, baseFee),
  operation(0x49, 'BLOBHASH', GAS_VERY_LOW, 1, 1, blobHash),
  operation(0x4a, 'BLOBBASEFEE', GAS_BASE, 0, 1, blobBaseFee),
];
