import type { TransportMetrics } from '@heddle/network';
import type { NodeStatus, StandaloneObserver } from '@heddle/node';
import { Registry } from 'prom-client';
import { blockMetrics } from './block-metrics.ts';
import { networkMetrics } from './network-metrics.ts';
import { processMetrics } from './process-metrics.ts';
import { rpcMetrics } from './rpc-metrics.ts';
import { type MetricsPlace, type MetricsServer, serveMetrics } from './serve-metrics.ts';
import { statusMetrics } from './status-metrics.ts';

/** Whom the parts of a validator tell. */
export interface Metrics {
  readonly network: TransportMetrics;
  readonly node: StandaloneObserver;
}

export interface MetricsOptions extends MetricsPlace {
  readonly version: string;
  /** Whose file system is looked at. */
  readonly directory: string;
  readonly wallMs: () => number;
}

/** Metrics that count from now on; `serve` shows them when there is a node whose status they can ask. */
export function openMetrics({ version, directory, wallMs, ...place }: MetricsOptions): Metrics & {
  serve(status: () => NodeStatus | null): Promise<MetricsServer>;
} {
  const registry = new Registry();
  processMetrics(registry, version, directory);
  return {
    network: networkMetrics(registry),
    node: { rpc: rpcMetrics(registry), blockFinal: blockMetrics(registry, wallMs) },
    serve: (status) => {
      const show = statusMetrics(registry);
      const text = (): Promise<string> => {
        // Once for all of them: they are of one moment.
        const now = status();
        if (now !== null) show(now);
        return registry.metrics();
      };
      return serveMetrics(place, { type: registry.contentType, text }, status);
    },
  };
}
