import {
  type BlockEnvironment,
  InvalidTransactionError,
  openUnionWorld,
  type SimulationResult,
  simulateCall,
} from '@heddle/execution';
import { ImpossibleStateError } from '@heddle/primitives';
import { CALL_GAS_CAP, type CallExecutor, type CallOutcome, type CallRequest, type StateOverrides } from '@heddle/rpc';
import type { StateReader } from '@heddle/state';
import { BLOB_BASE_FEE, type Block, MAX_TRANSACTION_GAS, type ShardId } from '@heddle/types';
import { Ancestors } from '../chain/ancestors.ts';
import type { Chain } from '../chain/chain.ts';
import type { NodeGroup } from './node-group.ts';
import { overrideStates } from './overridden-state.ts';
import { StateAt } from './state-at.ts';

/** eth_call and eth_estimateGas: on the union of all shards' states after a final block. */
export function createCallExecutor(group: NodeGroup): CallExecutor {
  return {
    call: async (request, number, overrides) => {
      const gas = cap(request.gas, CALL_GAS_CAP);
      return group.read(({ chain }) => outcomeOf(() => new Simulation(chain, request, number, overrides).run(gas)));
    },
    estimateGas: async (request, number, overrides) =>
      group.read(({ chain }) => {
        const most = cap(request.gas, least(MAX_TRANSACTION_GAS, chain.genesis.chunkGasLimit));
        return outcomeOf(() => leastGas(new Simulation(chain, request, number, overrides), most));
      }),
  };
}

/** One request on one state; each run starts afresh. */
class Simulation {
  readonly #request: CallRequest;
  readonly #states: readonly StateReader[];
  readonly #historyShard: ShardId;
  readonly #environment: BlockEnvironment;
  readonly #gasPrice: bigint;

  constructor(chain: Chain, request: CallRequest, number: bigint, overrides: StateOverrides) {
    const block = chain.store.blockByNumber(number);
    if (block === null) throw new ImpossibleStateError(`there is no final block ${number}`);
    this.#request = request;
    this.#states = overrideStates(new StateAt(chain, number).all(), overrides);
    this.#historyShard = historyShardOf(block);
    this.#environment = environmentOf(chain, block);
    this.#gasPrice = request.maxFeePerGas ?? 0n;
  }

  /** Throws `InvalidTransactionError`. */
  run(gas: bigint): SimulationResult {
    const { from, to, data, value, accessList, authorizationList } = this.#request;
    const call = { from, to, data, value, gas: Number(gas), gasPrice: this.#gasPrice, accessList, authorizationList };
    return simulateCall(openUnionWorld(this.#states, this.#historyShard), this.#environment, call);
  }
}

/** The lowest shard whose rings of block hashes and beacon roots reach up to the block. */
function historyShardOf({ chunks, header }: Block): ShardId {
  return Math.max(
    chunks.findIndex((chunk) => chunk.header.coveredHeight === header.number),
    0,
  );
}

/** What a transaction of the block's section saw; with one shard, of its chunk. */
function environmentOf(chain: Chain, { header, chunks, section }: Block): BlockEnvironment {
  const part = section?.header ?? chunks[0]?.header;
  if (part === undefined) throw new ImpossibleStateError('a block has at least one shard');
  const ancestors = new Ancestors(chain.tree, chain.store, chain.tree.root);
  return {
    chainId: chain.genesis.chainId,
    number: header.number,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    gasLimit: part.gasLimit,
    baseFeePerGas: part.baseFeePerGas,
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
