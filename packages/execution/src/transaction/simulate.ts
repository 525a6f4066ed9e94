import type { AccessList, Address, Authorization, Log } from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import type { Machine } from '../evm/machine.ts';
import { UNWATCHED, type Watch } from '../evm/watch.ts';
import { MAX_INIT_CODE_SIZE } from '../limits.ts';
import type { World } from '../world/world.ts';
import { processAuthorizations } from './authorizations.ts';
import { settleGas } from './execute.ts';
import { calldataFloorGas, intrinsicGas } from './intrinsic-gas.ts';
import { runMessage } from './run-message.ts';
import type { BlockEnvironment } from './types.ts';

/** A call that is tried without being a transaction (eth_call, eth_estimateGas). */
export interface SimulatedCall {
  readonly from: Address;
  /** `null` creates a contract. */
  readonly to: Address | null;
  readonly data: Uint8Array;
  /** Wei. */
  readonly value: bigint;
  /** Gas limit; the caller caps it. */
  readonly gas: number;
  /** Wei a gas; 0n = free: no gas is bought and BASEFEE is 0, as in geth. */
  readonly gasPrice: bigint;
  readonly accessList: AccessList;
  /** Empty for anything but a type 4. */
  readonly authorizationList: readonly Authorization[];
}

export interface SimulationResult {
  /** 'halted': an exceptional halt such as out of gas; all gas is used. */
  readonly status: 'success' | 'reverted' | 'halted';
  /** After refunds and with the calldata floor. */
  readonly gasUsed: number;
  /** Before refunds: what the limit must at least be, but for the 63/64 rule. */
  readonly gasUsedBeforeRefund: number;
  readonly returnData: Uint8Array;
  readonly logs: readonly Log[];
  readonly createdAddress: Address | null;
  /** geth's words ('execution reverted', 'out of gas', …); empty on success. */
  readonly reason: string;
}

/**
 * Executes on `world`, which the caller throws away. Nonce, EIP-3607 and EIP-7825 are not checked. The value and the gas
 * must be in `from`'s balance. Throws `InvalidTransactionError` (intrinsic gas, floor, funds, init code size), and
 * `WorkBoundError` where `watch` bounds the work.
 */
export function simulateCall(
  world: World,
  environment: BlockEnvironment,
  call: SimulatedCall,
  watch: Watch = UNWATCHED,
): SimulationResult {
  const { intrinsic, floor } = checkGas(call);
  const gasCost = BigInt(call.gas) * call.gasPrice;
  checkFunds(world, call, gasCost);
  world.beginTransactionScope();
  world.lookFrom(world.account(call.from).shard);
  world.subtractBalance(call.from, gasCost);
  const creationNonce = world.nonce(call.from);
  world.setNonce(call.from, creationNonce + 1n);
  const refund = processAuthorizations(world, environment.chainId, call.authorizationList);
  const machine: Machine = {
    world,
    environment: call.gasPrice === 0n ? { ...environment, baseFeePerGas: 0n } : environment,
    origin: call.from,
    gasPrice: call.gasPrice,
    blobHashes: [],
    ...watch,
  };
  const { from, to, value, data, accessList } = call;
  const gas = call.gas - intrinsic;
  const result = runMessage(machine, { from, to, creationNonce, value, takesValue: true, data, gas, accessList });
  const gasUsedBeforeRefund = Math.max(call.gas - result.gasLeft, floor);
  return {
    status: result.status,
    gasUsed: settleGas(call.gas - result.gasLeft, world.refund + refund, floor),
    gasUsedBeforeRefund,
    returnData: result.output,
    logs: [...world.logs],
    createdAddress: result.createdAddress,
    reason: result.reason,
  };
}

function checkGas(call: SimulatedCall): { readonly intrinsic: number; readonly floor: number } {
  const isCreation = call.to === null;
  if (isCreation && call.data.length > MAX_INIT_CODE_SIZE) {
    fail(`max initcode size exceeded: code size ${call.data.length} limit ${MAX_INIT_CODE_SIZE}`);
  }
  const { data, accessList } = call;
  const intrinsic = intrinsicGas({ data, isCreation, accessList, authorizationCount: call.authorizationList.length });
  const floor = calldataFloorGas(data);
  if (call.gas < intrinsic) fail(`intrinsic gas too low: have ${call.gas}, want ${intrinsic}`);
  if (call.gas < floor) fail(`insufficient gas for floor data gas cost: have ${call.gas}, want ${floor}`);
  return { intrinsic, floor };
}

function checkFunds(world: World, call: SimulatedCall, gasCost: bigint): void {
  const balance = world.unrecorded.account(call.from)?.balance ?? 0n;
  if (balance < gasCost + call.value) {
    const wanted = gasCost + call.value;
    fail(
      gasCost === 0n
        ? `insufficient funds for transfer: address ${call.from}`
        : `insufficient funds for gas * price + value: address ${call.from} have ${balance} want ${wanted}`,
    );
  }
}

function fail(reason: string): never {
  throw new InvalidTransactionError(reason, false);
}
