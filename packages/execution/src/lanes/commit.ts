import type { StateReader } from '@heddle/state';
import { EMPTY_CODE_HASH, type RecoveredTransaction } from '@heddle/types';
import type { ChunkRun } from '../chunk/chunk-run.ts';
import { payTip } from '../chunk/coinbase.ts';
import { includeTransaction } from '../chunk/include-transaction.ts';
import { hasRoom } from '../chunk/room.ts';
import type { AccountValues } from '../world/changes.ts';
import type { World } from '../world/world.ts';
import type { Accesses, LaneResult, TouchedAccount } from './results.ts';
import { mergeEffects } from './run-index.ts';

/** How a transaction came into the chunk. 'conflict': what it had read in its lane does not hold. */
export type CommitKind = 'applied' | 'conflict' | 'handedBack';

/**
 * Includes the next transaction: by applying what its lane found when that still holds on the committed state, else what
 * `again` finds, which executes it on that state; that is final. Throws `InvalidTransactionError` before anything has changed.
 */
export function commitTransaction(
  run: ChunkRun,
  transaction: RecoveredTransaction,
  result: LaneResult,
  again: () => LaneResult,
): CommitKind {
  if (result.kind === 'done' && fits(run, transaction, result) && holds(run, result.accesses)) {
    apply(run, transaction, result);
    return 'applied';
  }
  const second = again();
  if (second.kind === 'done' && fits(run, transaction, second) && isIndependentOfCoinbase(run, second.accesses)) {
    apply(run, transaction, second);
  } else {
    includeTransaction(run, transaction);
  }
  return result.kind === 'done' ? 'conflict' : 'handedBack';
}

type Done = Extract<LaneResult, { readonly kind: 'done' }>;

function fits(run: ChunkRun, transaction: RecoveredTransaction, { effects }: Done): boolean {
  return hasRoom(run, transaction, effects.emitted);
}

function holds(run: ChunkRun, accesses: Accesses): boolean {
  return isIndependentOfCoinbase(run, accesses) && readsHold(run.world.unrecorded, accesses);
}

function apply(run: ChunkRun, transaction: RecoveredTransaction, { effects, accesses }: Done): void {
  run.world.beginIndex(run.index + 1);
  run.index += 1;
  for (const account of accesses.touched) applyAccount(run.world, account);
  mergeEffects(run, effects);
  // A tip of zero touches the coinbase too, as in sequential execution.
  if (effects.executed !== null) payTip(run, effects.tips);
  run.included.push(transaction);
}

/** Touches what the lane touched, so that the access list is that of a sequential run, and sets what it changed. */
function applyAccount(world: World, { address, after, code, slots }: TouchedAccount): void {
  const entry = world.account(address);
  if (entry.nonce !== after.nonce) world.setNonce(address, after.nonce);
  world.setBalance(entry, after.balance);
  if (entry.codeHash !== after.codeHash) world.setCode(address, code ?? NO_CODE);
  for (const slot of slots) world.writeSlot(world.slot(entry, slot.slot), slot.after);
}

const NO_CODE = new Uint8Array(0);

/** A lane does not credit tips: who looks at the coinbase, or is it, must see them. */
function isIndependentOfCoinbase(run: ChunkRun, accesses: Accesses): boolean {
  const { coinbase } = run.context;
  return (
    !accesses.touched.some(({ address }) => address === coinbase) &&
    !accesses.peekedAccounts.some(({ address }) => address === coinbase)
  );
}

/** Whether everything that was read still has the value that it had. */
function readsHold(state: StateReader, accesses: Accesses): boolean {
  return (
    accesses.touched.every(({ address, before, slots }) => {
      return (
        accountHolds(state, address, before) && slots.every((slot) => state.storage(address, slot.slot) === slot.before)
      );
    }) &&
    accesses.peekedAccounts.every(({ address, values }) => accountHolds(state, address, values)) &&
    accesses.peekedSlots.every(({ address, slot, value }) => state.storage(address, slot) === value)
  );
}

const NO_ACCOUNT: AccountValues = { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH };

function accountHolds(state: StateReader, address: TouchedAccount['address'], before: AccountValues | null): boolean {
  const { nonce, balance, codeHash } = before ?? NO_ACCOUNT;
  const now = state.account(address) ?? NO_ACCOUNT;
  return now.nonce === nonce && now.balance === balance && now.codeHash === codeHash;
}
