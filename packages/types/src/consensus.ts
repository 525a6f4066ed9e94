import type { Block } from './block.ts';
import type { Hash, ValidatorIndex } from './ids.ts';

/** What a view's leader proposes. proposalId = SHA-256 over the fixed-width fields. */
export interface ProposalTuple {
  readonly epoch: bigint;
  /** From 1; view 0 is the epoch's genesis, final by definition. */
  readonly view: bigint;
  readonly parentView: bigint;
  readonly parentHash: Hash;
  readonly blockHash: Hash;
  /** SHA-256 over the hashes of the parent certificate and the skip certificates. */
  readonly justificationRoot: Hash;
}

/** A vote for a tuple: tag 2 notarize, tag 4 finalize. `signature` is 192 bytes. */
export interface TupleVote {
  readonly kind: 'notarize' | 'finalize';
  readonly tuple: ProposalTuple;
  readonly signer: ValidatorIndex;
  readonly signature: Uint8Array;
}

/** A vote to skip a view: tag 3. */
export interface NullifyVote {
  readonly kind: 'nullify';
  readonly epoch: bigint;
  readonly view: bigint;
  readonly signer: ValidatorIndex;
  readonly signature: Uint8Array;
}

export type Vote = TupleVote | NullifyVote;

/** A quorum of equal votes. `bitmap` is exactly ceil(n / 8) bytes without stray bits; `aggregate` is 96 bytes. */
export interface TupleCertificate {
  readonly kind: 'notarize' | 'finalize';
  readonly tuple: ProposalTuple;
  readonly bitmap: Uint8Array;
  readonly aggregate: Uint8Array;
}

export interface NullifyCertificate {
  readonly kind: 'nullify';
  readonly epoch: bigint;
  readonly view: bigint;
  readonly bitmap: Uint8Array;
  readonly aggregate: Uint8Array;
}

export type Certificate = TupleCertificate | NullifyCertificate;

/** A leader's proposal, self-justifying: everything needed to judge it travels with it. */
export interface Proposal {
  readonly tuple: ProposalTuple;
  readonly block: Block;
  /** Notarization or finalization of the parent; null when the parent is the epoch's genesis (view 0). */
  readonly parentCertificate: TupleCertificate | null;
  /** Nullifications of every view in (parentView, view), ascending. */
  readonly skipCertificates: readonly NullifyCertificate[];
  /** Tag 1 over the tuple's id, 192 bytes. */
  readonly leaderSignature: Uint8Array;
  /** The leader's own notarize vote. */
  readonly leaderNotarize: TupleVote;
}

/** What a leader signed to propose (tag 1), apart from its proposal: enough to prove that it proposed twice. */
export interface SignedTuple {
  readonly tuple: ProposalTuple;
  readonly leader: ValidatorIndex;
  /** 192 bytes. */
  readonly signature: Uint8Array;
}

/** Sent on connect and after a restart. */
export interface Status {
  readonly epoch: bigint;
  readonly currentView: bigint;
  readonly bestFinalization: TupleCertificate | null;
}

/** One validator as the others know it. */
export interface Validator {
  /** BLS12-381 G1 public key, 48 bytes compressed. */
  readonly publicKey: Uint8Array;
  /** Proof of possession: signature of the public key under the PoP domain, 96 bytes. */
  readonly proofOfPossession: Uint8Array;
}

/** The fixed set of one epoch. hash = keccak256(rlp(list of public keys)). */
export interface ValidatorSet {
  readonly epoch: bigint;
  readonly validators: readonly Validator[];
  readonly hash: Hash;
}

/** What is the same in every signed message of an epoch. */
export interface SigningDomain {
  readonly genesisHash: Hash;
  readonly chainId: bigint;
  readonly epoch: bigint;
  readonly validatorSetHash: Hash;
}

/** Everything that a validator key may be asked to sign; the tag is fixed by `kind`. */
export type SigningRequest =
  | { readonly kind: 'propose' | 'notarize' | 'finalize'; readonly tuple: ProposalTuple }
  | { readonly kind: 'nullify' | 'randao'; readonly epoch: bigint; readonly view: bigint }
  | {
      readonly kind: 'endorse' | 'produce';
      readonly shard: number;
      readonly parentBlockHash: Hash;
      readonly chunkHash: Hash;
      /** Height of the chunk; not part of the message, it lets the signer keep its watermark. */
      readonly height: bigint;
    };
