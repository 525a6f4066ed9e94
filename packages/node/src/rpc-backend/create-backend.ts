import type { Admission, ChainStatus, DevnetControl, RpcBackend } from '@heddle/rpc';
import { type Clock, systemScheduler } from '@heddle/runtime';
import type { DevnetOptions } from '../devnet/devnet-options.ts';
import { Impersonation } from '../devnet/impersonation.ts';
import { clientVersion } from '../version.ts';
import { type CallBackendParts, createCallExecutor } from './call-backend.ts';
import { createChainReader } from './chain-reader.ts';
import { ExecutionWaiter } from './execution-waiter.ts';
import type { NodeGroup } from './node-group.ts';
import { createPoolBackend } from './pool-backend.ts';
import type { Reach } from './reach.ts';
import { createShardReader } from './shard-reader.ts';
import { createTraceExecutor } from './trace-backend.ts';

/** What the backend needs beside the validators. */
interface BackendSides extends Pick<CallBackendParts, 'runner' | 'shortCalls' | 'consoleOutput'> {
  readonly status: () => ChainStatus;
  readonly reach: Reach;
  /** What blocks are dated by. */
  readonly clock: Clock;
  /** Null outside a devnet. */
  readonly devnet: DevnetControl | null;
  readonly admission: Admission;
}

/** Everything that RPC answers from. */
export function createRpcBackend(
  group: NodeGroup,
  options: Pick<DevnetOptions, 'genesis' | 'accounts'>,
  { runner, shortCalls, status, reach, consoleOutput, clock, devnet, admission }: BackendSides,
): RpcBackend {
  const { genesis, accounts } = options;
  const isOnDemand = genesis.maxIdleMs === null;
  const waiter = isOnDemand ? new ExecutionWaiter(group, systemScheduler, genesis.validators.length) : null;
  return {
    clientVersion: clientVersion(genesis.devnet),
    admission,
    chain: createChainReader(group, genesis.chainId),
    calls: createCallExecutor({ group, clock, runner, shortCalls, consoleOutput }),
    traces: createTraceExecutor(group, runner),
    pool: createPoolBackend(group, waiter),
    events: {
      onBlock: (listener) => group.onBlock(listener),
      onPendingTransaction: (listener) => group.onPendingTransaction(listener),
      onRewind: (listener) => group.onRewind(listener),
    },
    shards: createShardReader(group, genesis, reach),
    status,
    accounts: {
      addresses: () => accounts.map(({ address }) => address),
      privateKey: (address) => accounts.find((account) => account.address === address)?.privateKey ?? null,
    },
    devnet,
    impersonated: genesis.devnet ? new Impersonation() : null,
  };
}
