import { ClientGoneError, RpcError } from '../errors.ts';

/** Why work under the signal has to stop; null while it need not. */
export function abortReason(signal: AbortSignal): RpcError | null {
  if (!signal.aborted) return null;
  const reason: unknown = signal.reason;
  return reason instanceof RpcError ? reason : new ClientGoneError();
}
