import type { Address } from '@heddle/types';
import { isPrecompile } from '../precompiles/index.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { World } from '../world/world.ts';

/** EIP-2929. */
const COLD_ACCOUNT_GAS = 2_600;
const COLD_SLOT_GAS = 2_100;
export const WARM_ACCESS_GAS = 100;

/** EIP-2929: precompiles are always warm. */
export function isWarmAccount(world: World, address: Address): boolean {
  return world.isWarm(address) || isPrecompile(address);
}

/** What touching this account costs now. Nothing is read or warmed: EIP-7928 lists an account only once it is paid. */
export function accountAccessGas(world: World, address: Address): number {
  return isWarmAccount(world, address) ? WARM_ACCESS_GAS : COLD_ACCOUNT_GAS;
}

/** As `accountAccessGas` for an operation whose base price covers a warm access already (SELFDESTRUCT). */
export function coldAccountSurcharge(world: World, address: Address): number {
  return isWarmAccount(world, address) ? 0 : COLD_ACCOUNT_GAS;
}

export function slotAccessGas(world: World, account: AccountEntry, slot: bigint): number {
  return world.isSlotWarm(account, slot) ? WARM_ACCESS_GAS : COLD_SLOT_GAS;
}

/** SSTORE pays this beside the price of its write. */
export function coldSlotSurcharge(world: World, account: AccountEntry, slot: bigint): number {
  return world.isSlotWarm(account, slot) ? 0 : COLD_SLOT_GAS;
}
