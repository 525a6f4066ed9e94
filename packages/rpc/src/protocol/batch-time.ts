import { BatchTimeoutError, type RpcError } from '../errors.ts';
import { MAX_BATCH_MS } from '../limits.ts';
import { abortReason, type Stop } from './abort.ts';

/**
 * When the time of a batch is over, or its client is gone. Its timer and signal are made for the first request that
 * listens to the signal; between those that are answered at once the clock is enough.
 */
export class BatchTime implements Stop {
  readonly #client: AbortSignal;
  readonly #startedMs: number = performance.now();
  #armed: { readonly controller: AbortController; readonly disarm: () => void } | null = null;

  constructor(client: AbortSignal) {
    this.#client = client;
  }

  /** Aborted with the RpcError that the batch's requests are answered with. */
  get signal(): AbortSignal {
    this.#armed ??= arm(this.#client, MAX_BATCH_MS - (performance.now() - this.#startedMs));
    return this.#armed.controller.signal;
  }

  reason(): RpcError | null {
    const gone = abortReason(this.#armed?.controller.signal ?? this.#client);
    if (gone !== null) return gone;
    return performance.now() - this.#startedMs < MAX_BATCH_MS ? null : new BatchTimeoutError(MAX_BATCH_MS);
  }

  end(): void {
    this.#armed?.disarm();
  }
}

function arm(client: AbortSignal, forMs: number): { controller: AbortController; disarm: () => void } {
  const controller = new AbortController();
  const onGone = (): void => controller.abort(client.reason);
  const timer = setTimeout(() => controller.abort(new BatchTimeoutError(MAX_BATCH_MS)), Math.max(0, forMs));
  timer.unref();
  if (client.aborted) onGone();
  else client.addEventListener('abort', onGone, { once: true });
  return {
    controller,
    disarm: () => {
      clearTimeout(timer);
      client.removeEventListener('abort', onGone);
    },
  };
}
