import { home } from '@heddle/sharding';
import type { StateSnapshot } from '@heddle/state';
import { type EndorsementCertificate, type Hash, ZERO_ADDRESS } from '@heddle/types';
import { assembleBlock, type CertifiedChunk, statesAfter } from '../chain/block-execution.ts';
import { routeViewOn } from '../chain/chunk-context.ts';
import type { ExecutedBlock, ExecutedSection } from '../chain/executed-block.ts';
import type { MemberInputs, MemberParts } from '../epochs/member-parts.ts';
import { StoppedError, SupersededError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { SectionCandidates } from '../pool/section-candidates.ts';

type Parts = Pick<
  MemberParts,
  | 'self'
  | 'validators'
  | 'chain'
  | 'chunks'
  | 'sections'
  | 'pool'
  | 'routes'
  | 'feeRecipients'
  | 'signer'
  | 'log'
  | 'events'
> & {
  readonly inputs: MemberInputs;
};

/** The leader's part: asks the chunk protocol for chunks, then puts the block together. */
export class Proposer {
  readonly #parts: Parts;
  readonly #log: Logger;
  readonly #candidates: SectionCandidates;
  /** What the engine asked for last and has not got. */
  #wish: { readonly view: bigint; readonly parentHash: Hash } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('proposer');
    this.#candidates = new SectionCandidates(parts);
  }

  /** The engine wants a block. On the epoch's last one it is that again; else chunks are ready at the latest at the deadline. */
  want(view: bigint, parentHash: Hash): void {
    const parent = this.#parts.chain.tree.get(parentHash);
    this.#wish = { view, parentHash };
    if (parent !== null && this.#isBoundary(parent)) this.onBoundary(view, parent);
    else this.#parts.inputs.chunks({ kind: 'proposalWanted', view, parentHash });
  }

  /** [B2] The view stands on the epoch's last block, which is executed here: if a block is wanted it is that one again. */
  onBoundary(view: bigint, boundary: ExecutedBlock): void {
    if (this.#wish?.view !== view || this.#wish.parentHash !== boundary.hash) return;
    this.#wish = null;
    this.#proposeAgain(view, boundary).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  chunksReady(view: bigint, parentHash: Hash, certificates: readonly (EndorsementCertificate | null)[]): void {
    this.#build(view, parentHash, certificates).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  #isBoundary({ height }: ExecutedBlock): boolean {
    const { chain, validators } = this.#parts;
    return height === chain.epochs.boundaryOf(validators.epoch);
  }

  async #proposeAgain(view: bigint, boundary: ExecutedBlock): Promise<void> {
    await this.#parts.chain.keep(boundary);
    this.#parts.inputs.engine({ kind: 'blockBuilt', view, block: boundary.block, blockHash: boundary.hash });
  }

  async #build(
    view: bigint,
    parentHash: Hash,
    certificates: readonly (EndorsementCertificate | null)[],
  ): Promise<void> {
    const { chain, signer, self, validators, inputs } = this.#parts;
    const reveal = await signer.sign({ kind: 'randao', epoch: validators.epoch, view });
    const parent = chain.tree.get(parentHash);
    if (!reveal.ok || parent === null) {
      this.#log.warn('no block built', { view, reason: reveal.ok ? 'the parent is not executed' : reveal.reason });
      return inputs.engine({ kind: 'buildFailed', view });
    }
    const certified = certificates.map((certificate) => this.#certified(certificate));
    const section = await this.#buildSection(view, parent, certified);
    // The wait may have let another block become final instead.
    if (section === 'superseded' || chain.tree.get(parentHash) === null) {
      return inputs.engine({ kind: 'buildFailed', view });
    }
    const terms = { view, leader: self, randaoReveal: reveal.signature };
    const executed = assembleBlock(chain, parent, terms, certified, section);
    await chain.store.putBlock(executed.hash, executed.block);
    if (chain.tree.get(parentHash) === null) return inputs.engine({ kind: 'buildFailed', view });
    if (chain.tree.get(executed.hash) === null) chain.tree.add(executed);
    inputs.engine({ kind: 'blockBuilt', view, block: executed.block, blockHash: executed.hash });
  }

  /** Null with one shard. 'superseded': another block has become final instead of the parent, or the node stops. */
  async #buildSection(
    view: bigint,
    parent: ExecutedBlock,
    certified: readonly CertifiedChunk[],
  ): Promise<ExecutedSection | null | 'superseded'> {
    const { sections, feeRecipients } = this.#parts;
    const after = statesAfter(parent, certified);
    const place = { height: parent.height + 1n, view: routeViewOn(parent), after };
    const terms = {
      coinbase: feeRecipients[0] ?? ZERO_ADDRESS,
      skippedViews: Number(view - this.#viewOf(parent) - 1n),
      candidates: this.#candidates.of(place),
    };
    try {
      const section = await sections.build(parent, certified, terms);
      if (section !== null) this.#dropRejected(section, after);
      return section;
    } catch (error) {
      if (error instanceof SupersededError || error instanceof StoppedError) return 'superseded';
      throw error;
    }
  }

  /** What can never be valid leaves the pool. A nonce that this branch alone has spent is no reason: it may yet be skipped. */
  #dropRejected({ outcome, layers }: ExecutedSection, after: readonly StateSnapshot[]): void {
    for (const { transaction, permanent } of outcome.rejected) {
      const { sender, fields, hash } = transaction;
      const shard = home(sender, after.length);
      const nonce = (layers[shard] ?? after[shard])?.account(sender)?.nonce ?? 0n;
      if (permanent && fields.nonce >= nonce) this.#parts.pool.drop(hash);
    }
  }

  /** Views begin at 1 in each epoch; its first block stands on the last one of another. */
  #viewOf({ height, block }: ExecutedBlock): bigint {
    return this.#parts.chain.epochs.isBoundary(height) ? 0n : block.view;
  }

  /** A certificate of a quorum for a chunk that this node has not executed is no use to it as a leader. */
  #certified(certificate: EndorsementCertificate | null): CertifiedChunk {
    if (certificate === null) return null;
    const executed = this.#parts.chunks.executed(certificate.chunkHash);
    return executed === null ? null : { executed, certificate };
  }
}
