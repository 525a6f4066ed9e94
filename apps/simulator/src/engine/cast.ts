import {
  type Hash,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  quorum,
  type SigningRequest,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';
import { type Claim, signProposal } from '../actors/forge.ts';
import { ENGINE_BLOCKS, GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
import type { EngineNode } from './node.ts';
import { type EngineWorld, EPOCH } from './world.ts';

/** The part of the puppets: well-signed messages of theirs, said to one node that is real. */
export class Cast {
  readonly #world: EngineWorld;
  readonly #target: EngineNode;
  readonly #n: number;

  constructor(world: EngineWorld, target: EngineNode) {
    this.#world = world;
    this.#target = target;
    this.#n = target.config.validatorCount;
  }

  leaderOf(view: bigint): ValidatorIndex {
    return Number(view % BigInt(this.#n));
  }

  /** A proposal of `view`'s leader on a certified parent (null = genesis). `salt` makes siblings. */
  proposal(
    view: bigint,
    parent: TupleCertificate | null,
    skips: readonly NullifyCertificate[] = [],
    salt = 0,
  ): Proposal {
    const { blocks } = this.#world;
    const parentHash = parent?.tuple.blockHash ?? GENESIS_HASH;
    const block = makeBlock(view, this.leaderOf(view), parentHash, blocks.heightAbove(parentHash), salt);
    blocks.add(hashBlock(block), block);
    const parentView = parent?.tuple.view ?? 0n;
    return this.sign({
      epoch: EPOCH,
      view,
      parentView,
      parentHash,
      block,
      parentCertificate: parent,
      skipCertificates: skips,
    });
  }

  /** The leader's signatures under any claim. */
  sign(claim: Claim): Proposal {
    const index = this.leaderOf(claim.view);
    const sign = (request: SigningRequest): Uint8Array => this.#world.signatures.sign(index, request);
    return signProposal({ index, sign, blocks: ENGINE_BLOCKS }, claim);
  }

  vote(kind: 'notarize' | 'finalize', tuple: ProposalTuple, signer: ValidatorIndex): Vote {
    return this.#world.signatures.vote(signer, { kind, tuple });
  }

  nullify(view: bigint, signer: ValidatorIndex): Vote {
    return this.#world.signatures.vote(signer, { kind: 'nullify', epoch: EPOCH, view });
  }

  notarization(tuple: ProposalTuple): TupleCertificate {
    return this.#world.signatures.certifyTuple('notarize', tuple, this.#others());
  }

  finalization(tuple: ProposalTuple): TupleCertificate {
    return this.#world.signatures.certifyTuple('finalize', tuple, this.#others());
  }

  nullification(view: bigint): NullifyCertificate {
    return this.#world.signatures.certifySkip(EPOCH, view, this.#others());
  }

  /** The leader proposes. */
  propose(proposal: Proposal, from: ValidatorIndex = proposal.leaderNotarize.signer): void {
    this.#say(from, { kind: 'proposal', proposal });
  }

  castVote(vote: Vote, from: ValidatorIndex = vote.signer): void {
    this.#say(from, { kind: 'vote', vote });
  }

  show(certificate: TupleCertificate | NullifyCertificate): void {
    this.#say(this.#others()[0] ?? 0, { kind: 'certificate', certificate });
  }

  /** Anything else, from anyone. */
  #say(from: ValidatorIndex, message: Parameters<EngineWorld['say']>[2]): void {
    this.#world.say(this.#world.node(from), this.#target.index, message);
  }

  /** A quorum without the target. */
  #others(): readonly ValidatorIndex[] {
    const others = Array.from({ length: this.#n }, (_, index) => index).filter((index) => index !== this.#target.index);
    return others.slice(0, quorum(this.#n));
  }
}

/** Hash of no block that exists. */
export const UNKNOWN_HASH: Hash = `0x${'22'.repeat(32)}`;
