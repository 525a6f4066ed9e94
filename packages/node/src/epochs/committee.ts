import type { SignatureScheme } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { assert, BoundedCache } from '@heddle/primitives';
import type { Hash, SigningDomain, ValidatorIndex, ValidatorSet } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { type CommitteeVerifier, createCommitteeVerifier } from '../consensus/committee-verifier.ts';
import { REMEMBERED_VALIDATOR_SETS } from '../limits.ts';
import { peerOf } from '../peers/peer-names.ts';

/** The validators of one epoch: what their signatures are checked with, and who they are on the network. */
export class Committee {
  readonly set: ValidatorSet;
  readonly domain: SigningDomain;
  readonly verifier: CommitteeVerifier;
  readonly #peers: readonly PeerId[];
  readonly #indices: ReadonlyMap<PeerId, ValidatorIndex>;

  /** `startHash`: the block that view 1 builds on. */
  constructor(set: ValidatorSet, domain: SigningDomain, startHash: Hash, scheme: SignatureScheme) {
    this.set = set;
    this.domain = domain;
    this.verifier = createCommitteeVerifier(scheme, domain, set, startHash);
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
}

/** The committees that a chain names. */
export class Committees {
  readonly #chain: Chain;
  readonly #scheme: SignatureScheme;
  readonly #known = new BoundedCache<Committee>(REMEMBERED_VALIDATOR_SETS);
  /** Final blocks that epochs start from, by epoch. */
  readonly #starts = new BoundedCache<Hash>(REMEMBERED_VALIDATOR_SETS);

  constructor(chain: Chain, scheme: SignatureScheme) {
    this.#chain = chain;
    this.#scheme = scheme;
  }

  /** The committee that makes and certifies the children of `block`. */
  ofChildren(block: ExecutedBlock): Committee {
    return this.#of(this.#chain.validatorSets.ofChildren(block), block);
  }

  /** The committee of an epoch that has begun for the final head; null for later ones. */
  ofEpoch(epoch: bigint): Committee | null {
    const { tree, epochs, validatorSets } = this.#chain;
    if (epoch > epochs.epochAbove(tree.root.height)) return null;
    return this.#of(validatorSets.ofEpoch(epoch), tree.root);
  }

  #of(set: ValidatorSet, tip: ExecutedBlock): Committee {
    const { genesis, genesisHash } = this.#chain;
    const startHash = this.#startHash(set.epoch, tip);
    const key = `${startHash}:${set.hash}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const domain = { genesisHash, chainId: genesis.chainId, epoch: set.epoch, validatorSetHash: set.hash };
    const committee = new Committee(set, domain, startHash, this.#scheme);
    this.#known.set(key, committee);
    return committee;
  }

  /** Hash of the last block before an epoch, on the chain that ends in `tip`. */
  #startHash(epoch: bigint, tip: ExecutedBlock): Hash {
    const { tree, store, epochs } = this.#chain;
    const height = epoch * epochs.length;
    if (height <= tree.root.height) {
      const hash = this.#starts.get(epoch.toString()) ?? store.blockHashByNumber(height);
      assert(hash !== null, `final block ${height} is in the store`);
      this.#starts.set(epoch.toString(), hash);
      return hash;
    }
    let block: ExecutedBlock | null = tip;
    while (block !== null && block.height > height) block = tree.parent(block);
    assert(block !== null, `block ${height} is an ancestor in the tree`);
    return block.hash;
  }
}
