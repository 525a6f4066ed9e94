import { coldAccountSurcharge } from './access.ts';
import type { Frame } from './frame.ts';
import { type Operation, outerOperation } from './operation.ts';
import { wordToAddress } from './words.ts';

/** EIP-150. */
const SELF_DESTRUCT_GAS = 5_000;
/** EIP-161: when value goes to an empty account. */
const NEW_ACCOUNT_GAS = 25_000;

/** EIP-6780: moves the balance; removes the contract only in the transaction that created it. */
function selfDestruct(frame: Frame): void {
  const { world } = frame.machine;
  const { account } = frame;
  const beneficiaryAddress = wordToAddress(frame.stack.pop());
  if (frame.isStatic) {
    frame.halt('write protection');
    return;
  }
  if (!frame.charge(coldAccountSurcharge(world, beneficiaryAddress))) return;
  world.warm(beneficiaryAddress);
  const beneficiary = world.account(beneficiaryAddress);
  const isNew = account.balance !== 0n && beneficiary.isEmpty();
  if (isNew && !frame.charge(NEW_ACCOUNT_GAS)) return;

  const isTransient = world.isCreatedInTransaction(account);
  const moved = beneficiary === account ? 0n : account.balance;
  if (beneficiary !== account) {
    world.setBalance(account, 0n);
    world.setBalance(beneficiary, beneficiary.balance + moved);
  } else if (isTransient) {
    world.burnBalance(account);
  }
  if (isTransient) world.markDestroyed(account);
  frame.machine.observer.selfDestructed(frame, beneficiaryAddress, moved);
  frame.status = 'returned';
}

export const selfDestructOperations: readonly Operation[] = [
  outerOperation(0xff, 'SELFDESTRUCT', SELF_DESTRUCT_GAS, 1, 0, selfDestruct),
];
