import type { Transfers } from '../support/transfers.ts';

/** Transactions of one request: few, so that the first ones are being executed while others arrive. */
const BATCH = 10;
/** Requests under way at once. The devnet answers when it has executed them. */
const PIPELINE = 30;

/** Sends without a pause. The returned function ends it. */
export function flood(transfers: Transfers): () => Promise<void> {
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await transfers.send(BATCH).catch((error: unknown) => {
        // The devnet was killed meanwhile: there is no answer.
        if (!isStopped) throw error;
      });
    }
  };
  const running = Promise.all(Array.from({ length: PIPELINE }, run));
  return async () => {
    isStopped = true;
    await running;
  };
}
