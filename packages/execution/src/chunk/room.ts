import { messageWeight } from '@heddle/sharding';
import type { RecoveredTransaction, UnsequencedMessage } from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import type { ChunkRun } from './chunk-run.ts';

/*
 * The rules that hang on what a chunk holds already. Whether a transaction is valid by itself a lane can tell; whether
 * there is room for it only the chunk.
 */

/** Throws `InvalidTransactionError`, for now: what is taken and what the transaction declares must fit in the gas limit. */
export function checkGas(run: ChunkRun, { fields }: RecoveredTransaction): void {
  const left = run.context.gasLimit - run.gasTaken;
  if (fields.gasLimit <= left) return;
  throw new InvalidTransactionError(`gas limit reached: tx gas ${fields.gasLimit}, left ${left}`, false);
}

/** Throws `InvalidTransactionError`, for now: a chunk sends no shard Calls of more weight than it is allowed. */
export function checkAllowance(run: ChunkRun, call: UnsequencedMessage): void {
  const { destination } = call;
  const weight = messageWeight(call);
  const left = (run.context.allowances[destination] ?? 0n) - sentTo(run, call);
  if (weight <= left) return;
  throw new InvalidTransactionError(
    `shard ${destination} is congested: weight ${weight}, allowance left ${left > 0n ? left : 0n}`,
    false,
  );
}

/** Counts a Call that the chunk sends. */
export function countCall(run: ChunkRun, call: UnsequencedMessage): void {
  run.sentWeight.set(call.destination, sentTo(run, call) + messageWeight(call));
}

/** Both rules for a transaction whose execution emitted `emitted`. */
export function hasRoom(
  run: ChunkRun,
  transaction: RecoveredTransaction,
  emitted: readonly UnsequencedMessage[],
): boolean {
  try {
    checkGas(run, transaction);
    for (const message of emitted) if (message.kind === 'call') checkAllowance(run, message);
    return true;
  } catch (error) {
    if (error instanceof InvalidTransactionError) return false;
    throw error;
  }
}

function sentTo(run: ChunkRun, { destination }: UnsequencedMessage): bigint {
  return run.sentWeight.get(destination) ?? 0n;
}
