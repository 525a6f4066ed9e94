import { CODE_REPLICAS, WHOLE_REPLICAS } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { Address, ControlOperation } from '@heddle/types';
import { InvalidSectionError } from '../errors.ts';
import { closeSection, openSection } from '../section/section-run.ts';
import type { SectionContext, SectionOutcome } from '../section/types.ts';
import type { World } from '../world/world.ts';

/**
 * Does the operations in their order, at index 0, on the states after the chunks, one a shard. Throws
 * `InvalidSectionError` for one that touches an account of the protocol's own.
 */
export function executeControlSection(
  context: SectionContext,
  states: readonly StateReader[],
  operations: readonly ControlOperation[],
): SectionOutcome {
  const run = openSection(context, states);
  const { world } = run;
  for (const [position, operation] of operations.entries()) {
    const refusal = refusalOf(operation);
    if (refusal !== null) throw new InvalidSectionError(context.height, refusal, position);
    if (operation.kind === 'balance') {
      const more = operation.value - world.balance(operation.address);
      if (more > 0n) run.minted += more;
      else run.burned -= more;
    }
    apply(world, operation);
  }
  world.finishTransaction();
  return closeSection(run, []);
}

/** Why an operation may not be, wherever it stands; null if it may. */
export function refusalOf(operation: ControlOperation): string | null {
  switch (operation.kind) {
    case 'balance':
      return WHOLE_REPLICAS.has(operation.address) ? protocolOwns(operation.address) : null;
    case 'code':
    case 'nonce':
    case 'storage':
      return WHOLE_REPLICAS.has(operation.address) || CODE_REPLICAS.has(operation.address)
        ? protocolOwns(operation.address)
        : null;
    default:
      return null;
  }
}

function protocolOwns(address: Address): string {
  return `${address} belongs to the protocol: every shard has it, and no operation changes it`;
}

function apply(world: World, operation: ControlOperation): void {
  switch (operation.kind) {
    case 'balance':
      return world.setBalance(world.account(operation.address), operation.value);
    case 'code':
      return world.setCode(operation.address, operation.code);
    case 'nonce':
      return world.setNonce(operation.address, operation.value);
    case 'storage':
      // Tools give an account storage before its code, or none at all, and read it back.
      if (operation.value !== 0n || world.exists(operation.address)) world.keep(operation.address);
      return world.setStorage(operation.address, operation.slot, operation.value);
    default:
      // They change no account: what they leave is the control state.
      return;
  }
}
