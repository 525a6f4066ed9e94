import type { PeerId } from '@heddle/network';
import {
  type Block,
  type BlockChunk,
  type Chunk,
  type ControlPart,
  decidedParentOf,
  type Hash,
  hashChunkHeader,
} from '@heddle/types';
import { BehindError, InvalidBlockError, InvalidControlError, SupersededError } from '../errors.ts';
import { MAX_ENSURED_BLOCKS, MAX_MISSING_ANCESTORS } from '../limits.ts';
import type { Foundation } from '../parts/foundation.ts';
import { checkBlock, matchChunks } from './block-execution.ts';
import type { ChunkExecution } from './chunk-execution.ts';
import type { ControlBlocks } from './control-blocks.ts';
import type { ExecutedBlock, ExecutedChunk } from './executed-block.ts';
import type { SectionExecution } from './section-execution.ts';

type Parts = Pick<Foundation, 'chain' | 'chunks' | 'fetcher' | 'validatorsByEpoch'> & {
  readonly execution: ChunkExecution;
  readonly sections: Pick<SectionExecution, 'check'>;
  readonly controlBlocks: Pick<ControlBlocks, 'execute'>;
};

/**
 * What came of executing a chunk. 'invalid': it breaks a rule, and its producer signed it. 'stale': its parent is below
 * the final block here, so that there is no state to execute it on: that says nothing of the chunk.
 */
export type ChunkResult =
  | { readonly kind: 'executed'; readonly executed: ExecutedChunk }
  | { readonly kind: 'invalid'; readonly rule: string }
  | { readonly kind: 'stale' };

/** What is known of a block beside its content. */
interface Provenance {
  /** Whoever has it. */
  readonly hint: PeerId | null;
  /** They came along with it, unchecked. */
  readonly supplied: readonly Chunk[];
  /** It is an ancestor of a block that a quorum has made final. */
  readonly isFinal: boolean;
}

/** Gets blocks and chunks executed, fetching what is missing. Each block and chunk is worked on once at a time. */
export class BlockService {
  readonly #parts: Parts;
  readonly #running = new Map<Hash, Promise<ExecutedBlock>>();
  readonly #executing = new Map<Hash, Promise<ChunkResult>>();
  /** Calls of `ensure` that are at work. */
  #ensuring = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Blocks that are being executed. */
  get underway(): number {
    return this.#running.size;
  }

  /**
   * The executed block, from the tree or by fetching and executing it with its missing ancestors, the oldest first.
   * Throws `BehindError` when more than `maxAncestors` are missing or too many blocks are being fetched, else as
   * `executeFrom`.
   */
  async ensure(hash: Hash, hint: PeerId | null, maxAncestors: number = MAX_MISSING_ANCESTORS): Promise<ExecutedBlock> {
    const known = this.#parts.chain.tree.get(hash);
    if (known !== null) return known;
    if (this.#ensuring >= MAX_ENSURED_BLOCKS) throw new BehindError(hash, 'too many blocks are being fetched');
    this.#ensuring += 1;
    try {
      const block = await this.#fetch(hash, hint);
      for (const ancestor of await this.#missingBelow(block, hash, hint, maxAncestors)) {
        await this.#ensureAncestor(ancestor, hint);
      }
      return await this.executeFrom(block, hash, hint);
    } finally {
      this.#ensuring -= 1;
    }
  }

  /**
   * Ancestors of a block that are not executed, oldest first. Only hashes are kept on the way down, so that a gap costs
   * neither memory nor depth of calls before it is known to be one.
   */
  async #missingBelow(block: Block, hash: Hash, hint: PeerId | null, most: number): Promise<readonly Hash[]> {
    const { tree } = this.#parts.chain;
    const missing: Hash[] = [];
    for (let next = decidedParentOf(block); tree.get(next) === null && !this.#isFinal(next); ) {
      if (missing.length >= most) throw new BehindError(hash, `more than ${most} ancestors are missing`);
      missing.push(next);
      const ancestor = await this.#fetch(next, hint);
      if (!this.#isFinal(next)) this.#checkHeight(ancestor, next);
      next = decidedParentOf(ancestor);
    }
    return missing.reverse();
  }

  /** Done as well when it has become final meanwhile: catch-up goes on while an ancestor is fetched and executed here. */
  async #ensureAncestor(hash: Hash, hint: PeerId | null): Promise<void> {
    const block = await this.#fetch(hash, hint);
    try {
      await this.executeFrom(block, hash, hint);
    } catch (error) {
      if (!(error instanceof SupersededError) || !this.#isFinal(hash)) throw error;
    }
  }

  #isFinal(hash: Hash): boolean {
    return this.#parts.chain.store.blockByHash(hash) !== null;
  }

  async #fetch(hash: Hash, hint: PeerId | null): Promise<Block> {
    const { chain, fetcher } = this.#parts;
    return chain.store.unfinalBlock(hash) ?? (await fetcher.block(hash, hint));
  }

  /**
   * Executes a genuine block: what it carries is what `hash`, its hash, commits. `chunks` came along with it, unchecked;
   * what is not among them is fetched. Throws `InvalidBlockError`, `UnavailableError`, `StoppedError`, or
   * `SupersededError` when others have become final instead, or it long ago.
   */
  executeFrom(block: Block, hash: Hash, hint: PeerId | null, chunks: readonly Chunk[] = []): Promise<ExecutedBlock> {
    const known = this.#parts.chain.tree.get(hash);
    if (known !== null) return Promise.resolve(known);
    return this.#once(hash, () => this.#execute(block, hash, { hint, supplied: chunks, isFinal: false }));
  }

  /**
   * The same for an ancestor of a block that is final (catch-up). Its hash commits its randao reveal and its certificates, and a
   * quorum has checked them before it signed for a descendant: that is not done once more, and nothing is made durable before
   * the block is committed as a whole. What it executes to is compared with its headers as ever.
   */
  executeFinal(block: Block, hash: Hash, chunks: readonly Chunk[]): Promise<ExecutedBlock> {
    const known = this.#parts.chain.tree.get(hash);
    if (known !== null) return Promise.resolve(known);
    return this.#once(hash, () => this.#execute(block, hash, { hint: null, supplied: chunks, isFinal: true }));
  }

  /** Executes a genuine chunk (`EpochValidators.isGenuine`) on `parent`; from the cache when it has been done. Throws `StoppedError`. */
  executeChunk(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ChunkResult> {
    const executed = this.#parts.chunks.executed(hash);
    if (executed !== null) return Promise.resolve({ kind: 'executed', executed });
    const running = this.#executing.get(hash);
    if (running !== undefined) return running;
    const result = this.#executeChunk(parent, chunk, hash).finally(() => this.#executing.delete(hash));
    this.#executing.set(hash, result);
    return result;
  }

  async #executeChunk(parent: ExecutedBlock, chunk: Chunk, hash: Hash): Promise<ChunkResult> {
    const { chain, chunks, execution } = this.#parts;
    if (chain.tree.get(parent.hash) === null) return { kind: 'stale' };
    try {
      const executed = await execution.check(parent, chunk, hash);
      chunks.remember(executed);
      return { kind: 'executed', executed };
    } catch (error) {
      if (error instanceof SupersededError) return { kind: 'stale' };
      if (error instanceof InvalidBlockError) return { kind: 'invalid', rule: error.facts.rule };
      throw error;
    }
  }

  #once(hash: Hash, run: () => Promise<ExecutedBlock>): Promise<ExecutedBlock> {
    const running = this.#running.get(hash);
    if (running !== undefined) return running;
    const started = run().finally(() => this.#running.delete(hash));
    this.#running.set(hash, started);
    return started;
  }

  async #execute(block: Block, hash: Hash, from: Provenance): Promise<ExecutedBlock> {
    const { chain, chunks, sections } = this.#parts;
    this.#checkHeight(block, hash);
    this.#checkForm(block, hash);
    const parent = await this.ensure(decidedParentOf(block), from.hint);
    if (!from.isFinal) this.#checkSignatures(parent, block, hash);
    const control = block.section?.control ?? null;
    if (control !== null) return this.#executeControl(parent, block, hash, control);
    for (const entry of block.chunks) await this.#ensureChunk(parent, entry, hash, from);
    // Other blocks may have become final during the waits above: this one may be final now, or on a dead branch.
    const known = chain.tree.get(hash);
    if (known !== null) return known;
    if (chain.tree.get(parent.hash) === null) throw new SupersededError(parent.hash);
    const certified = matchChunks(chain, parent, block, hash, (chunkHash) => chunks.executed(chunkHash));
    const section = await sections.check(
      parent,
      block,
      hash,
      certified.map((entry) => entry?.executed ?? null),
    );
    // The section may have taken many turns: the same holds once more.
    const meanwhile = chain.tree.get(hash);
    if (meanwhile !== null) return meanwhile;
    if (chain.tree.get(parent.hash) === null) throw new SupersededError(parent.hash);
    const executed = checkBlock(chain, parent, block, hash, certified, section);
    chain.tree.add(executed);
    return executed;
  }

  /** All of it follows from the parent and its control part: it is made once more and compared. */
  async #executeControl(parent: ExecutedBlock, block: Block, hash: Hash, control: ControlPart): Promise<ExecutedBlock> {
    const { chain, controlBlocks } = this.#parts;
    const { view, leader, randaoReveal } = block;
    const executed = await controlBlocks
      .execute(parent, { view, leader, randaoReveal }, control)
      .catch((error: unknown) => refuse(hash, error));
    // It may have taken many turns, and be final now: then its parent is below the final block.
    const known = chain.tree.get(hash);
    if (known !== null) return known;
    if (executed.hash !== hash) {
      throw new InvalidBlockError(hash, `it does not follow from its control part (expected ${executed.hash})`);
    }
    chain.tree.add(executed);
    return executed;
  }

  #checkHeight({ header }: Block, hash: Hash): void {
    if (header.number <= this.#parts.chain.tree.root.height) throw new SupersededError(hash);
  }

  #checkForm(block: Block, hash: Hash): void {
    const { chain } = this.#parts;
    const { shardCount } = chain.genesis;
    if (block.chunks.length !== shardCount) throw new InvalidBlockError(hash, 'wrong number of chunks');
    const isControl = block.section !== null && block.section.control !== null;
    if ((block.section === null) !== (shardCount === 1 && !isControl)) {
      throw new InvalidBlockError(hash, 'a block has a section if it has several shards or a control part');
    }
    if (isControl && block.chunks.some(({ certificate }) => certificate !== null)) {
      throw new InvalidBlockError(hash, 'a control block carries no chunks');
    }
  }

  /** With the validators of the block's own epoch, whichever epoch runs now. */
  #checkSignatures(parent: ExecutedBlock, block: Block, hash: Hash): void {
    const { verifier } = this.#parts.validatorsByEpoch.ofChildren(parent);
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
    { hint, supplied, isFinal }: Provenance,
  ): Promise<void> {
    if (certificate === null) return;
    const hash = hashChunkHeader(header);
    if (hash !== certificate.chunkHash) throw new InvalidBlockError(blockHash, 'a certificate is for another chunk');
    // A quorum endorsed it there: it may even be executed here, on the state of another branch.
    if (header.parentBlockHash !== parent.hash) {
      throw new InvalidBlockError(blockHash, `the chunk of shard ${header.shard} stands on another parent`);
    }
    const { chunks, chain } = this.#parts;
    if (chunks.executed(hash) !== null) return;
    const chunk = chunks.held(hash) ?? (await this.#genuineChunk(parent, hash, hint, supplied));
    const result = await this.executeChunk(parent, chunk, hash);
    if (result.kind === 'stale') throw new SupersededError(parent.hash);
    if (result.kind === 'invalid') {
      throw new InvalidBlockError(blockHash, `the chunk of shard ${header.shard} is invalid: ${result.rule}`);
    }
    // It is in the store with its block at once, and nobody votes for what is final already.
    if (!isFinal) await chain.store.putChunk(hash, chunk);
  }

  /** Of the last run, or what came along with the block, or fetched. */
  #genuineChunk(parent: ExecutedBlock, hash: Hash, hint: PeerId | null, supplied: readonly Chunk[]): Promise<Chunk> {
    const { chain, validatorsByEpoch, fetcher } = this.#parts;
    const validators = validatorsByEpoch.ofChildren(parent);
    const isGenuine = (chunk: Chunk): boolean => validators.isGenuine(chunk, hash);
    const copies = supplied.filter(({ header }) => hashChunkHeader(header) === hash);
    const here = [chain.store.chunk(hash), ...copies].find((chunk) => chunk !== null && isGenuine(chunk)) ?? null;
    return here === null ? fetcher.chunk(hash, hint, isGenuine) : Promise.resolve(here);
  }
}

function refuse(hash: Hash, error: unknown): never {
  if (error instanceof InvalidControlError) throw new InvalidBlockError(hash, error.facts.rule);
  throw error;
}
