import type { ControlPart, EndorsementCertificate, Hash } from '@heddle/types';
import { assembleBlock, type BlockTerms, type CertifiedChunk } from '../chain/block-execution.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { MemberInputs, MemberParts } from '../epochs/member-parts.ts';
import { InvalidControlError, StoppedError, SupersededError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { SectionMaker } from './section-maker.ts';

type Parts = Pick<
  MemberParts,
  | 'self'
  | 'validators'
  | 'chain'
  | 'chunks'
  | 'sections'
  | 'pool'
  | 'control'
  | 'controlBlocks'
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
  readonly #sections: SectionMaker;
  /** What the engine asked for last and has not got. */
  #wish: { readonly view: bigint; readonly parentHash: Hash } | null = null;
  /** The last view whose block is a control block of this validator's. */
  #controlView: bigint | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('proposer');
    this.#sections = new SectionMaker(parts);
  }

  /** The engine wants a block. On the epoch's last one it is that again; else chunks are ready at the latest at the deadline. */
  want(view: bigint, parentHash: Hash): void {
    const parent = this.#parts.chain.tree.get(parentHash);
    this.#wish = { view, parentHash };
    if (parent !== null && this.#isBoundary(parent)) return this.onBoundary(view, parent);
    if (parent !== null && this.#beginControl(view, parent)) return;
    this.#parts.inputs.chunks({ kind: 'proposalWanted', view, parentHash });
    this.chunkExecuted(parentHash);
  }

  /** Control operations have come: they do not wait for the chunks of the block that is being made. */
  controlSubmitted(): void {
    const wish = this.#wish;
    const parent = wish === null ? null : this.#parts.chain.tree.get(wish.parentHash);
    if (wish !== null && parent !== null && !this.#isBoundary(parent)) this.#beginControl(wish.view, parent);
  }

  /** A chunk on the parent has been executed here: perhaps it was the last that the section waits for. */
  chunkExecuted(parentHash: Hash): void {
    const parent = this.#wish?.parentHash === parentHash ? this.#parts.chain.tree.get(parentHash) : null;
    if (this.#wish !== null && parent !== null) this.#sections.prepare(this.#wish.view, parent);
  }

  /** [B2] The view stands on the epoch's last block, which is executed here: if a block is wanted it is that one again. */
  onBoundary(view: bigint, boundary: ExecutedBlock): void {
    if (this.#wish?.view !== view || this.#wish.parentHash !== boundary.hash) return;
    this.#wish = null;
    this.#proposeAgain(view, boundary).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  chunksReady(view: bigint, parentHash: Hash, certificates: readonly (EndorsementCertificate | null)[]): void {
    // A control block has taken the view meanwhile.
    if (this.#controlView === view) return;
    this.#build(view, parentHash, certificates).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  #isBoundary({ height }: ExecutedBlock): boolean {
    const { chain, validators } = this.#parts;
    return height === chain.epochs.boundaryOf(validators.epoch);
  }

  /** Whether the view's block is a control block. */
  #beginControl(view: bigint, parent: ExecutedBlock): boolean {
    const control = this.#parts.control.partOn(parent);
    if (control === null) return false;
    this.#wish = null;
    this.#controlView = view;
    this.#buildControl(view, control).catch((error: unknown) => this.#parts.events.fatal(error));
    return true;
  }

  async #proposeAgain(view: bigint, boundary: ExecutedBlock): Promise<void> {
    await this.#parts.chain.keep(boundary);
    this.#parts.inputs.engine({ kind: 'blockBuilt', view, block: boundary.block, blockHash: boundary.hash });
  }

  /** A block of what the devnet's owner wants done: nobody has to be waited for. */
  async #buildControl(view: bigint, control: ControlPart): Promise<void> {
    const { chain, controlBlocks, inputs } = this.#parts;
    const terms = await this.#terms(view);
    const parent = chain.tree.get(control.parentHash);
    if (terms === null || parent === null) return inputs.engine({ kind: 'buildFailed', view });
    try {
      await this.#propose(view, parent.hash, await controlBlocks.execute(parent, terms, control));
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (error instanceof SupersededError) return inputs.engine({ kind: 'buildFailed', view });
      if (!(error instanceof InvalidControlError)) throw error;
      this.#log.warn('control operation not proposed', { reason: error.message });
      // Else every view of this validator would fail: whoever submitted it looks again at what it stands on.
      this.#parts.control.withdraw(control.number);
      inputs.engine({ kind: 'buildFailed', view });
    }
  }

  async #build(
    view: bigint,
    parentHash: Hash,
    certificates: readonly (EndorsementCertificate | null)[],
  ): Promise<void> {
    const { chain, inputs } = this.#parts;
    const terms = await this.#terms(view);
    const parent = chain.tree.get(parentHash);
    if (terms === null || parent === null) {
      if (parent === null) this.#log.warn('no block built', { view, reason: 'the parent is not executed' });
      return inputs.engine({ kind: 'buildFailed', view });
    }
    const certified = certificates.map((certificate) => this.#certified(certificate));
    const section = await this.#sections.make(
      view,
      parent,
      certified.map((entry) => entry?.executed ?? null),
    );
    // The wait may have let another block become final instead of the parent: nothing may read its state any more.
    if (section === 'superseded' || chain.tree.get(parentHash) === null) {
      return inputs.engine({ kind: 'buildFailed', view });
    }
    await this.#propose(view, parentHash, assembleBlock(chain, parent, terms, certified, section));
  }

  /** Null when the signer refuses. */
  async #terms(view: bigint): Promise<BlockTerms | null> {
    const { signer, self, validators } = this.#parts;
    const reveal = await signer.sign({ kind: 'randao', epoch: validators.epoch, view });
    if (reveal.ok) return { view, leader: self, randaoReveal: reveal.signature };
    this.#log.warn('no block built', { view, reason: reveal.reason });
    return null;
  }

  async #propose(view: bigint, parentHash: Hash, executed: ExecutedBlock): Promise<void> {
    const { chain, inputs } = this.#parts;
    await chain.store.putBlock(executed.hash, executed.block);
    // The wait may have let another block become final instead.
    if (chain.tree.get(parentHash) === null) return inputs.engine({ kind: 'buildFailed', view });
    if (chain.tree.get(executed.hash) === null) chain.tree.add(executed);
    inputs.engine({ kind: 'blockBuilt', view, block: executed.block, blockHash: executed.hash });
  }

  /** A certificate of a quorum for a chunk that this node has not executed is no use to it as a leader. */
  #certified(certificate: EndorsementCertificate | null): CertifiedChunk {
    if (certificate === null) return null;
    const executed = this.#parts.chunks.executed(certificate.chunkHash);
    return executed === null ? null : { executed, certificate };
  }
}
