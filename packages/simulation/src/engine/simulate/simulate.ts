import { type BlockEnvironment, openUnionWorld, systemCall, type World } from '@heddle/execution';
import { hexToBytes } from '@heddle/primitives';
import { BEACON_ROOTS_ADDRESS, type Hash, HISTORY_STORAGE_ADDRESS, ZERO_HASH } from '@heddle/types';
import { ResultTooLargeError } from '../../errors.ts';
import { MAX_SIMULATED_BYTES, SIMULATED_ENTRY_BYTES } from '../../limits.ts';
import type { StateSource } from '../../types.ts';
import { environmentOf } from '../block.ts';
import { overrideStates } from '../overridden-state.ts';
import { assembleSimulatedBlock, transactionOf } from './assemble.ts';
import { LayeredStates } from './layered-state.ts';
import { REFUSAL, RefusedSimulation } from './refused.ts';
import { runSimulatedCall, termsOf } from './run-call.ts';
import { factsOn, sequenceBlocks } from './sequence.ts';
import type {
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCallReport,
  SimulatedCallRequest,
  SimulatedTransaction,
  SimulateResult,
  SimulateTask,
} from './types.ts';

/**
 * eth_simulateV1, on the union of all shards: calls know nothing of parts, as a section's transactions. Throws
 * `ResultTooLargeError`.
 */
export function runSimulate(task: SimulateTask, source: StateSource): SimulateResult {
  try {
    const simulation = new BlockSimulation(task, source);
    return { kind: 'done', blocks: sequenceBlocks(task).map((block) => simulation.run(block)) };
  } catch (error) {
    if (error instanceof RefusedSimulation) return { kind: 'refused', refusal: error.refusal };
    throw error;
  }
}

class BlockSimulation {
  readonly #task: SimulateTask;
  readonly #source: StateSource;
  readonly #states: LayeredStates;
  readonly #hashes: Map<bigint, Hash> = new Map();
  #parent: SimulateTask['base'];
  #gasLeft: bigint;
  /** Of the results so far. */
  #bytes = 0;

  constructor(task: SimulateTask, source: StateSource) {
    this.#task = task;
    this.#source = source;
    this.#parent = task.base;
    this.#gasLeft = task.gasCap;
    this.#states = new LayeredStates(task.point.roots.map((root, shard) => source.state(shard, root)));
    this.#hashes.set(task.base.header.number, task.base.hash);
  }

  run(request: SimulatedBlockRequest): SimulatedBlock {
    const facts = factsOn(this.#parent.header, request, this.#task);
    const blockHash = (number: bigint): Hash | null => this.#hashes.get(number) ?? this.#source.blockHash(number);
    const environment = environmentOf(facts, { blockHash });
    this.#states.replace((states) => overrideStates(states, request.stateOverrides));
    const world = openUnionWorld(this.#states.all, this.#task.point.historyShard);
    this.#systemCalls(world, environment);
    const executed: SimulatedTransaction[] = [];
    let gasUsed = 0n;
    let firstLogIndex = 0;
    for (const call of request.calls) {
      const next = this.#call(call, world, environment, gasUsed);
      executed.push({ ...next, transactionIndex: executed.length, firstLogIndex });
      gasUsed += next.call.gasUsed;
      firstLogIndex += next.call.logs.length;
    }
    this.#states.apply(world.changesByShard());
    const block = assembleSimulatedBlock(this.#parent, facts, executed);
    this.#parent = { header: block.block.header, hash: block.hash };
    this.#hashes.set(facts.number, block.hash);
    return block;
  }

  /** EIP-4788, EIP-2935. */
  #systemCalls(world: World, environment: BlockEnvironment): void {
    systemCall(world, environment, world.account(BEACON_ROOTS_ADDRESS), hexToBytes(ZERO_HASH));
    systemCall(world, environment, world.account(HISTORY_STORAGE_ADDRESS), hexToBytes(this.#parent.hash));
  }

  #call(
    request: SimulatedCallRequest,
    world: World,
    environment: BlockEnvironment,
    gasUsed: bigint,
  ): Pick<SimulatedTransaction, 'transaction' | 'effectiveGasPrice' | 'call'> {
    const room = environment.gasLimit - gasUsed;
    const wanted = request.message.gas ?? room;
    if (wanted > room) {
      throw new RefusedSimulation(
        REFUSAL.blockGasLimit,
        `block gas limit reached: ${gasUsed + wanted} >= ${environment.gasLimit}`,
      );
    }
    const gas = wanted < this.#gasLeft ? wanted : this.#gasLeft;
    const terms = termsOf(request, this.#task, world, environment, gas);
    const transaction = transactionOf(request, terms, this.#task.chainId);
    const call = runSimulatedCall(world, environment, request.message, terms, this.#task.traceTransfers);
    this.#gasLeft -= call.gasUsed;
    this.#count(call);
    return { transaction, effectiveGasPrice: terms.gasPrice, call };
  }
  /** Throws `ResultTooLargeError`. */
  #count({ returnData, logs }: SimulatedCallReport): void {
    this.#bytes += SIMULATED_ENTRY_BYTES + returnData.length;
    for (const { data } of logs) this.#bytes += SIMULATED_ENTRY_BYTES + data.length;
    if (this.#bytes > MAX_SIMULATED_BYTES) throw new ResultTooLargeError(MAX_SIMULATED_BYTES);
  }
}
