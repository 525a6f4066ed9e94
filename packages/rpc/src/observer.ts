/** What the server tells its owner: the source of metrics and of the log. Never throws, never waits. */
export interface RpcObserver {
  /**
   * `method` is 'unknown' for a method that does not exist; `rpcCode` null when it succeeded. Null when nobody wants to know: a
   * clock is read twice for it, in a batch a tenth of what a small request takes.
   */
  readonly requestDone: ((method: string, rpcCode: number | null, durationMs: number) => void) | null;
  /** A bug: the request was answered with −32603. */
  internalError(method: string, error: unknown): void;
  /** How many WebSocket connections and subscriptions there are now. */
  connections(webSockets: number, subscriptions: number): void;
  /** A WebSocket was cut off by the server. */
  connectionCut(reason: string): void;
}

export const SILENT_OBSERVER: RpcObserver = {
  requestDone: null,
  internalError: () => {},
  connections: () => {},
  connectionCut: () => {},
};
