import {
  type Claim,
  EPOCH,
  GENESIS_HASH,
  hashBlock,
  makeBlock,
  Others,
  unsignedProposal,
} from '@heddle/consensus/testing';
import {
  type Hash,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  quorum,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';
import type { EngineNode } from './node.ts';
import type { EngineWorld } from './world.ts';

/** The part of the puppets: well-signed messages of theirs, said to one node that is real. */
export class Cast {
  readonly #world: EngineWorld;
  readonly #target: EngineNode;
  readonly #others: Others;
  /** A quorum without the target. */
  readonly #signers: readonly ValidatorIndex[];

  constructor(world: EngineWorld, target: EngineNode) {
    const { validatorCount: n } = target.config;
    const all = Array.from({ length: n }, (_, index) => index);
    this.#world = world;
    this.#target = target;
    this.#signers = all.filter((index) => index !== target.index).slice(0, quorum(n));
    this.#others = new Others(n, this.#signers, world.signatures);
  }

  leaderOf(view: bigint): ValidatorIndex {
    return this.#others.leaderOf(view);
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
    return this.#others.sign(unsignedProposal(claim, hashBlock));
  }

  vote(kind: 'notarize' | 'finalize', tuple: ProposalTuple, signer: ValidatorIndex): Vote {
    return this.#others.tupleVote(kind, tuple, signer);
  }

  nullify(view: bigint, signer: ValidatorIndex): Vote {
    return this.#others.nullify(view, signer);
  }

  notarization(tuple: ProposalTuple): TupleCertificate {
    return this.#others.notarization(tuple);
  }

  finalization(tuple: ProposalTuple): TupleCertificate {
    return this.#others.finalization(tuple);
  }

  nullification(view: bigint): NullifyCertificate {
    return this.#others.skip(view);
  }

  /** The leader proposes. */
  propose(proposal: Proposal, from: ValidatorIndex = proposal.leaderNotarize.signer): void {
    this.#say(from, { kind: 'proposal', proposal });
  }

  castVote(vote: Vote, from: ValidatorIndex = vote.signer): void {
    this.#say(from, { kind: 'vote', vote });
  }

  show(certificate: TupleCertificate | NullifyCertificate): void {
    this.#say(this.#signers[0] ?? 0, { kind: 'certificate', certificate });
  }

  /** Anything else, from anyone. */
  #say(from: ValidatorIndex, message: Parameters<EngineWorld['say']>[2]): void {
    this.#world.say(this.#world.node(from), this.#target.index, message);
  }
}

/** Hash of no block that exists. */
export const UNKNOWN_HASH: Hash = `0x${'22'.repeat(32)}`;
