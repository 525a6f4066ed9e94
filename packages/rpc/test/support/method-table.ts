import { FilterStore } from '../../src/filters/filter-store.ts';
import { LogTexts } from '../../src/logs/log-texts.ts';
import { createMethodTable } from '../../src/methods/table.ts';
import type { RpcBackend } from '../../src/ports.ts';
import type { MethodTable } from '../../src/protocol/method.ts';
import { SubscriptionHub } from '../../src/subscriptions/subscription-hub.ts';

/** All methods on a backend, without a server. */
export function methodTable(backend: RpcBackend): MethodTable {
  const texts = new LogTexts(1_000_000);
  return createMethodTable(backend, new FilterStore(() => 0), new SubscriptionHub(texts), texts);
}
