import { home } from '@heddle/sharding';
import { type Chunk, type Hash, type ShardId, ZERO_ADDRESS } from '@heddle/types';
import { type BuiltChunk, baseFeesOn, routeViewOn } from '../chain/chunk-context.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { MemberParts } from '../epochs/member-parts.ts';
import { SupersededError } from '../errors.ts';
import { dropRefused } from '../pool/drop-refused.ts';

type Parts = Pick<
  MemberParts,
  'self' | 'chain' | 'chunks' | 'execution' | 'pool' | 'routes' | 'clock' | 'feeRecipients'
>;

/** Makes this validator's own chunks: built from the pool, kept, and durable once they are signed. */
export class ChunkProducer {
  readonly #parts: Parts;
  /** Own chunks that wait for their signature. */
  readonly #unsigned = new Map<Hash, Omit<Chunk, 'signature'>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Null when nobody needs the chunk: it could only come too late, or the parent has fallen below the final block. */
  async produce(parent: ExecutedBlock, shard: ShardId): Promise<BuiltChunk | null> {
    const { pool, chain, clock, feeRecipients, self, execution, routes } = this.#parts;
    if (execution.isHopeless(parent, shard)) return null;
    const { shardCount } = chain.genesis;
    const now = BigInt(Math.floor(clock.wallMs() / 1000));
    const earliest = parent.block.header.timestamp;
    const terms = { timestamp: now > earliest ? now : earliest, coinbase: feeRecipients[shard] ?? ZERO_ADDRESS };
    const baseFee = baseFeesOn(parent)[shard] ?? 0n;
    const view = routeViewOn(parent);
    const candidates = pool.candidates({
      mine: (sender) => home(sender, shardCount) === shard,
      baseFee,
      takes: (transaction) => routes.routeOf(transaction, view) === 'chunk',
    });
    try {
      return await execution.build(parent, shard, terms, self, candidates);
    } catch (error) {
      if (error instanceof SupersededError) return null;
      throw error;
    }
  }

  /** The chunk waits for its signature; what it rejected for good leaves the pool, what touched another shard is no longer local. */
  keep(parent: ExecutedBlock, built: BuiltChunk): void {
    this.#dropRejected(parent, built);
    const { header, hash, outcome } = built;
    const body = { transactions: outcome.included.map(({ raw }) => raw), accessList: outcome.accessList };
    this.#unsigned.set(hash, { header, body });
    this.#parts.chunks.remember({ ...built, chunk: null });
  }

  /** The own chunk with its signature, durable before anyone hears of it. */
  async complete(hash: Hash, signature: Uint8Array): Promise<void> {
    const { chunks, chain } = this.#parts;
    const unsigned = this.#unsigned.get(hash);
    const executed = chunks.executed(hash);
    this.#unsigned.delete(hash);
    if (unsigned === undefined || executed === null) return;
    const chunk: Chunk = { ...unsigned, signature };
    chunks.remember({ ...executed, chunk });
    await chain.store.putChunk(hash, chunk);
  }

  #dropRejected(parent: ExecutedBlock, { outcome, layer }: BuiltChunk): void {
    const { pool, routes } = this.#parts;
    const { states } = routeViewOn(parent);
    for (const { transaction, isRemote } of outcome.rejected) if (isRemote) routes.mistaken(transaction, states);
    dropRefused(pool, outcome.rejected, { nonce: (sender) => layer.account(sender)?.nonce ?? 0n });
  }
}
