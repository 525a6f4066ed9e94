import type { SlotEntry } from '../world/entries.ts';
import { coldSlotSurcharge, slotAccessGas, WARM_ACCESS_GAS } from './access.ts';
import type { Frame } from './frame.ts';
import { innerOperation, type Operation, outerOperation } from './operation.ts';

/** EIP-2200: SSTORE needs more than this left, so that a stipend cannot pay for it. */
const STIPEND_GAS = 2_300;
/** EIP-2200: from zero to non-zero. */
const SET_GAS = 20_000;
/** EIP-2929: 5,000 less the cold access that is paid apart. */
const RESET_GAS = 2_900;
/** EIP-3529. */
const CLEAR_REFUND = 4_800;
/** EIP-1153. */
const TRANSIENT_GAS = 100;

function storageLoad(frame: Frame): void {
  const { world } = frame.machine;
  const key = frame.stack.pop();
  if (!frame.charge(slotAccessGas(world, frame.account, key))) return;
  const slot = world.slot(frame.account, key);
  world.warmSlot(slot);
  frame.stack.push(slot.value);
}

function storageStore(frame: Frame): void {
  const { world } = frame.machine;
  const key = frame.stack.pop();
  const value = frame.stack.pop();
  if (frame.isStatic) {
    frame.halt('write protection');
    return;
  }
  if (frame.gas <= STIPEND_GAS) {
    frame.halt('out of gas');
    return;
  }
  const surcharge = coldSlotSurcharge(world, frame.account, key);
  // EIP-7928: past the stipend check the slot is read, whatever follows.
  const slot = world.slot(frame.account, key);
  if (!frame.charge(surcharge + writeGas(slot, value))) return;
  world.warmSlot(slot);
  const refund = writeRefund(slot, value);
  if (refund !== 0) world.addRefund(refund);
  world.writeSlot(slot, value);
}

/** EIP-2200 with the prices of EIP-2929. */
function writeGas(slot: SlotEntry, value: bigint): number {
  if (slot.value === value || slot.original !== slot.value) return WARM_ACCESS_GAS;
  return slot.original === 0n ? SET_GAS : RESET_GAS;
}

/** EIP-2200 with the refunds of EIP-3529. */
function writeRefund(slot: SlotEntry, value: bigint): number {
  const { original, value: current } = slot;
  if (current === value) return 0;
  if (original === current) return original !== 0n && value === 0n ? CLEAR_REFUND : 0;
  let refund = 0;
  if (original !== 0n) {
    if (current === 0n) refund -= CLEAR_REFUND;
    else if (value === 0n) refund += CLEAR_REFUND;
  }
  if (original === value) refund += (original === 0n ? SET_GAS : RESET_GAS) - WARM_ACCESS_GAS;
  return refund;
}

function transientLoad(frame: Frame): void {
  frame.stack.push(frame.machine.world.transient(frame.account, frame.stack.pop()));
}

function transientStore(frame: Frame): void {
  const key = frame.stack.pop();
  const value = frame.stack.pop();
  if (frame.isStatic) frame.halt('write protection');
  else frame.machine.world.setTransient(frame.account, key, value);
}

export const storageOperations: readonly Operation[] = [
  outerOperation(0x54, 'SLOAD', 0, 1, 1, storageLoad),
  outerOperation(0x55, 'SSTORE', 0, 2, 0, storageStore),
  innerOperation(0x5c, 'TLOAD', TRANSIENT_GAS, 1, 1, transientLoad),
  outerOperation(0x5d, 'TSTORE', TRANSIENT_GAS, 2, 0, transientStore),
];
