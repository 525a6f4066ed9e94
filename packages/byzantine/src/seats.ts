import { type PeerId, peerOf } from '@heddle/network';
import type { Chain, ExecutedBlock } from '@heddle/node';
import type { ValidatorIndex, ValidatorSet } from '@heddle/types';

/** Who sits where in a set: what validators say names indices of it, and machines have numbers of their own. */
interface Seating {
  readonly set: ValidatorSet;
  readonly peers: readonly PeerId[];
  readonly indices: ReadonlyMap<PeerId, ValidatorIndex>;
}

/** The validator set of the epoch that a node is in, by identities on the network. */
export class Seats {
  readonly #chain: Chain;
  #head: ExecutedBlock | null = null;
  #seating: Seating;

  constructor(chain: Chain) {
    this.#chain = chain;
    this.#seating = seatingOf(setAbove(chain));
  }

  get set(): ValidatorSet {
    return this.#now().set;
  }

  /** Null for who is not in the set. */
  indexOf(peer: PeerId): ValidatorIndex | null {
    return this.#now().indices.get(peer) ?? null;
  }

  /** Null above the set. */
  peerAt(index: ValidatorIndex): PeerId | null {
    return this.#now().peers[index] ?? null;
  }

  #now(): Seating {
    const head = this.#chain.tree.root;
    if (head === this.#head) return this.#seating;
    this.#head = head;
    const set = setAbove(this.#chain);
    if (set !== this.#seating.set) this.#seating = seatingOf(set);
    return this.#seating;
  }
}

function setAbove({ validatorSets, tree }: Chain): ValidatorSet {
  return validatorSets.ofChildren(tree.root);
}

function seatingOf(set: ValidatorSet): Seating {
  const peers = set.validators.map(({ publicKey }) => peerOf(publicKey));
  return { set, peers, indices: new Map(peers.map((peer, index) => [peer, index])) };
}
