import {
  type AncestorBlock,
  admitTransaction,
  type BlockEnvironment,
  type ExecutionOutcome,
  executeAdmitted,
  executeDelivered,
  InvalidTransactionError,
  localGuard,
  SectionReplay,
  settleFees,
  UNWATCHED,
  type Watch,
  World,
} from '@heddle/execution';
import { ImpossibleStateError } from '@heddle/primitives';
import { createShardRules, type ShardRules } from '@heddle/sharding';
import type { Address, CallMessage, RecoveredTransaction } from '@heddle/types';
import type { StateSource } from '../types.ts';
import { environmentOf } from './block.ts';
import { LAST_INDEX, ListedState } from './listed-state.ts';
import type { ReplayedChunk, ReplayedPart, ReplayedSection, ReplayedTransaction } from './replayed-part.ts';

/** A transaction as it went once more. */
export interface Replay {
  readonly replayed: ReplayedTransaction;
  readonly outcome: ExecutionOutcome;
  /** It still knows what the transaction touched. Of no use any more when the visitor returns. */
  readonly world: World;
  /** Whom this part of the block pays the tip; null if that is done elsewhere. */
  readonly coinbase: Address | null;
}

/** Looks at transactions as they are executed once more, one after the other. */
export interface ReplayVisitor {
  watch(replayed: ReplayedTransaction): Watch;
  done(replay: Replay): void;
}

/** Executes the transactions of `part` once more, as they were. Throws what `source` and `visitor` throw. */
export function replayPart(part: ReplayedPart, source: StateSource, visitor: ReplayVisitor): void {
  if (part.kind === 'chunk') replayChunk(part, source, visitor);
  else replaySection(part, source, visitor);
}

/** Each on what the access list says that it saw, so that none has to be executed for another one. */
function replayChunk(part: ReplayedChunk, source: StateSource, visitor: ReplayVisitor): void {
  const { shard, shardCount, root, accessList } = part;
  const states = new ListedState(source.state(shard, root), accessList);
  const rules = createShardRules({ shard, shardCount });
  const environment = environmentOf(part.block, source);
  for (const replayed of part.transactions) {
    const { index, message } = replayed;
    const world = new World(states.after(index - 1));
    world.beginIndex(index);
    const payee = rules.residence(world.unrecorded, environment.coinbase) === shard ? environment.coinbase : null;
    const watch = visitor.watch(replayed);
    const outcome =
      message === null
        ? replayLocal(world, environment, replayed, watch, payee)
        : replayDelivered(world, environment, message, watch, rules, payee);
    visitor.done({ replayed, outcome, world, coinbase: payee });
  }
}

function replayLocal(
  world: World,
  environment: BlockEnvironment,
  { transaction }: ReplayedTransaction,
  watch: Watch,
  payee: Address | null,
): ExecutionOutcome {
  const admission = expectValid(transaction, () => admitTransaction(world, environment, transaction));
  const outcome = executeAdmitted(world, environment, admission, watch);
  settleFees(world, environment, admission, outcome, payee !== null);
  world.finishTransaction();
  return outcome;
}

/** As `deliverCall` of a chunk does it, but for what goes back to the sender's shard. */
function replayDelivered(
  world: World,
  environment: BlockEnvironment,
  message: CallMessage,
  watch: Watch,
  rules: ShardRules,
  payee: Address | null,
): ExecutionOutcome {
  const { transaction, feeTerms, sourceGasUsed, calldataFloorGas } = message;
  const { baseFeePerGas, effectiveGasPrice } = feeTerms;
  world.guardBy(localGuard(rules, world.unrecorded));
  const call = {
    transaction,
    effectiveGasPrice,
    sourceGasUsed: Number(sourceGasUsed),
    floorGas: Number(calldataFloorGas),
  };
  const outcome = executeDelivered(world, { ...environment, baseFeePerGas }, call, watch);
  world.guardBy(null);
  if (payee !== null) world.addBalance(payee, BigInt(outcome.gasUsed) * (effectiveGasPrice - baseFeePerGas));
  world.finishTransaction();
  return outcome;
}

/** On the union of the shards after their chunks, from its beginning: what each of its transactions saw is nowhere kept. */
function replaySection(part: ReplayedSection, source: StateSource, visitor: ReplayVisitor): void {
  const states = part.states.map(({ root, accessList }, shard) =>
    new ListedState(source.state(shard, root), accessList).after(LAST_INDEX),
  );
  const { block, chunks, parentBeaconBlockRoot } = part;
  const { chainId, number: height, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas } = block;
  const context = { chainId, height, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas };
  // Only their hashes are asked for.
  const ancestor = (number: bigint): AncestorBlock | null => {
    const hash = source.blockHash(number);
    return hash === null ? null : { hash, timestamp: 0n, parentBeaconBlockRoot };
  };
  const section = new SectionReplay({ ...context, parentBeaconBlockRoot, ancestor, chunks }, states);
  const byIndex = new Map(part.transactions.map((replayed) => [replayed.index, replayed]));
  for (const [position, transaction] of part.body.entries()) {
    const replayed = byIndex.get(position + 1);
    const watch = replayed === undefined ? UNWATCHED : visitor.watch(replayed);
    const outcome = expectValid(transaction, () => section.include(transaction, watch));
    if (replayed !== undefined) visitor.done({ replayed, outcome, world: section.world, coinbase });
  }
}

/** It was valid when it was included. */
function expectValid<Result>({ hash }: RecoveredTransaction, execute: () => Result): Result {
  try {
    return execute();
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error;
    throw new ImpossibleStateError(`transaction ${hash} of a final block is invalid where it stands: ${error.message}`);
  }
}
