import type { Address } from '@heddle/types';
import type { Machine } from '../evm/machine.ts';
import { codeTarget, openCall } from '../evm/open-frame.ts';
import { runFrames } from '../evm/run-frames.ts';
import { UNWATCHED } from '../evm/watch.ts';
import { SYSTEM_CALL_GAS } from '../limits.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { World } from '../world/world.ts';
import { writeRing } from './ring-write.ts';
import type { BlockEnvironment } from './types.ts';

/** EIP-4788. */
const SYSTEM_ADDRESS: Address = '0xfffffffffffffffffffffffffffffffffffffffe';

/**
 * EIP-2935, EIP-4788: caller 0xff…fe, 30,000,000 gas, no fees, no value; counts to no block's gas. Without code at
 * `account`, which is recorded already, nothing happens. A failing call leaves nothing behind. It is a transaction scope of its own, so several may
 * follow one another at one index. The caller is not listed as accessed (EIP-7928).
 */
export function systemCall(world: World, environment: BlockEnvironment, account: AccountEntry, data: Uint8Array): void {
  world.beginTransactionScope();
  if (!writeRing(world, environment, account, data)) callInEvm(world, environment, account, data);
  world.finishTransaction();
  world.beginTransactionScope();
}

/** The call itself, by whatever code the account has. */
export function callInEvm(world: World, environment: BlockEnvironment, account: AccountEntry, data: Uint8Array): void {
  const machine: Machine = { world, environment, origin: SYSTEM_ADDRESS, gasPrice: 0n, blobHashes: [], ...UNWATCHED };
  const frame = openCall({
    machine,
    parent: null,
    kind: 'CALL',
    codeAddress: account.address,
    account,
    caller: SYSTEM_ADDRESS,
    value: 0n,
    valueMode: 'none',
    input: data,
    target: codeTarget(machine, account),
    gas: SYSTEM_CALL_GAS,
    isStatic: false,
    outputOffset: 0,
    outputLength: 0,
  });
  runFrames(frame);
}
