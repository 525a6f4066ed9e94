import { CALL_GAS_CAP, type CallExecutor, type CallPlace, type CallRequest, type SimulateRequest } from '@heddle/rpc';
import type { Clock } from '@heddle/runtime';
import { type CallResult, overrideBlock, type ShortCalls, type SimulationRunner, type Tasks } from '@heddle/simulation';
import { MAX_TRANSACTION_GAS } from '@heddle/types';
import type { ConsoleCall } from '../devnet/activity.ts';
import type { NodeGroup } from './node-group.ts';
import { factsOf, finalBlockAt, finalHashAt, nextBlock, pointAfter } from './simulated-place.ts';

export interface CallBackendParts {
  readonly group: NodeGroup;
  readonly clock: Clock;
  readonly runner: SimulationRunner;
  /** Asked first about eth_call. */
  readonly shortCalls: ShortCalls;
  /** Told what a call said to the console, if it did. */
  readonly consoleOutput: (call: ConsoleCall) => void;
}

/** eth_call and its like: on the union of all shards' states after a final block, wherever `runner` executes. */
export function createCallExecutor(parts: CallBackendParts): CallExecutor {
  const { runner } = parts;
  const told = (method: string, { from, to, data }: CallRequest, result: CallResult): CallResult['outcome'] => {
    if (result.console.length > 0) parts.consoleOutput({ method, from, to, data, console: result.console });
    return result.outcome;
  };
  return {
    call: (request, place, waiting) => {
      const task = callTask(parts, request, place);
      const result = parts.shortCalls.attempt(task);
      if (result !== null) return told('eth_call', request, result);
      return runner.run('call', task, waiting.signal).then((later) => told('eth_call', request, later));
    },
    estimateGas: async (request, place, signal) =>
      told('eth_estimateGas', request, await runner.run('estimate', estimateTask(parts, request, place), signal)),
    simulate: (request, number, signal) => runner.run('simulate', simulateTask(parts, request, number), signal),
    createAccessList: (request, place, signal) => runner.run('accessList', callTask(parts, request, place), signal),
  };
}

function callTask({ group }: CallBackendParts, message: CallRequest, place: CallPlace): Tasks['call'] {
  return group.read(({ chain }) => {
    const block = finalBlockAt(chain, place.number);
    return {
      point: pointAfter(chain, block),
      overrides: place.overrides,
      block: overrideBlock(factsOf(block, chain.genesis), place.blockOverrides),
      message,
      gasCap: CALL_GAS_CAP,
    };
  });
}

/** What can't be in one transaction is not estimated. */
function estimateTask({ group, clock }: CallBackendParts, message: CallRequest, place: CallPlace): Tasks['estimate'] {
  return group.read(({ chain }) => {
    const block = finalBlockAt(chain, place.number);
    const facts = factsOf(block, chain.genesis);
    const nowSeconds = BigInt(Math.floor(clock.wallMs() / 1_000));
    const chunkGasLimit = chain.chunkGasLimit(chain.tree.root);
    return {
      point: pointAfter(chain, block),
      overrides: place.overrides,
      block: overrideBlock(facts, place.blockOverrides),
      nextBlock: overrideBlock(nextBlock(facts, nowSeconds), place.blockOverrides),
      message,
      gasCap: chunkGasLimit < MAX_TRANSACTION_GAS ? chunkGasLimit : MAX_TRANSACTION_GAS,
    };
  });
}

function simulateTask({ group }: CallBackendParts, request: SimulateRequest, number: bigint): Tasks['simulate'] {
  return group.read(({ chain }) => {
    const block = finalBlockAt(chain, number);
    const { blocks, validation, traceTransfers } = request;
    const base = { header: block.header, hash: finalHashAt(chain, number) };
    const { chainId } = chain.genesis;
    return { point: pointAfter(chain, block), chainId, base, blocks, validation, traceTransfers, gasCap: CALL_GAS_CAP };
  });
}
