import type { PeerId } from '@heddle/network';
import { type Block, type BlockChunk, type Chunk, type Hash, hashChunkHeader } from '@heddle/types';
import type { Committees } from '../epochs/committee.ts';
import { InvalidBlockError, SupersededError } from '../errors.ts';
import type { Fetcher } from '../peers/fetcher.ts';
import { checkBlock } from './block-execution.ts';
import type { Chain } from './chain.ts';
import type { ChunkCache } from './chunk-cache.ts';
import type { ChunkExecution } from './chunk-execution.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';

export interface BlockServicePorts {
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly fetcher: Fetcher;
  readonly committees: Committees;
  readonly execution: ChunkExecution;
}

/** A chunk that is being executed. */
interface RunningChunk {
  readonly copy: Chunk;
  readonly result: Promise<ExecutedChunk>;
}

/** Gets blocks and chunks executed, fetching what is missing. Each block and chunk is worked on once at a time. */
export class BlockService {
  readonly #ports: BlockServicePorts;
  readonly #running = new Map<Hash, Promise<ExecutedBlock>>();
  readonly #executing = new Map<Hash, RunningChunk>();

  constructor(ports: BlockServicePorts) {
    this.#ports = ports;
  }

  /**
   * The executed block, from the tree or by fetching and executing it with its missing ancestors. Throws as
   * `executeFrom`.
   */
  async ensure(hash: Hash, hint: PeerId | null): Promise<ExecutedBlock> {
    const { chain, fetcher } = this.#ports;
    const known = chain.tree.get(hash);
    if (known !== null) return known;
    const block = chain.store.unfinalBlock(hash) ?? (await fetcher.block(hash, hint));
    return this.executeFrom(block, hash, hint);
  }

  /**
   * Executes a genuine block: what it carries is what `hash`, its hash, commits. Throws `InvalidBlockError`,
   * `UnavailableError`, or `SupersededError` when others have become final instead, or it long ago.
   */
  executeFrom(block: Block, hash: Hash, hint: PeerId | null): Promise<ExecutedBlock> {
    const known = this.#ports.chain.tree.get(hash);
    if (known !== null) return Promise.resolve(known);
    return this.#once(hash, () => this.#execute(block, hash, hint));
  }

  /**
   * Executes a chunk on `parent`; from the cache when it has been done. Throws `InvalidBlockError`, `SupersededError`,
   * `StoppedError`.
   */
  async executeChunk(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ExecutedChunk> {
    for (;;) {
      const known = this.#ports.chunks.executed(hash);
      if (known !== null) return known;
      const running = this.#executing.get(hash);
      if (running === undefined) break;
      if (running.copy === chunk) return running.result;
      // The hash covers neither body nor signature: that another copy was forged says nothing about this one.
      await running.result.catch(() => null);
    }
    const result = this.#executeChunk(parent, chunk, hash).finally(() => this.#executing.delete(hash));
    this.#executing.set(hash, { copy: chunk, result });
    return result;
  }

  async #executeChunk(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ExecutedChunk> {
    const { committees, chain, chunks, execution } = this.#ports;
    // Flat state follows the final block: what lies below can't be executed on any more.
    if (chain.tree.get(parent.hash) === null) throw new SupersededError(parent.hash);
    if (!committees.ofChildren(parent).verifier.verifyProducer(chunk.header, hash, chunk.signature)) {
      throw new InvalidBlockError(hash, 'the producer did not sign it');
    }
    const executed = await execution.check(parent, chunk, hash);
    chunks.remember(executed);
    return executed;
  }

  #once(hash: Hash, run: () => Promise<ExecutedBlock>): Promise<ExecutedBlock> {
    const running = this.#running.get(hash);
    if (running !== undefined) return running;
    const started = run().finally(() => this.#running.delete(hash));
    this.#running.set(hash, started);
    return started;
  }

  async #execute(block: Block, hash: Hash, hint: PeerId | null): Promise<ExecutedBlock> {
    const { chain, chunks } = this.#ports;
    this.#checkHeight(block, hash);
    this.#checkForm(block, hash);
    const parent = await this.ensure(block.header.parentHash, hint);
    this.#checkSignatures(parent, block, hash);
    for (const entry of block.chunks) await this.#ensureChunk(parent, entry, hash, hint);
    // Other blocks may have become final during the waits above: this one may be final now, or on a dead branch.
    const known = chain.tree.get(hash);
    if (known !== null) return known;
    if (chain.tree.get(parent.hash) === null) throw new SupersededError(parent.hash);
    const executed = checkBlock(chain, parent, block, hash, (chunkHash) => chunks.executed(chunkHash));
    chain.tree.add(executed);
    return executed;
  }

  #checkHeight({ header }: Block, hash: Hash): void {
    if (header.number <= this.#ports.chain.tree.root.height) throw new SupersededError(hash);
  }

  #checkForm(block: Block, hash: Hash): void {
    const { chain } = this.#ports;
    if (block.chunks.length !== chain.genesis.shardCount) throw new InvalidBlockError(hash, 'wrong number of chunks');
  }

  /** With the validators of the block's own epoch, whichever epoch runs now. */
  #checkSignatures(parent: ExecutedBlock, block: Block, hash: Hash): void {
    const { verifier } = this.#ports.committees.ofChildren(parent);
    if (!verifier.verifyRandao(block)) {
      throw new InvalidBlockError(hash, 'the randao reveal is not the leader’s');
    }
    for (const { certificate } of block.chunks) {
      if (certificate !== null && !verifier.verifyEndorsements(certificate)) {
        throw new InvalidBlockError(hash, `the endorsement certificate of shard ${certificate.shard} does not hold`);
      }
    }
  }

  async #ensureChunk(
    parent: ExecutedBlock,
    { header, certificate }: BlockChunk,
    blockHash: Hash,
    hint: PeerId | null,
  ): Promise<void> {
    if (certificate === null) return;
    const hash = hashChunkHeader(header);
    if (hash !== certificate.chunkHash) throw new InvalidBlockError(blockHash, 'a certificate is for another chunk');
    // A quorum endorsed it there: it may even be executed here, on the state of another branch.
    if (header.parentBlockHash !== parent.hash) {
      throw new InvalidBlockError(blockHash, `the chunk of shard ${header.shard} stands on another parent`);
    }
    const { chunks, chain, fetcher } = this.#ports;
    if (chunks.executed(hash) !== null) return;
    const stored = chain.store.chunk(hash);
    for (const copy of stored === null ? chunks.copies(hash) : [stored]) {
      if (await this.#isGenuine(parent, copy, hash)) return;
    }
    await fetcher.chunk(hash, hint, async (copy) => ((await this.#isGenuine(parent, copy, hash)) ? copy : null));
  }

  /** Executes and stores one copy of a chunk that a quorum endorsed: if it fails, the copy is forged, not the block bad. */
  async #isGenuine(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<boolean> {
    try {
      await this.executeChunk(parent, chunk, hash);
    } catch (error) {
      if (error instanceof InvalidBlockError && error.blockHash === hash) return false;
      throw error;
    }
    await this.#ports.chain.store.putChunk(hash, chunk);
    return true;
  }
}
