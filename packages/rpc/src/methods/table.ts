import { assert } from '@heddle/primitives';
import { createTipOracle } from '../fees/suggested-tip.ts';
import type { FilterStore } from '../filters/filter-store.ts';
import type { RpcBackend } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import type { SubscriptionHub } from '../subscriptions/subscription-hub.ts';
import { accountMethods } from './accounts.ts';
import { blockMethods } from './blocks.ts';
import { callMethods } from './calls.ts';
import { chainMethods } from './chain.ts';
import { debugMethods } from './debug.ts';
import { devnetControlMethods } from './devnet-control.ts';
import { devnetWalletMethods } from './devnet-wallet.ts';
import { feeMethods } from './fees.ts';
import { filterMethods } from './filters.ts';
import { logMethods } from './logs.ts';
import { netMethods } from './net-web3.ts';
import { otterscanTraceMethods } from './otterscan-traces.ts';
import { shardMethods } from './shard.ts';
import { subscriptionMethods } from './subscriptions.ts';
import { traceMethods } from './trace.ts';
import { transactionMethods } from './transactions.ts';

/** Every method of this node, by name. */
export function createMethodTable(backend: RpcBackend, filters: FilterStore, hub: SubscriptionHub): MethodTable {
  const { chain, calls, traces, pool, shards } = backend;
  const tips = createTipOracle(chain);
  return mergeTables([
    chainMethods(chain),
    blockMethods(chain),
    accountMethods(chain, pool),
    transactionMethods(chain, pool),
    callMethods(chain, calls),
    debugMethods(chain, traces),
    traceMethods(chain, traces),
    otterscanTraceMethods(traces),
    feeMethods(chain, tips),
    logMethods(chain),
    filterMethods(chain, filters),
    subscriptionMethods(hub),
    netMethods(backend),
    devnetWalletMethods(backend, tips),
    devnetControlMethods(backend, tips),
    shardMethods(chain, shards),
  ]);
}

function mergeTables(tables: readonly MethodTable[]): MethodTable {
  const merged: Record<string, Method> = {};
  for (const table of tables) {
    for (const [name, method] of Object.entries(table)) {
      assert(!Object.hasOwn(merged, name), `two families define ${name}`);
      merged[name] = method;
    }
  }
  return merged;
}
