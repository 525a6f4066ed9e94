import { assert, BoundedCache, blsVerifyPossession, bytesToHex } from '@heddle/primitives';
import { openHistoricState, type StateReader } from '@heddle/state';
import type { ChainStore } from '@heddle/storage';
import { type Hash, hashValidators, stateRootsOf, type Validator, type ValidatorSet } from '@heddle/types';
import type { BlockTree } from '../chain/block-tree.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { REMEMBERED_VALIDATOR_SETS } from '../limits.ts';
import { readRegistry } from './registry-storage.ts';
import type { EpochSchedule } from './schedule.ts';

/** State of shard 0 after some block, with its root. */
interface NamingState {
  readonly root: Hash;
  readonly isFinal: boolean;
  open(): StateReader;
}

/**
 * The validator sets as the chain itself names them (protocol.md, Epochs): that of epoch e + 1 is what the registry on
 * shard 0 holds half an epoch before the boundary. A function of the block's own ancestors, so everyone who has executed
 * them knows it and nobody has to be believed.
 */
export class ValidatorSets {
  readonly #genesis: ValidatorSet;
  readonly #schedule: EpochSchedule;
  readonly #store: ChainStore;
  readonly #tree: BlockTree;
  /** Sets named by final state, by epoch. */
  readonly #final = new BoundedCache<ValidatorSet>(REMEMBERED_VALIDATOR_SETS);
  /** Validators that a state of shard 0 names, by its root. */
  readonly #named = new BoundedCache<readonly Validator[]>(REMEMBERED_VALIDATOR_SETS);

  constructor(genesis: ValidatorSet, schedule: EpochSchedule, store: ChainStore, tree: BlockTree) {
    this.#genesis = genesis;
    this.#schedule = schedule;
    this.#store = store;
    this.#tree = tree;
  }

  /** The set that makes and certifies the children of `block`. */
  ofChildren(block: ExecutedBlock): ValidatorSet {
    return this.#of(this.#schedule.epochAbove(block.height), block);
  }

  /** The set that will certify the grandchildren of `block`: what its children name in their header. */
  ofGrandchildren(block: ExecutedBlock): ValidatorSet {
    return this.#of(this.#schedule.epochAbove(block.height + 1n), block);
  }

  /** The set of an epoch that has begun for the final head. */
  ofEpoch(epoch: bigint): ValidatorSet {
    return this.#of(epoch, this.#tree.root);
  }

  /** The set of `epoch` on the chain that ends in `tip`, which is not below the block that names it. */
  #of(epoch: bigint, tip: ExecutedBlock): ValidatorSet {
    if (epoch === 0n) return this.#genesis;
    const known = this.#final.get(epoch.toString());
    if (known !== undefined) return known;
    const state = this.#namingState(epoch, tip);
    const validators = this.#validatorsOf(state) ?? this.#inherited(epoch, tip);
    const set = { epoch, validators, hash: hashValidators(validators) };
    if (state.isFinal) this.#final.set(epoch.toString(), set);
    return set;
  }

  /** Where a registry has no good entry the set before stays. Not recursive: there may be any number of such epochs. */
  #inherited(epoch: bigint, tip: ExecutedBlock): readonly Validator[] {
    for (let before = epoch - 1n; before > 0n; before--) {
      const known = this.#final.get(before.toString());
      if (known !== undefined) return known.validators;
      const validators = this.#validatorsOf(this.#namingState(before, tip));
      if (validators !== null) return validators;
    }
    return this.#genesis.validators;
  }

  /** Null if there is no good entry. */
  #validatorsOf(state: NamingState): readonly Validator[] | null {
    const validators = this.#named.get(state.root) ?? this.#goodEntries(state.open());
    this.#named.set(state.root, validators);
    return validators.length === 0 ? null : validators;
  }

  /** In the registry's order, without bad proofs and without keys that stand there already. */
  #goodEntries(state: StateReader): readonly Validator[] {
    const seen = new Set<string>();
    return readRegistry(state).filter((validator) => {
      const key = bytesToHex(validator.publicKey);
      if (seen.has(key) || !blsVerifyPossession(validator.publicKey, validator.proofOfPossession)) return false;
      seen.add(key);
      return true;
    });
  }

  /** Shard 0 as the block at the naming height left it: a section can move it without a chunk. */
  #namingState(epoch: bigint, tip: ExecutedBlock): NamingState {
    const height = this.#schedule.namingHeight(epoch);
    assert(height <= tip.height, `the set of epoch ${epoch} is named by block ${height}, above ${tip.height}`);
    if (height <= this.#tree.root.height) {
      const block = this.#store.blockByNumber(height);
      const root = block === null ? undefined : stateRootsOf(block)[0];
      assert(root !== undefined, `final block ${height} is in the store`);
      return { root, isFinal: true, open: () => openHistoricState(this.#store.state(0), root) };
    }
    let block: ExecutedBlock | null = tip;
    while (block !== null && block.height > height) block = this.#tree.parent(block);
    const state = block?.shards[0]?.state;
    assert(state !== undefined, `block ${height} is an ancestor in the tree`);
    return { root: state.root, isFinal: false, open: () => state };
  }
}
