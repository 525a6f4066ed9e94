import { type ChainStatus, SILENT_OBSERVER } from '@heddle/rpc';
import { systemClock, systemScheduler } from '@heddle/runtime';
import { openProcess } from '../process-parts.ts';
import { createRpcBackend } from '../rpc-backend/create-backend.ts';
import type { NodeGroup } from '../rpc-backend/node-group.ts';
import { type OpenSimulation, openSimulation } from '../rpc-backend/open-simulation.ts';
import { serveRpc } from '../rpc-backend/serve-rpc.ts';
import { stopOnce } from '../stop-once.ts';
import { lackOfQuorum } from './node-status.ts';
import type { RunningStandalone, StandaloneOptions } from './standalone-options.ts';
import { StandaloneRuns } from './standalone-runs.ts';

/**
 * Starts one node in this process, with its RPC. Rejects with Node's own error when it cannot listen, and with
 * storage's when its folder cannot be used; it has stopped everything then.
 */
export async function startStandalone(options: StandaloneOptions): Promise<RunningStandalone> {
  const runs = new StandaloneRuns(options, openProcess(options));
  let simulation: OpenSimulation | null = null;
  try {
    const group = await runs.start();
    const headNumber = group.primary().chain.tree.root.height;
    simulation = openSimulation(group, systemScheduler);
    const backend = createRpcBackend(
      group,
      { genesis: options.genesis.genesis, accounts: [] },
      {
        runner: simulation.runner,
        shortCalls: simulation.shortCalls,
        status: statusOf(group, runs),
        reach: { running: () => runs.reached(), peers: () => runs.transport?.peers().length ?? 0 },
        consoleOutput: () => {},
        clock: systemClock,
        devnet: null,
        admission: runs.gate,
      },
    );
    const server = serveRpc(backend, options, options.observer?.rpc ?? SILENT_OBSERVER);
    const { url, wsUrl } = await server.start();
    return {
      httpUrl: url,
      wsUrl,
      headNumber,
      status: () => runs.status(),
      stop: stopOnce([() => server.stop(), simulation.close, () => runs.close()]),
    };
  } catch (error) {
    await simulation?.close();
    await runs.close();
    throw error;
  }
}

/** A node that is no further behind is not said to be syncing: blocks come in bursts, and votes before blocks. */
const UNREMARKABLE_BLOCKS = 8n;

/** Without a quorum within reach no block comes: whoever waits for one is told. */
function statusOf(group: NodeGroup, runs: StandaloneRuns): () => ChainStatus {
  let sinceMs: number | null = null;
  return () => {
    const { chain, syncing } = group.primary();
    const { validators } = chain.validatorSets.ofChildren(chain.tree.root);
    // Whatever it reaches: there are blocks to be had.
    if (syncing !== null && syncing.to - syncing.head > UNREMARKABLE_BLOCKS) return { kind: 'syncing', ...syncing };
    const reason = lackOfQuorum(runs.reached().length, validators.length);
    if (reason === null) {
      sinceMs = null;
      return { kind: 'running' };
    }
    sinceMs ??= systemClock.wallMs();
    return { kind: 'halted', reason, sinceMs, head: chain.tree.root.height };
  };
}
