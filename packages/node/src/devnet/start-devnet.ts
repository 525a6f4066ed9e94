import { type ChainStatus, type DevnetControl, type RpcBackend, type RpcServer, SILENT_OBSERVER } from '@heddle/rpc';
import { systemClock, systemScheduler } from '@heddle/runtime';
import type { Address } from '@heddle/types';
import { Listeners } from '../listeners.ts';
import { type ChainFacts, readChainFacts } from '../rpc-backend/chain-facts.ts';
import { createRpcBackend } from '../rpc-backend/create-backend.ts';
import { createDevnetActivity } from '../rpc-backend/devnet-activity.ts';
import { createDevnetControl } from '../rpc-backend/devnet-control.ts';
import { type OpenSimulation, openSimulation } from '../rpc-backend/open-simulation.ts';
import { reachWithin } from '../rpc-backend/reach.ts';
import { serveRpc } from '../rpc-backend/serve-rpc.ts';
import { StateAt } from '../rpc-backend/state-at.ts';
import { stopOnce } from '../stop-once.ts';
import type { ConsoleCall, DevnetActivity } from './activity.ts';
import { ChainWatch } from './chain-watch.ts';
import { ControlSequencer } from './control-sequencer.ts';
import { createDevnetFaults } from './devnet-faults.ts';
import type { DevnetBeginning, DevnetOptions, RunningDevnet } from './devnet-options.ts';
import { DevnetValidators } from './devnet-validators.ts';
import { Mining } from './mining.ts';

/** Starts a whole network in this process: validators with keys, votes, state and stores of their own, behind one RPC. */
export async function startDevnet(options: DevnetOptions): Promise<RunningDevnet> {
  const validators = await DevnetValidators.open(options);
  let simulation: OpenSimulation | null = null;
  try {
    await validators.startAll();
    const watch = watchChain(validators, options);
    simulation = openSimulation(validators.group, systemScheduler);
    const consoleCalls = new Listeners<ConsoleCall>();
    const status = (): ChainStatus => watch.status();
    const { mining, control } = openControl(validators, options, status);
    const backend = createRpcBackend(validators.group, options, {
      runner: simulation.runner,
      shortCalls: simulation.shortCalls,
      status,
      reach: reachWithin(validators.group),
      consoleOutput: (call) => consoleCalls.tell(call),
      clock: validators.clock,
      devnet: options.genesis.devnet ? control : null,
      admission: validators.gate,
    });
    await begin(validators, options.beginning, control, backend);
    const server = serveRpc(backend, options, SILENT_OBSERVER);
    const { url, wsUrl } = await server.start();
    watch.start();
    const activity = createDevnetActivity(validators.group, backend.traces, consoleCalls, options.genesis.shardCount);
    return runningDevnet(validators, { server, simulation, watch, mining, activity }, url, wsUrl);
  } catch (error) {
    await simulation?.close();
    await validators.close();
    throw error;
  }
}

function watchChain({ group }: DevnetValidators, { genesis, log }: DevnetOptions): ChainWatch {
  const parts = { clock: systemClock, scheduler: systemScheduler, log: log.child('chain') };
  const nobody: ChainFacts = {
    head: 0n,
    validators: genesis.validators.length,
    running: 0,
    connected: 0,
    hasWork: false,
    transactions: 0,
    hindrance: null,
  };
  const first = readChainFacts(group, nobody);
  return new ChainWatch(first, (before) => readChainFacts(group, before), genesis.blockTimeMs, parts);
}

function openControl(
  validators: DevnetValidators,
  { genesis, log }: DevnetOptions,
  status: () => ChainStatus,
): { readonly mining: Mining; readonly control: DevnetControl } {
  const { group, clock, network, corruption } = validators;
  const sequencer = new ControlSequencer({ group, scheduler: systemScheduler, status });
  const mining = new Mining({ group, control: sequencer, clock, scheduler: systemScheduler, log: log.child('mining') });
  const publicKeys = genesis.validators.map(({ publicKey }) => publicKey);
  const faults = createDevnetFaults({ group, validators, network, corruption, publicKeys, log: log.child('faults') });
  return { mining, control: createDevnetControl({ group, validators, sequencer, mining, time: clock, faults }) };
}

async function begin(
  { rewinds, group, clock }: DevnetValidators,
  { image, mining, autoImpersonate }: DevnetBeginning,
  control: DevnetControl,
  { impersonated }: Pick<RpcBackend, 'impersonated'>,
): Promise<void> {
  if (image !== null) {
    await rewinds.loadState(image);
    clock.rewound(group.primary().chain.tree.root.block.header.timestamp);
  }
  control.mining.mode = mining;
  if (autoImpersonate) impersonated?.setAll(true);
}

/** What a running devnet has beside its validators. */
interface DevnetSides {
  readonly server: RpcServer;
  readonly simulation: OpenSimulation;
  readonly watch: ChainWatch;
  readonly mining: Mining;
  readonly activity: DevnetActivity;
}

function runningDevnet(
  validators: DevnetValidators,
  { server, simulation, watch, mining, activity }: DevnetSides,
  httpUrl: string,
  wsUrl: string,
): RunningDevnet {
  return {
    httpUrl,
    wsUrl,
    activity,
    headNumber: validators.group.primary().chain.tree.root.height,
    residence: (address: Address) => {
      const { chain } = validators.group.primary();
      return new StateAt(chain, chain.tree.root.height).residence(address);
    },
    dumpState: () => validators.rewinds.dumpState(),
    stop: stopOnce([
      () => watch.stop(),
      () => mining.stop(),
      () => server.stop(),
      () => simulation.close(),
      () => validators.close(),
    ]),
  };
}
