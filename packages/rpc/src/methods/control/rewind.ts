import { bytesToHex } from '@heddle/primitives';
import { BadValueError, RefusedError } from '../../errors.ts';
import { quantity } from '../../format/quantity.ts';
import { isUncheckedObject } from '../../json.ts';
import { parseBytes } from '../../parse/hex.ts';
import { parseAmount, parseBoolean } from '../../parse/scalars.ts';
import type { DevnetControl, DevnetRewind } from '../../ports.ts';
import type { Method, MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

/** Snapshots, and the whole state in a piece. */
export function rewindMethods(devnet: DevnetControl): MethodTable {
  const rewind = (): DevnetRewind => {
    if (devnet.rewind === null)
      throw new RefusedError('this node has not all validators of its network: none goes back alone');
    return devnet.rewind;
  };
  const snapshot = controlMethod(0, async () => quantity(await rewind().snapshot()));
  const revert = controlMethod(1, (params) => rewind().revert(params.required(0, parseAmount)));
  const reset = controlMethod(1, async (params) => {
    params.optional(0, parseNoFork, null);
    await rewind().reset();
    return null;
  });
  const loadState = controlMethod(1, async (params) => {
    await rewind().loadState(params.required(0, parseBytes));
    return true;
  });
  return {
    evm_snapshot: snapshot,
    anvil_snapshot: snapshot,
    evm_revert: revert,
    anvil_revert: revert,
    anvil_reset: reset,
    hardhat_reset: reset,
    // anvil's argument, whether blocks are part of it: here they are always.
    anvil_dumpState: controlMethod(1, async (params) => {
      params.optional(0, parseBoolean, true);
      return bytesToHex(await rewind().dumpState());
    }),
    anvil_loadState: loadState,
    hardhat_loadState: loadState,
    anvil_rollback: refused(1, NO_ROLLBACK),
    anvil_reorg: refused(2, NO_REORG),
  };
}

const NO_ROLLBACK =
  'only a block of which every validator can prove that it is final can be gone back to: take a snapshot of it (evm_snapshot), and evm_revert';
const NO_REORG =
  'validators do not build on another block than the final one: go back to a snapshot (evm_revert), and send other transactions';

function refused(maxParams: number, reason: string): Method {
  return controlMethod(maxParams, () => {
    throw new RefusedError(reason);
  });
}

/** Hardhat and anvil take a chain to fork here; viem always names it, with nothing in it. */
function parseNoFork(value: unknown): null {
  if (isUncheckedObject(value) && Object.values(value).every(isNothing)) return null;
  throw new BadValueError('there is no forking of other chains; want no argument');
}

function isNothing(value: unknown): boolean {
  return value === null || (isUncheckedObject(value) && Object.values(value).every((inner) => inner === null));
}
