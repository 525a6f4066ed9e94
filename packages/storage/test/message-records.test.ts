import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, openChainStore } from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import type { CreditMessage, Hash, Message } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';

const BLOCKS = 120;
const ORIGIN: Hash = `0x${'cd'.repeat(32)}`;

/** What a transaction gives back, at `height`; its id is nobody else's. */
function credit(height: bigint, originTx: Hash): CreditMessage {
  return {
    kind: 'credit',
    id: `0x${height.toString(16).padStart(64, '0')}`,
    source: 0,
    destination: 1,
    sourceHeight: height,
    sequence: 1_000_000n + height,
    originTx,
    sender: `0x${'01'.repeat(20)}`,
    target: `0x${'02'.repeat(20)}`,
    value: 1n,
  };
}

/** Commits blocks that each emit one message with this origin and deliver the one before; bytes written by each. */
async function bytesOfBlocks(
  originTx: Hash,
  inspect: (messages: readonly Message[], listed: number) => void,
): Promise<readonly number[]> {
  const written: number[] = [];
  const medium = createMemoryMedium(createSeededRandom(1), (step, apply) => {
    if (step.op === 'batch') written.push(step.bytes);
    apply();
    return Promise.resolve();
  });
  const chain = new TestChain(2);
  const store = await openChainStore({ medium, genesis: chain.genesis });
  const sent: Message[] = [];
  for (let i = 1n; i <= BLOCKS; i++) {
    const { chunks, ...write } = chain.next();
    const message = credit(i, originTx);
    await store.commit({
      ...write,
      chunks: chunks.map((chunk) => ({
        ...chunk,
        // The test chain's own messages stay out of the way: those of here are counted.
        outbox: chunk.shard === 0 ? [message] : [],
        delivered: chunk.shard === 1 ? sent.slice(-1) : [],
      })),
    });
    sent.push(message);
  }
  inspect(sent, (await store.messagesOf(originTx)).length);
  return written;
}

describe('records of messages', () => {
  test('of one transaction are listed in order of emission, and none is written again for another', async () => {
    // So that a block writes as much after a hundred as after none.
    const written = await bytesOfBlocks(ORIGIN, (sent, listed) => expect(listed).toBe(sent.length));
    const [early, late] = [written.slice(10, 30), written.slice(-20)];
    expect(Math.max(...late)).toBeLessThan(1.2 * Math.max(...early));
  });

  test('that were forwarded keep a record of each way, though the id is the same', async () => {
    const chain = new TestChain(2);
    const medium = createMemoryMedium(createSeededRandom(1));
    const store = await openChainStore({ medium, genesis: chain.genesis });
    const first = { ...credit(1n, ORIGIN), source: 1, destination: 0 };
    const again = { ...credit(1n, ORIGIN), sourceHeight: 2n };
    const emit = async (shard: number, outbox: readonly Message[], delivered: readonly Message[]): Promise<void> => {
      const { chunks, ...write } = chain.next();
      const of = (list: readonly Message[], own: boolean): readonly Message[] => (own ? list : []);
      await store.commit({
        ...write,
        chunks: chunks.map((chunk) => ({
          ...chunk,
          outbox: of(outbox, chunk.shard === shard),
          delivered: of(delivered, chunk.shard === shard),
        })),
      });
    };
    await emit(1, [first], []);
    await emit(0, [again], [first]);
    expect(await store.messagesOf(ORIGIN)).toEqual([
      { message: first, emittedIn: 1n, deliveredIn: 2n },
      { message: again, emittedIn: 2n, deliveredIn: null },
    ]);
  });
});
