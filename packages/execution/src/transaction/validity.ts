import { EMPTY_BYTES } from '@heddle/primitives';
import {
  type BlobTransaction,
  isContractCode,
  isImpersonated,
  MAX_TRANSACTION_GAS,
  maxFeePerGas,
  maxPriorityFeePerGas,
  type RecoveredTransaction,
  type UnsignedTransaction,
} from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import { MAX_INIT_CODE_SIZE, MAX_NONCE, MAX_TRANSACTION_BLOBS } from '../limits.ts';
import type { World } from '../world/world.ts';
import { maxCost } from './fees.ts';
import type { BlockEnvironment } from './types.ts';

/** EIP-4844: the version of a hash of a KZG commitment, as its first byte. */
const KZG_HASH_PREFIX = '0x01';

/** Rules that need neither state nor block: once broken, broken for ever. Throws `InvalidTransactionError`. */
export function checkFields(fields: UnsignedTransaction, chainId: bigint, intrinsic: number, floor: number): void {
  if (fields.chainId !== null && fields.chainId !== chainId) {
    fail(`invalid chain id for signer: have ${fields.chainId} want ${chainId}`);
  }
  if (fields.nonce >= MAX_NONCE) fail(`nonce has max value: nonce: ${fields.nonce}`);
  if (fields.gasLimit > MAX_TRANSACTION_GAS) {
    fail(`transaction gas limit too high (cap: ${MAX_TRANSACTION_GAS}, tx: ${fields.gasLimit})`);
  }
  const fee = maxFeePerGas(fields);
  const priority = maxPriorityFeePerGas(fields);
  if (priority > fee) {
    fail(
      'max priority fee per gas higher than max fee per gas: ' +
        `maxPriorityFeePerGas: ${priority}, maxFeePerGas: ${fee}`,
    );
  }
  if (fields.type === 3) checkBlobs(fields);
  if (fields.type === 4 && fields.authorizationList.length === 0) fail('EIP-7702 transaction with empty auth list');
  if (fields.to === null && fields.data.length > MAX_INIT_CODE_SIZE) {
    fail(`max initcode size exceeded: code size ${fields.data.length} limit ${MAX_INIT_CODE_SIZE}`);
  }
  if (fields.gasLimit < BigInt(intrinsic)) {
    fail(`intrinsic gas too low: have ${fields.gasLimit}, want ${intrinsic}`);
  }
  if (fields.gasLimit < BigInt(floor)) {
    fail(`insufficient gas for floor data gas cost: have ${fields.gasLimit}, want ${floor}`);
  }
}

/** EIP-4844 with the limit of EIP-7594. */
function checkBlobs(fields: BlobTransaction): void {
  const { blobVersionedHashes: hashes } = fields;
  if (hashes.length === 0) fail('blob transaction missing blob hashes');
  if (hashes.length > MAX_TRANSACTION_BLOBS) {
    fail(`blob transaction has too many blobs: have ${hashes.length} want at most ${MAX_TRANSACTION_BLOBS}`);
  }
  const other = hashes.findIndex((hash) => !hash.startsWith(KZG_HASH_PREFIX));
  if (other !== -1) fail(`blob ${other} has invalid hash version`);
}

/** Rules on the block that may hold later. Throws `InvalidTransactionError`. */
export function checkBlock(transaction: RecoveredTransaction, environment: BlockEnvironment): void {
  const { fields, sender } = transaction;
  if (fields.gasLimit > environment.gasLimit) failForNow('gas limit reached: exceeds block gas limit');
  const fee = maxFeePerGas(fields);
  if (fee < environment.baseFeePerGas) {
    failForNow(
      'max fee per gas less than block base fee: ' +
        `address ${sender}, maxFeePerGas: ${fee}, baseFee: ${environment.baseFeePerGas}`,
    );
  }
  if (fields.type === 3 && fields.maxFeePerBlobGas < environment.blobBaseFee) {
    failForNow(
      'max fee per blob gas less than block blob gas fee: ' +
        `address ${sender} blobGasFeeCap: ${fields.maxFeePerBlobGas}, blobBaseFee: ${environment.blobBaseFee}`,
    );
  }
}

/**
 * Rules on the sender's account. Reads it unrecorded: a transaction that is refused leaves nothing in the access list.
 * Throws `InvalidTransactionError`.
 */
export function checkSender(world: World, transaction: RecoveredTransaction): void {
  const { fields, sender } = transaction;
  const account = world.unrecorded.account(sender);
  const nonce = account === null ? 0n : account.nonce;
  const balance = account === null ? 0n : account.balance;
  const code = account === null ? EMPTY_BYTES : world.unrecorded.code(account.codeHash);
  if (fields.nonce > nonce) failForNow(`nonce too high: address ${sender}, tx: ${fields.nonce} state: ${nonce}`);
  if (fields.nonce < nonce) fail(`nonce too low: address ${sender}, tx: ${fields.nonce} state: ${nonce}`);
  // EIP-3607, but for delegations (EIP-7702). It is about signatures, which an impersonated contract has none of.
  if (!isImpersonated(transaction) && isContractCode(code)) {
    fail(`sender not an eoa: address ${sender}, len(code): ${code.length}`);
  }
  const wanted = maxCost(fields);
  if (balance < wanted) {
    failForNow(`insufficient funds for gas * price + value: address ${sender} have ${balance} want ${wanted}`);
  }
}

function fail(reason: string): never {
  throw new InvalidTransactionError(reason, true);
}

function failForNow(reason: string): never {
  throw new InvalidTransactionError(reason, false);
}
