import {
  type BlockEnvironment,
  InvalidTransactionError,
  openUnionWorld,
  type SimulationResult,
  simulateCall,
  UNWATCHED,
  type Watch,
} from '@heddle/execution';
import type { StateReader } from '@heddle/state';
import type { BlockFacts, CallMessage, CallOutcome, StateOverrides, StatePoint, StateSource } from '../types.ts';
import { environmentOf } from './block.ts';
import { overrideStates } from './overridden-state.ts';
import { ownBytes } from './own-bytes.ts';

/** What every task about one message has. */
export interface MessageTask {
  readonly point: StatePoint;
  readonly overrides: StateOverrides;
  /** With the request's overrides. */
  readonly block: BlockFacts;
  readonly message: CallMessage;
  /** Most gas that it may have. */
  readonly gasCap: bigint;
}

/** The states of all shards at a point, replaced in part. */
export function statesOf(point: StatePoint, overrides: StateOverrides, source: StateSource): readonly StateReader[] {
  return overrideStates(
    point.roots.map((root, shard) => source.state(shard, root)),
    overrides,
  );
}

/** One message on one state; each run starts afresh. */
export class MessageRun {
  readonly #states: readonly StateReader[];
  readonly #point: StatePoint;
  readonly #message: CallMessage;
  readonly #environment: BlockEnvironment;

  constructor({ point, overrides, message }: MessageTask, block: BlockFacts, source: StateSource) {
    this.#states = statesOf(point, overrides, source);
    this.#point = point;
    this.#message = message;
    this.#environment = environmentOf(block, source);
  }

  /** Throws `InvalidTransactionError`. */
  run(gas: bigint, watch: Watch = UNWATCHED): SimulationResult {
    const { from, to, data, value, accessList, authorizationList, maxFeePerGas } = this.#message;
    const gasPrice = maxFeePerGas ?? 0n;
    const call = { from, to, data, value, gas: Number(gas), gasPrice, accessList, authorizationList };
    return simulateCall(openUnionWorld(this.#states, this.#point.historyShard), this.#environment, call, watch);
  }
}

/** What `run` gives, as an outcome: a request that can't be executed is one too. */
export function outcomeOf(run: () => SimulationResult): CallOutcome {
  try {
    const { status, returnData, gasUsed, reason } = run();
    if (status === 'halted') return { kind: 'halt', reason, gasUsed: BigInt(gasUsed) };
    const kind = status === 'success' ? 'success' : 'revert';
    return { kind, returnData: ownBytes(returnData), gasUsed: BigInt(gasUsed) };
  } catch (error) {
    if (error instanceof InvalidTransactionError) return { kind: 'invalid', reason: error.facts.reason };
    throw error;
  }
}

/** The gas of a message that names none, or more than the cap, is the cap. */
export function cappedGas({ message: { gas }, gasCap }: MessageTask): bigint {
  return gas === null || gas > gasCap ? gasCap : gas;
}
