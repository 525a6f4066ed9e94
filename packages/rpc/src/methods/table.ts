import { assert } from '@heddle/primitives';
import { createBlockTips } from '../fees/block-tips.ts';
import { createTipOracle } from '../fees/suggested-tip.ts';
import type { FilterStore } from '../filters/filter-store.ts';
import type { LogTexts } from '../logs/log-texts.ts';
import type { RpcBackend } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import type { SubscriptionHub } from '../subscriptions/subscription-hub.ts';
import { CallBundles } from '../wallet/call-bundles.ts';
import { InclusionWatch } from '../wallet/inclusion-watch.ts';
import { Sender } from '../wallet/sender.ts';
import { accessListMethods } from './access-lists.ts';
import { accountMethods } from './accounts.ts';
import { blockMethods } from './blocks.ts';
import { callMethods } from './calls.ts';
import { chainMethods } from './chain.ts';
import { configMethods } from './config.ts';
import { devnetControlMethods } from './control/index.ts';
import { debugMethods } from './debug.ts';
import { devnetWalletMethods } from './devnet-wallet.ts';
import { feeMethods } from './fees.ts';
import { filterMethods } from './filters.ts';
import { impersonationMethods } from './impersonation.ts';
import { legacyMethods } from './legacy.ts';
import { logMethods } from './logs.ts';
import { netMethods } from './net-web3.ts';
import { otterscanMethods } from './otterscan.ts';
import { otterscanTraceMethods } from './otterscan-traces.ts';
import { proofMethods } from './proofs.ts';
import { rawMethods } from './raw.ts';
import { sendingMethods } from './sending.ts';
import { shardMethods } from './shard.ts';
import { shardProofMethods } from './shard-proofs.ts';
import { subscriptionMethods } from './subscriptions.ts';
import { traceMethods } from './trace.ts';
import { transactionMethods } from './transactions.ts';
import { poolMethods } from './txpool.ts';
import { walletCallMethods } from './wallet-calls.ts';

/** Every method of this node, by name. */
export function createMethodTable(
  backend: RpcBackend,
  filters: FilterStore,
  hub: SubscriptionHub,
  texts: LogTexts,
): MethodTable {
  const { chain, calls, traces, pool, shards, status } = backend;
  const blockTips = createBlockTips(chain);
  const tips = createTipOracle(chain, blockTips);
  const sender = new Sender(backend, tips);
  const watch = new InclusionWatch(chain, backend.events);
  return mergeTables([
    chainMethods(chain, status),
    configMethods(chain),
    legacyMethods(chain),
    blockMethods(chain),
    accessListMethods(chain),
    accountMethods(chain, pool),
    proofMethods(chain),
    otterscanMethods(chain),
    transactionMethods(chain),
    sendingMethods(backend, tips, sender, watch),
    rawMethods(chain),
    poolMethods(pool, backend.accounts),
    callMethods(chain, calls),
    debugMethods(chain, traces),
    traceMethods(chain, traces),
    otterscanTraceMethods(traces),
    feeMethods(chain, tips, blockTips),
    logMethods({ chain, texts }),
    filterMethods({ chain, texts }, filters),
    subscriptionMethods(hub),
    netMethods(backend),
    devnetWalletMethods(backend, sender),
    walletCallMethods(chain, backend.accounts, new CallBundles(sender, watch)),
    devnetControlMethods(backend, tips),
    impersonationMethods(backend.impersonated),
    shardMethods(chain, shards, status, backend.devnet),
    shardProofMethods(chain, shards),
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
