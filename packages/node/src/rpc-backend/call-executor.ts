import {
  type BlockEnvironment,
  InvalidTransactionError,
  MAX_TRANSACTION_GAS,
  type SimulationResult,
  simulateCall,
  World,
} from '@heddle/execution';
import { ImpossibleStateError } from '@heddle/primitives';
import { CALL_GAS_CAP, type CallExecutor, type CallOutcome, type CallRequest, type StateOverrides } from '@heddle/rpc';
import { home, REPLICATED_ADDRESSES } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { BLOB_BASE_FEE, type ShardId } from '@heddle/types';
import { Ancestors } from '../chain/ancestors.ts';
import type { Chain } from '../chain/chain.ts';
import type { NodeGroup } from './node-group.ts';
import { overrideState } from './overridden-state.ts';
import { StateAt } from './state-at.ts';

/** eth_call and eth_estimateGas: on the target's shard, on the state after a final block. */
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
  readonly #chain: Chain;
  readonly #request: CallRequest;
  readonly #shard: ShardId;
  readonly #state: StateReader;
  readonly #environment: BlockEnvironment;
  readonly #gasPrice: bigint;

  constructor(chain: Chain, request: CallRequest, number: bigint, overrides: StateOverrides) {
    const at = new StateAt(chain, number);
    this.#chain = chain;
    this.#request = request;
    this.#shard = executionShard(chain, at, request);
    this.#state = overrideState(at.shard(this.#shard), overrides);
    this.#environment = environmentOf(chain, number, this.#shard);
    this.#gasPrice = request.maxFeePerGas ?? 0n;
    const homeShard = home(request.from, chain.genesis.shardCount);
    if (homeShard !== this.#shard) this.#checkFunds(overrideState(at.shard(homeShard), overrides));
  }

  /** Throws `InvalidTransactionError`. */
  run(gas: bigint): SimulationResult {
    const { from, to, data, value, accessList, authorizationList } = this.#request;
    const call = { from, to, data, value, gas: Number(gas), gasPrice: this.#gasPrice, accessList, authorizationList };
    const rules = this.#chain.rules(this.#shard);
    return simulateCall(new World(this.#state), this.#environment, rules, call);
  }

  /** A sender of another shard pays at home; execution can't see its balance. */
  #checkFunds(atHome: StateReader): void {
    const { from, value, gas } = this.#request;
    const balance = atHome.account(from)?.balance ?? 0n;
    const cost = value + (gas ?? 0n) * this.#gasPrice;
    if (balance < cost) {
      throw new InvalidTransactionError(
        `insufficient funds for gas * price + value: address ${from} have ${balance} want ${cost}`,
        false,
      );
    }
  }
}

/** Where a transaction of this form would execute. A new contract's creator knows it one block before the others. */
function executionShard(chain: Chain, at: StateAt, { from, to }: CallRequest): ShardId {
  const isAtHome = to === null || REPLICATED_ADDRESSES.has(to);
  return isAtHome ? home(from, chain.genesis.shardCount) : at.residence(to);
}

function environmentOf(chain: Chain, number: bigint, shard: ShardId): BlockEnvironment {
  const block = chain.store.blockByNumber(number);
  const chunk = block?.chunks[shard];
  if (block === null || chunk === undefined) throw new ImpossibleStateError(`there is no final block ${number}`);
  const ancestors = new Ancestors(chain.tree, chain.store, chain.tree.root);
  return {
    chainId: chain.genesis.chainId,
    number,
    timestamp: block.header.timestamp,
    coinbase: chunk.header.coinbase,
    gasLimit: chunk.header.gasLimit,
    baseFeePerGas: chunk.header.baseFeePerGas,
    prevRandao: block.header.mixHash,
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
