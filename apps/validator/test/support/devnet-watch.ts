/** What a devnet announces: transactions that entered its pool and final blocks, in the order in which it happened. */
export interface DevnetWatch {
  /** Hashes of the transactions that it took. */
  readonly pooled: readonly string[];
  /** How many of them came after the last block. */
  pooledSinceHead(): number;
  /** Hashes of the final blocks that it announced, by number. */
  readonly blocks: ReadonlyMap<number, string>;
  /** Number of the last of them; -1 before the first. */
  head(): number;
  /** Resolves when the devnet is gone or has closed the connection, and all that it wrote before has arrived. */
  readonly closed: Promise<void>;
}

/** Subscribes over WebSocket; resolves when the subscriptions stand. */
export async function watchDevnet(wsUrl: string): Promise<DevnetWatch> {
  const socket = new WebSocket(wsUrl);
  const pooled: string[] = [];
  const blocks = new Map<number, string>();
  let head = -1;
  let pooledBeforeHead = 0;
  const subscribed = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  socket.addEventListener('open', () => {
    for (const [id, name] of ['newPendingTransactions', 'newHeads'].entries()) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_subscribe', params: [name] }));
    }
  });
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.id === 1) subscribed.resolve();
    const announced = message.params?.result;
    if (typeof announced === 'string') pooled.push(announced);
    if (typeof announced?.number !== 'string') return;
    head = Number(announced.number);
    blocks.set(head, String(announced.hash));
    pooledBeforeHead = pooled.length;
  });
  socket.addEventListener('error', () => subscribed.reject(new Error(`no WebSocket at ${wsUrl}`)));
  socket.addEventListener('close', () => closed.resolve());
  await subscribed.promise;
  return {
    pooled,
    blocks,
    pooledSinceHead: () => pooled.length - pooledBeforeHead,
    head: () => head,
    closed: closed.promise,
  };
}
