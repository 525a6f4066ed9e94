import { ClientGoneError, RpcError } from '../errors.ts';

/** Why work under the signal has to stop; null while it need not. */
export function abortReason(signal: AbortSignal): RpcError | null {
  if (!signal.aborted) return null;
  const reason: unknown = signal.reason;
  return reason instanceof RpcError ? reason : new ClientGoneError();
}

/** Whether a request's work has to stop. */
export interface Stop {
  /** Made when it is asked for: only what takes long listens to it. */
  readonly signal: AbortSignal;
  /** Null while it need not. */
  reason(): RpcError | null;
}

/** Once the client is gone. */
export class ClientStop implements Stop {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  reason(): RpcError | null {
    return abortReason(this.signal);
  }
}
