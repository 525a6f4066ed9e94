import { CALL_GAS_CAP, type CallPlace, type TraceExecutor } from '@heddle/rpc';
import { CONSOLE_ADDRESS, overrideBlock, type ReplayedPart, type SimulationRunner } from '@heddle/simulation';
import { type BlockAccessList, type ChunkHeader, type Hash, hashChunkHeader } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { NodeGroup } from './node-group.ts';
import { replayedParts, type WantedTransactions } from './replayed-parts.ts';
import { factsOf, finalBlockAt, pointAfter } from './simulated-place.ts';

/** Traces: final transactions executed once more, and calls, wherever `runner` executes. */
export function createTraceExecutor(group: NodeGroup, runner: SimulationRunner): TraceExecutor {
  const partsOf = (number: bigint, wanted: WantedTransactions): Promise<readonly ReplayedPart[]> =>
    group.readLater(({ chain: { store, genesis } }) => replayedParts(store, genesis, number, wanted));
  return {
    transaction: async (hash, form, signal) => {
      const number = group.read(({ chain }) => blockOf(chain, hash));
      if (number === null) return null;
      const parts = await partsOf(number, new Set([hash]));
      return runner.run('traceTransactions', { parts, form }, signal);
    },
    block: async (number, form, signal) =>
      runner.run('traceTransactions', { parts: await partsOf(number, null), form }, signal),
    calls: (calls, asList, place, signal) =>
      runner.run('traceCalls', { ...callsPlace(group, place), calls, asList, gasCap: CALL_GAS_CAP }, signal),
    console: async (number, hashes, signal) =>
      runner.run('transactionConsole', { parts: await partsOf(number, new Set(hashes)) }, signal),
    consoleUsers: (number) => group.read(({ chain }) => consoleUsers(chain, number)),
  };
}

function callsPlace(group: NodeGroup, { number, overrides, blockOverrides }: CallPlace) {
  return group.read(({ chain }) => {
    const block = finalBlockAt(chain, number);
    return {
      point: pointAfter(chain, block),
      overrides,
      block: overrideBlock(factsOf(block, chain.genesis), blockOverrides),
    };
  });
}

function blockOf({ store }: Chain, hash: Hash): bigint | null {
  const location = store.transactionLocation(hash);
  return location?.kind === 'executed' ? location.height : null;
}

/** Transactions that may have said something: those of the parts whose access list has the console's address. */
function consoleUsers({ store }: Chain, number: bigint): readonly Hash[] {
  const block = store.blockByNumber(number);
  if (block === null) return [];
  return store.executions(number).flatMap((executions, part) => {
    if (executions.length === 0) return [];
    const header = block.chunks[part]?.header;
    // Those of the section are kept beside the blocks, one a shard. Where there is no list, nothing is ruled out.
    const lists = header === undefined ? store.accessLists(number) : chunkLists(store, header);
    const isUser = lists.length === 0 || lists.some((list) => list.some(({ address }) => address === CONSOLE_ADDRESS));
    return isUser ? executions.map(({ transaction }) => transaction.hash) : [];
  });
}

function chunkLists(store: Chain['store'], header: ChunkHeader): readonly BlockAccessList[] {
  const body = store.chunk(hashChunkHeader(header))?.body;
  return body === undefined ? [] : [body.accessList];
}
