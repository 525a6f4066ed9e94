import {
  type BlockEnvironment,
  InvalidTransactionError,
  openUnionWorld,
  type SimulationResult,
  simulateCall,
} from '@heddle/execution';
import { ImpossibleStateError } from '@heddle/primitives';
import { CALL_GAS_CAP, type CallExecutor, type CallOutcome, type CallRequest, type StateOverrides } from '@heddle/rpc';
import type { Clock } from '@heddle/runtime';
import type { StateReader } from '@heddle/state';
import { BLOB_BASE_FEE, type Block, MAX_TRANSACTION_GAS, type ShardId } from '@heddle/types';
import { Ancestors } from '../chain/ancestors.ts';
import type { Chain } from '../chain/chain.ts';
import type { NodeGroup } from './node-group.ts';
import { overrideStates } from './overridden-state.ts';
import { StateAt } from './state-at.ts';

/** eth_call and eth_estimateGas: on the union of all shards' states after a final block. */
export function createCallExecutor(group: NodeGroup, clock: Clock): CallExecutor {
  return {
    call: async (request, number, overrides) => {
      const gas = cap(request.gas, CALL_GAS_CAP);
      return group.read(({ chain }) =>
        outcomeOf(() => {
          const view = viewOf(chain, number, overrides);
          return new Simulation(request, view, view.environment).run(gas);
        }),
      );
    },
    estimateGas: async (request, number, overrides) =>
      group.read(({ chain }) => {
        const most = cap(request.gas, least(MAX_TRANSACTION_GAS, chain.genesis.chunkGasLimit));
        const nowSeconds = BigInt(Math.floor(clock.wallMs() / 1_000));
        return outcomeOf(() => {
          const view = viewOf(chain, number, overrides);
          const now = new Simulation(request, view, view.environment);
          return safeGas(now, new Simulation(request, view, nextBlock(view.environment, nowSeconds)), most);
        });
      }),
  };
}

/**
 * What is enough in the next block, whenever it comes: code that does more once time has moved (interest, prices over time)
 * must not run out of what was estimated in the same second.
 */
function safeGas(now: Simulation, later: Simulation, most: bigint): SimulationResult {
  const result = leastGas(later, most);
  if (result.status !== 'success') return result;
  const atOnce = leastGas(now, most);
  return atOnce.status === 'success' && atOnce.gasUsed > result.gasUsed ? atOnce : result;
}

/** State after a block, and the block as code sees it. */
interface SimulationView {
  readonly states: readonly StateReader[];
  readonly historyShard: ShardId;
  readonly environment: BlockEnvironment;
}

function viewOf(chain: Chain, number: bigint, overrides: StateOverrides): SimulationView {
  const block = chain.store.blockByNumber(number);
  if (block === null) throw new ImpossibleStateError(`there is no final block ${number}`);
  return {
    states: overrideStates(new StateAt(chain, number).all(), overrides),
    historyShard: historyShardOf(block),
    environment: environmentOf(chain, block),
  };
}

/** The next block, at `nowSeconds` or, should that be no later, in the second after the last one. */
function nextBlock(block: BlockEnvironment, nowSeconds: bigint): BlockEnvironment {
  const timestamp = nowSeconds > block.timestamp ? nowSeconds : block.timestamp + 1n;
  return { ...block, number: block.number + 1n, timestamp };
}

/** One request on one state; each run starts afresh. */
class Simulation {
  readonly #request: CallRequest;
  readonly #view: SimulationView;
  readonly #environment: BlockEnvironment;

  constructor(request: CallRequest, view: SimulationView, environment: BlockEnvironment) {
    this.#request = request;
    this.#view = view;
    this.#environment = environment;
  }

  /** Throws `InvalidTransactionError`. */
  run(gas: bigint): SimulationResult {
    const { from, to, data, value, accessList, authorizationList, maxFeePerGas } = this.#request;
    const gasPrice = maxFeePerGas ?? 0n;
    const call = { from, to, data, value, gas: Number(gas), gasPrice, accessList, authorizationList };
    return simulateCall(openUnionWorld(this.#view.states, this.#view.historyShard), this.#environment, call);
  }
}

/** The lowest shard whose rings of block hashes and beacon roots reach up to the block. */
function historyShardOf({ chunks, header }: Block): ShardId {
  return Math.max(
    chunks.findIndex((chunk) => chunk.header.coveredHeight === header.number),
    0,
  );
}

/** The block as its header shows it. A transaction in a chunk sees the chunk's own time, fee, limit and coinbase. */
function environmentOf(chain: Chain, { header }: Block): BlockEnvironment {
  const ancestors = new Ancestors(chain.tree, chain.store, chain.tree.root);
  return {
    chainId: chain.genesis.chainId,
    number: header.number,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas,
    prevRandao: header.mixHash,
    blobBaseFee: BLOB_BASE_FEE,
    blockHash: (height) => ancestors.at(height)?.hash ?? null,
  };
}

/**
 * The least limit that succeeds: what a run uses, if that is enough. Else by bisection: it is not where a callee gets
 * 63/64 of what is left, and a contract may ask for GAS. The result carries that limit as `gasUsed`.
 */
function leastGas(simulation: Simulation, most: bigint): SimulationResult {
  const atMost = simulation.run(most);
  if (atMost.status !== 'success') return atMost;
  const used = BigInt(atMost.gasUsedBeforeRefund);
  if (used >= most || succeeds(simulation, used)) return { ...atMost, gasUsed: atMost.gasUsedBeforeRefund };
  let tooLittle = used;
  let enough = most;
  let guess = (used * 64n) / 63n + CALL_STIPEND;
  while (tooLittle + 1n < enough) {
    if (guess <= tooLittle || guess >= enough) guess = (tooLittle + enough) / 2n;
    if (succeeds(simulation, guess)) enough = guess;
    else tooLittle = guess;
    guess = (tooLittle + enough) / 2n;
  }
  return { ...atMost, gasUsed: Number(enough) };
}

const CALL_STIPEND = 2_300n;

function succeeds(simulation: Simulation, gas: bigint): boolean {
  try {
    return simulation.run(gas).status === 'success';
  } catch (error) {
    // Below the intrinsic gas.
    if (error instanceof InvalidTransactionError) return false;
    throw error;
  }
}

function outcomeOf(run: () => SimulationResult): CallOutcome {
  try {
    const { status, returnData, gasUsed, reason } = run();
    if (status === 'halted') return { kind: 'halt', reason, gasUsed: BigInt(gasUsed) };
    return { kind: status === 'success' ? 'success' : 'revert', returnData, gasUsed: BigInt(gasUsed) };
  } catch (error) {
    if (error instanceof InvalidTransactionError) return { kind: 'invalid', reason: error.facts.reason };
    throw error;
  }
}

function cap(gas: bigint | null, most: bigint): bigint {
  return gas === null ? most : least(gas, most);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
