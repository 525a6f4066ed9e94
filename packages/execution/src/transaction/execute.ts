import { EMPTY_BYTES } from '@heddle/primitives';
import { accessListOf, type RecoveredTransaction } from '@heddle/types';
import { RemoteTouchError } from '../errors.ts';
import type { Machine } from '../evm/machine.ts';
import { UNWATCHED, type Watch } from '../evm/watch.ts';
import type { World } from '../world/world.ts';
import { blobHashesOf } from './admit.ts';
import { type EvmMessage, type MessageResult, runMessage } from './run-message.ts';
import type { Admission, BlockEnvironment, ExecutionOutcome } from './types.ts';

/** EIP-3529: at most a fifth of the gas used comes back. */
const REFUND_DIVISOR = 5;

/** A Call message as the EVM needs it. `environment.baseFeePerGas` is that of its fee terms. */
export interface DeliveredCall {
  readonly transaction: RecoveredTransaction;
  /** Wei a gas. */
  readonly effectiveGasPrice: bigint;
  /** Gas that home charged; what is left for here is the gas limit less this. */
  readonly sourceGasUsed: number;
  /** EIP-7623 floor, applied here. */
  readonly floorGas: number;
}

/**
 * Executes a transaction that `admitTransaction` let in at this index: value, call or creation, refunds, floor. Fees are
 * settled by `settleFees`, self-destructs by `World.finishTransaction`.
 */
export function executeAdmitted(
  world: World,
  environment: BlockEnvironment,
  admission: Admission,
  watch: Watch = UNWATCHED,
): ExecutionOutcome {
  const { transaction, intrinsicGas, floorGas, authorizationRefund, effectiveGasPrice } = admission;
  const machine = openMachine(world, environment, transaction, effectiveGasPrice, watch);
  world.lookFrom(world.account(transaction.sender).shard);
  const message = messageOf(transaction, Number(transaction.fields.gasLimit) - intrinsicGas, true);
  const result = runMessage(machine, message);
  return describeOutcome(machine, transaction, result, floorGas, authorizationRefund);
}

/**
 * Executes a transaction that another shard admitted and sent here: CALLER and ORIGIN are the sender, whose nonce and
 * balance are not touched; the value arrives with it and is gone again on failure. Gas used counts from the source's.
 * Type 4 is never sent, so there are no authorizations. Touching an account of another shard ends it, with the gas that it
 * has left.
 */
export function executeDelivered(
  world: World,
  environment: BlockEnvironment,
  delivered: DeliveredCall,
  watch: Watch = UNWATCHED,
): ExecutionOutcome {
  const { transaction, effectiveGasPrice, sourceGasUsed, floorGas } = delivered;
  const machine = openMachine(world, environment, transaction, effectiveGasPrice, watch);
  const message = messageOf(transaction, Number(transaction.fields.gasLimit) - sourceGasUsed, false);
  const result = runOrStop(machine, message);
  return describeOutcome(machine, transaction, result, floorGas, 0);
}

/** A delivery fails as a whole where it reaches for another shard. */
function runOrStop(machine: Machine, message: EvmMessage): MessageResult {
  const mark = machine.world.snapshot();
  try {
    return runMessage(machine, message);
  } catch (error) {
    if (!(error instanceof RemoteTouchError)) throw error;
    machine.world.revertTo(mark);
    const { address, gasLeft } = error.facts;
    const reason = `reaches for ${address} on another shard`;
    return { status: 'halted', gasLeft: gasLeft ?? message.gas, output: EMPTY_BYTES, createdAddress: null, reason };
  }
}

function openMachine(
  world: World,
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
  gasPrice: bigint,
  watch: Watch,
): Machine {
  const origin = transaction.sender;
  const blobHashes = blobHashesOf(transaction.fields);
  return { world, environment, origin, gasPrice, blobHashes, ...watch };
}

function messageOf(transaction: RecoveredTransaction, gas: number, takesValue: boolean): EvmMessage {
  const { fields, sender } = transaction;
  return {
    from: sender,
    to: fields.to,
    creationNonce: fields.nonce,
    value: fields.value,
    takesValue,
    data: fields.data,
    gas,
    accessList: accessListOf(fields),
  };
}

function describeOutcome(
  machine: Machine,
  transaction: RecoveredTransaction,
  result: MessageResult,
  floorGas: number,
  authorizationRefund: number,
): ExecutionOutcome {
  const succeeded = result.status === 'success';
  const gasSpent = Number(transaction.fields.gasLimit) - result.gasLeft;
  return {
    status: succeeded ? 1 : 0,
    gasUsed: settleGas(gasSpent, machine.world.refund + authorizationRefund, floorGas),
    gasSpent,
    returnData: result.output,
    logs: [...machine.world.logs],
    createdAddress: result.createdAddress,
    failure: succeeded ? null : result.reason,
  };
}

/** Gas used: the refund, capped (EIP-3529), comes off what was spent; then the EIP-7623 floor. */
export function settleGas(spent: number, refundCounter: number, floorGas: number): number {
  return Math.max(spent - Math.min(refundCounter, Math.floor(spent / REFUND_DIVISOR)), floorGas);
}
