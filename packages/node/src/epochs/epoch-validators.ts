import { type Producers, producerOf, producersOf, type SignatureScheme } from '@heddle/consensus';
import { type PeerId, peerOf } from '@heddle/network';
import { assert, BoundedCache } from '@heddle/primitives';
import {
  bodyMatchesHeader,
  type Chunk,
  type EvidenceReport,
  type Hash,
  type SigningDomain,
  type ValidatorIndex,
  type ValidatorSet,
} from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { createEpochVerifier, type EpochVerifier } from '../consensus/epoch-verifier.ts';
import { REMEMBERED_VALIDATOR_SETS } from '../limits.ts';
import { type EpochBase, epochBase, epochSeed } from './leaders.ts';

/** The validators of one epoch: what their signatures are checked with, whose turn it is, who they are on the network. */
export class EpochValidators {
  readonly set: ValidatorSet;
  readonly domain: SigningDomain;
  readonly verifier: EpochVerifier;
  /** Who builds the chunks of each shard in turn. */
  readonly producers: Producers;
  readonly #peers: readonly PeerId[];
  readonly #indices: ReadonlyMap<PeerId, ValidatorIndex>;
  readonly #genuine = new WeakSet<Chunk>();

  /** `base`: the block that view 1 builds on. */
  constructor(set: ValidatorSet, domain: SigningDomain, base: EpochBase, shardCount: number, scheme: SignatureScheme) {
    this.set = set;
    this.domain = domain;
    this.producers = producersOf(epochSeed(base), set.validators.length, shardCount);
    this.verifier = createEpochVerifier(scheme, domain, set, base.hash);
    this.#peers = set.validators.map(({ publicKey }) => peerOf(publicKey));
    this.#indices = new Map(this.#peers.map((peer, index) => [peer, index]));
  }

  get epoch(): bigint {
    return this.set.epoch;
  }

  get size(): number {
    return this.#peers.length;
  }

  peerAt(index: ValidatorIndex): PeerId {
    const peer = this.#peers[index];
    assert(peer !== undefined, `there is no validator ${index} in epoch ${this.epoch}`);
    return peer;
  }

  /** Null for who is not in this epoch's set. */
  indexOf(peer: PeerId): ValidatorIndex | null {
    return this.#indices.get(peer) ?? null;
  }

  /**
   * Whether the producer by rule signed the chunk, and its body is the one that the header commits to. `hash`: its
   * header's. Cheap for a chunk that was found genuine before. Says nothing of what execution makes of it.
   */
  isGenuine(chunk: Chunk, hash: Hash): boolean {
    if (this.#genuine.has(chunk)) return true;
    const { header, signature } = chunk;
    const isInTurn = producerOf(this.producers, header.shard, header.height) === header.producer;
    if (!isInTurn || !bodyMatchesHeader(chunk)) return false;
    if (!this.verifier.verifyProducer(header, hash, signature)) return false;
    this.#genuine.add(chunk);
    return true;
  }
}

/** The validatorsByEpoch that a chain names. */
export class ValidatorsByEpoch {
  readonly #chain: Chain;
  readonly #scheme: SignatureScheme;
  readonly #known = new BoundedCache<EpochValidators>(REMEMBERED_VALIDATOR_SETS);
  /** Final blocks that epochs start from, by epoch. */
  readonly #bases = new BoundedCache<EpochBase>(REMEMBERED_VALIDATOR_SETS);

  constructor(chain: Chain, scheme: SignatureScheme) {
    this.#chain = chain;
    this.#scheme = scheme;
  }

  /** The validators that make and certify the children of `block`. */
  ofChildren(block: ExecutedBlock): EpochValidators {
    return this.#of(this.#chain.validatorSets.ofChildren(block), block);
  }

  /** The validators of an epoch that has begun for the final head; null for later ones, and those of a branch that is gone. */
  ofEpoch(epoch: bigint): EpochValidators | null {
    const { tree, epochs, validatorSets } = this.#chain;
    if (epoch > epochs.epochAbove(tree.root.height) || !epochs.has(epoch)) return null;
    return this.#of(validatorSets.ofEpoch(epoch), tree.root);
  }

  /** Whom the evidence proves guilty, by the set of its epoch; null when that set is not known here. */
  judge({ epoch, evidence }: EvidenceReport): readonly ValidatorIndex[] | null {
    return this.ofEpoch(epoch)?.verifier.verifyEvidence(evidence) ?? null;
  }

  #of(set: ValidatorSet, tip: ExecutedBlock): EpochValidators {
    const { genesis, genesisHash } = this.#chain;
    const base = this.#base(set.epoch, tip);
    const key = `${base.hash}:${set.hash}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const domain = { genesisHash, chainId: genesis.chainId, epoch: set.epoch, validatorSetHash: set.hash };
    const validators = new EpochValidators(set, domain, base, genesis.shardCount, this.#scheme);
    this.#known.set(key, validators);
    return validators;
  }

  /** The last block before an epoch, on the chain that ends in `tip`. */
  #base(epoch: bigint, tip: ExecutedBlock): EpochBase {
    const { tree, epochs } = this.#chain;
    const height = epochs.baseOf(epoch);
    if (height <= tree.root.height) {
      const base = this.#bases.get(epoch.toString()) ?? epochBase(this.#chain, epoch);
      this.#bases.set(epoch.toString(), base);
      return base;
    }
    let block: ExecutedBlock | null = tip;
    while (block !== null && block.height > height) block = tree.parent(block);
    assert(block !== null, `block ${height} is an ancestor in the tree`);
    return block;
  }
}
