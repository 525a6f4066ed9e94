import type { StateChanges, StateReader } from '@heddle/state';
import type { Message, UnsequencedMessage } from '@heddle/types';
import type { ChunkOutcome } from './types.ts';

/** Wei that travels with a message: its value, and for a Call the gas that its sender has paid for. */
export function weiInFlight(message: Message | UnsequencedMessage): bigint {
  if (message.kind !== 'call') return message.value;
  return message.value + message.transaction.fields.gasLimit * message.feeTerms.effectiveGasPrice;
}

/** How a chunk moved wei. */
export interface SupplyChange {
  /** Change of the sum of this shard's balances. */
  readonly balances: bigint;
  /** Sent less received. */
  readonly inFlight: bigint;
  /** Ceased to exist. */
  readonly burned: bigint;
  /** Tips for a coinbase of another shard, which the section credits. */
  readonly tips: bigint;
  /** The sum of the four: 0 unless wei was made or lost. */
  readonly total: bigint;
}

/** By how much the sum of all balances of a shard changes, wei; `state` is what it was changed from. */
export function balanceChange({ accounts }: StateChanges, state: StateReader): bigint {
  let change = 0n;
  for (const [address, account] of accounts) {
    change += (account?.balance ?? 0n) - (state.account(address)?.balance ?? 0n);
  }
  return change;
}

/** What a chunk did to the supply; `state` is what it was executed on. */
export function supplyChange(outcome: ChunkOutcome, state: StateReader): SupplyChange {
  const balances = balanceChange(outcome.changes, state);
  const sent = outcome.outbox.reduce((sum, message) => sum + weiInFlight(message), 0n);
  const received = outcome.delivered.reduce((sum, message) => sum + weiInFlight(message), 0n);
  const inFlight = sent - received;
  const { burned, tips } = outcome;
  return { balances, inFlight, burned, tips, total: balances + inFlight + burned + tips };
}
