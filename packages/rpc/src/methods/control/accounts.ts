import { MAX_U256 } from '@heddle/primitives';
import type { ControlOperation } from '@heddle/types';
import { headNumber } from '../../chain/resolve.ts';
import { RefusedError } from '../../errors.ts';
import { parseAddress, parseBytes, parseFullWord } from '../../parse/hex.ts';
import { parseAmount, parseNonce } from '../../parse/scalars.ts';
import type { ChainReader, DevnetControl } from '../../ports.ts';
import type { MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';
import type { Params } from '../../protocol/params.ts';
import { operationMethod } from './operation-method.ts';

/** What accounts have, set from outside. */
export function accountControlMethods(devnet: DevnetControl, chain: ChainReader): MethodTable {
  const setBalance = operationMethod(devnet, 2, balanceOperation, null);
  const addBalance = controlMethod(2, async (params) => {
    const address = params.required(0, parseAddress);
    const more = params.required(1, parseAmount);
    const { balance } = await chain.account(address, headNumber(chain));
    if (balance + more > MAX_U256) throw new RefusedError(`the balance of ${address} would pass 256 bits`);
    await devnet.apply([{ kind: 'balance', address, value: balance + more }]);
    return null;
  });
  const setCode = operationMethod(devnet, 2, codeOperation, null);
  const setNonce = operationMethod(devnet, 2, nonceOperation, null);
  const setStorageAt = operationMethod(devnet, 3, storageOperation, true);
  return {
    anvil_setBalance: setBalance,
    hardhat_setBalance: setBalance,
    evm_setAccountBalance: setBalance,
    tenderly_setBalance: setBalance,
    anvil_addBalance: addBalance,
    hardhat_addBalance: addBalance,
    tenderly_addBalance: addBalance,
    anvil_setCode: setCode,
    hardhat_setCode: setCode,
    evm_setAccountCode: setCode,
    anvil_setNonce: setNonce,
    hardhat_setNonce: setNonce,
    evm_setAccountNonce: setNonce,
    anvil_setStorageAt: setStorageAt,
    hardhat_setStorageAt: setStorageAt,
    evm_setAccountStorageAt: setStorageAt,
  };
}

function balanceOperation(params: Params): ControlOperation {
  return { kind: 'balance', address: params.required(0, parseAddress), value: params.required(1, parseAmount) };
}

function codeOperation(params: Params): ControlOperation {
  return { kind: 'code', address: params.required(0, parseAddress), code: params.required(1, parseBytes) };
}

function nonceOperation(params: Params): ControlOperation {
  return { kind: 'nonce', address: params.required(0, parseAddress), value: params.required(1, parseNonce) };
}

/** Tools give the slot as a quantity, a number or a word; what is written is a word always, as Hardhat and anvil want it. */
function storageOperation(params: Params): ControlOperation {
  return {
    kind: 'storage',
    address: params.required(0, parseAddress),
    slot: params.required(1, parseSlot),
    value: params.required(2, parseFullWord),
  };
}

/** Hardhat's helpers cut all zeros off a slot that is given as a word: what is left of the first one is 0x. */
function parseSlot(value: unknown): bigint {
  return value === '0x' ? 0n : parseAmount(value);
}
