import type { ShardRules } from '@heddle/sharding';
import { type Address, accessListOf, authorizationsOf, type RecoveredTransaction } from '@heddle/types';
import type { Machine } from '../evm/machine.ts';
import type { World } from '../world/world.ts';
import { blobHashesOf } from './admit.ts';
import { type AuthorityFilter, processAuthorizations } from './authorizations.ts';
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
  /** Refund counter from home, capped here. */
  readonly sourceRefund: number;
}

/**
 * Executes a transaction that `admitTransaction` let in at this index: value, call or creation, refunds, floor. Fees are
 * settled by `settleFees`, self-destructs by `World.finishTransaction`.
 */
export function executeAdmitted(
  world: World,
  environment: BlockEnvironment,
  rules: ShardRules,
  admission: Admission,
): ExecutionOutcome {
  const { transaction, intrinsicGas, floorGas, authorizationRefund, effectiveGasPrice } = admission;
  const machine = openMachine(world, environment, rules, transaction, effectiveGasPrice);
  const message = messageOf(transaction, Number(transaction.fields.gasLimit) - intrinsicGas, true);
  const result = runMessage(machine, message);
  return describeOutcome(machine, transaction, result, floorGas, authorizationRefund);
}

/**
 * Executes a transaction that another shard admitted and sent here: CALLER and ORIGIN are the sender, whose nonce and
 * balance are not touched; the value arrives with it and is gone again on failure. Gas used counts from the source's.
 */
export function executeDelivered(
  world: World,
  environment: BlockEnvironment,
  rules: ShardRules,
  delivered: DeliveredCall,
  authorizes: AuthorityFilter,
): ExecutionOutcome {
  const { transaction, effectiveGasPrice, sourceGasUsed, floorGas, sourceRefund } = delivered;
  const authorizations = authorizationsOf(transaction.fields);
  const refund = sourceRefund + processAuthorizations(world, environment.chainId, authorizations, authorizes);
  const machine = openMachine(world, environment, rules, transaction, effectiveGasPrice);
  const message = messageOf(transaction, Number(transaction.fields.gasLimit) - sourceGasUsed, false);
  const result = runMessage(machine, message);
  return describeOutcome(machine, transaction, result, floorGas, refund);
}

function openMachine(
  world: World,
  environment: BlockEnvironment,
  rules: ShardRules,
  transaction: RecoveredTransaction,
  gasPrice: bigint,
): Machine {
  const origin = transaction.sender;
  const blobHashes = blobHashesOf(transaction.fields);
  return { world, environment, rules, origin, gasPrice, blobHashes, created: [], remoteContract: null };
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
  const created = withdrawDestroyed(machine);
  const gasSpent = Number(transaction.fields.gasLimit) - result.gasLeft;
  return {
    status: succeeded ? 1 : 0,
    gasUsed: settleGas(gasSpent, machine.world.refund + authorizationRefund, floorGas),
    gasSpent,
    returnData: result.output,
    logs: [...machine.world.logs],
    createdAddress: result.createdAddress,
    created,
    failure: succeeded ? null : { reason: result.reason, remoteShard: result.remoteShard },
  };
}

/** Gas used: the refund, capped (EIP-3529), comes off what was spent; then the EIP-7623 floor. */
export function settleGas(spent: number, refundCounter: number, floorGas: number): number {
  return Math.max(spent - Math.min(refundCounter, Math.floor(spent / REFUND_DIVISOR)), floorGas);
}

/**
 * Contracts that survive the transaction, in order of creation. The directory words of those that destroyed themselves
 * go back to what they were: only survivors are listed.
 */
function withdrawDestroyed(machine: Machine): readonly Address[] {
  const { world } = machine;
  const survivors: Address[] = [];
  for (const { address, wordsBefore } of machine.created) {
    if (world.isDestroyed(world.account(address))) {
      for (const word of wordsBefore) world.setStorage(word.address, word.slot, word.value);
    } else {
      survivors.push(address);
    }
  }
  return survivors;
}
