import type { Transfers } from '../support/transfers.ts';

/** Transactions of one request: few, so that the first ones are being executed while others arrive. */
const BATCH = 10;

/**
 * Sends without a pause, each account its own transactions: a devnet answers when it has executed them, so each has at
 * most a request under way. The returned function ends it and resolves to the hashes that were answered with.
 */
export function flood(transfers: Transfers): () => Promise<readonly string[]> {
  const acknowledged: string[] = [];
  let isStopped = false;
  const run = async (index: number): Promise<void> => {
    while (!isStopped) {
      const hashes = await transfers.sendFrom(index, BATCH).catch((error: unknown) => {
        // The devnet was killed meanwhile: there is no answer.
        if (!isStopped) throw error;
        return [];
      });
      acknowledged.push(...hashes);
    }
  };
  const running = Promise.all(Array.from({ length: transfers.senders }, (_, index) => run(index)));
  return async () => {
    isStopped = true;
    await running;
    return acknowledged;
  };
}
