import { silentMetrics, type TransportMetrics } from '@heddle/network';
import type { RunningStandalone, StandaloneObserver } from '@heddle/node';
import { addressError, isAddressFailure, probeAddress } from '../devnet/probe-address.ts';
import { METRICS_ADDRESS_FLAGS } from '../errors.ts';
import type { ValidatorSettings } from '../flags/validator-flags.ts';
import type { MetricsServer } from '../metrics/serve-metrics.ts';

/** The metrics of a validator, on or off. */
export interface ValidatorMetrics {
  readonly network: TransportMetrics;
  /** Null where they are off. */
  readonly node: StandaloneObserver | null;
  /** Shows them from now on; gives where, null if they are off. Rejects with an AddressError when it can not listen. */
  serve(running: Pick<RunningStandalone, 'status'>): Promise<string | null>;
  stop(): Promise<void>;
}

interface MetricsSurroundings {
  readonly version: string;
  readonly wallMs: () => number;
}

/** Rejects with an AddressError when it could not listen. */
export async function openValidatorMetrics(
  { metricsHost: host, metricsPort: port }: Pick<ValidatorSettings, 'metricsHost' | 'metricsPort'>,
  directory: string,
  surroundings: MetricsSurroundings,
): Promise<ValidatorMetrics> {
  if (port === null) {
    return { network: silentMetrics, node: null, serve: () => Promise.resolve(null), stop: () => Promise.resolve() };
  }
  // Before anything runs that would have to be stopped again.
  await probeAddress(host, port, METRICS_ADDRESS_FLAGS);
  // Late: who wants no metrics loads nothing of them.
  const { openMetrics } = await import('../metrics/open-metrics.ts');
  const metrics = openMetrics({ host, port, directory, ...surroundings });
  let server: MetricsServer | null = null;
  return {
    network: metrics.network,
    node: metrics.node,
    serve: async (running) => {
      try {
        server = await metrics.serve(() => running.status());
      } catch (error) {
        throw isAddressFailure(error) ? addressError(host, port, error, METRICS_ADDRESS_FLAGS) : error;
      }
      return server.url;
    },
    stop: async () => {
      await server?.stop();
    },
  };
}
