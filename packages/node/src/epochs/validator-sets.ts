import { assert, BoundedCache, blsVerifyPossession, bytesToHex } from '@heddle/primitives';
import type { ChainStore, NamedValidators } from '@heddle/storage';
import { hashValidators, type Validator, type ValidatorSet } from '@heddle/types';
import type { BlockTree } from '../chain/block-tree.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { REMEMBERED_VALIDATOR_SETS } from '../limits.ts';
import { readRegistry } from './registry-storage.ts';
import type { EpochSchedule } from './schedule.ts';

/** What the block at a period's naming height names. */
interface Naming {
  /** Equal for equal entries. */
  readonly key: string;
  readonly isFinal: boolean;
  /** All of the registry's entries. */
  entries(): readonly Validator[];
}

/**
 * The validator sets as the chain itself names them (protocol.md, Epochs): that of period p + 1 is what the registry on
 * shard 0 holds half a period before it begins. A function of the block's own ancestors, so everyone who has executed
 * them knows it and nobody has to be believed.
 */
export class ValidatorSets {
  readonly #genesis: ValidatorSet;
  readonly #schedule: EpochSchedule;
  readonly #store: ChainStore;
  readonly #tree: BlockTree;
  /** Sets named by final state, by period. */
  readonly #final = new BoundedCache<ValidatorSet>(REMEMBERED_VALIDATOR_SETS);
  /** Good entries by what names them. */
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

  /** The set that the block at `height` names in its header, when no block that names a set lies between it and `tip`. */
  namedIn(height: bigint, tip: ExecutedBlock): ValidatorSet {
    return this.#of(this.#schedule.epochAbove(height), tip);
  }

  /** The set of an epoch that has begun for the final head. */
  ofEpoch(epoch: bigint): ValidatorSet {
    return this.#of(epoch, this.#tree.root);
  }

  /** To be stored with `block` when it is final: its state is not kept for as long as this is asked for. */
  namedBy({ height, shards }: ExecutedBlock): NamedValidators | null {
    const period = this.#schedule.namedAt(height);
    if (period === null) return null;
    const state = shards[0]?.state;
    assert(state !== undefined, 'an executed block has the state of every shard');
    return { period, validators: readRegistry(state) };
  }

  /** The set of `epoch` on the chain that ends in `tip`, which is not below the block that names it. */
  #of(epoch: bigint, tip: ExecutedBlock): ValidatorSet {
    const period = this.#schedule.periodOf(epoch);
    if (period === 0n) return { ...this.#genesis, epoch };
    const known = this.#final.get(period.toString());
    if (known !== undefined) return { ...known, epoch };
    const naming = this.#naming(period, tip);
    const validators = this.#validatorsOf(naming) ?? this.#inherited(period, tip);
    const set = { epoch, validators, hash: hashValidators(validators) };
    if (naming.isFinal) this.#final.set(period.toString(), set);
    return set;
  }

  /** Where a registry has no good entry the set before stays. Not recursive: there may be any number of such periods. */
  #inherited(period: bigint, tip: ExecutedBlock): readonly Validator[] {
    for (let before = period - 1n; before > 0n; before--) {
      const known = this.#final.get(before.toString());
      if (known !== undefined) return known.validators;
      const validators = this.#validatorsOf(this.#naming(before, tip));
      if (validators !== null) return validators;
    }
    return this.#genesis.validators;
  }

  /** Null if there is no good entry. */
  #validatorsOf(naming: Naming): readonly Validator[] | null {
    const validators = this.#named.get(naming.key) ?? this.#goodEntries(naming.entries());
    this.#named.set(naming.key, validators);
    return validators.length === 0 ? null : validators;
  }

  /** In the registry's order, without bad proofs and without keys that stand there already. */
  #goodEntries(entries: readonly Validator[]): readonly Validator[] {
    const seen = new Set<string>();
    return entries.filter((validator) => {
      const key = bytesToHex(validator.publicKey);
      if (seen.has(key) || !blsVerifyPossession(validator.publicKey, validator.proofOfPossession)) return false;
      seen.add(key);
      return true;
    });
  }

  /** Of a final block what was stored with it; else shard 0 as that block left it: a section can move it without a chunk. */
  #naming(period: bigint, tip: ExecutedBlock): Naming {
    const height = this.#schedule.namingHeight(period);
    assert(height <= tip.height, `the set of period ${period} is named by block ${height}, above ${tip.height}`);
    if (height <= this.#tree.root.height) {
      const validators = this.#store.namedValidators(period);
      assert(validators !== null, `final block ${height} has named the validators of period ${period}`);
      return { key: `period ${period}`, isFinal: true, entries: () => validators };
    }
    let block: ExecutedBlock | null = tip;
    while (block !== null && block.height > height) block = this.#tree.parent(block);
    const state = block?.shards[0]?.state;
    assert(state !== undefined, `block ${height} is an ancestor in the tree`);
    return { key: state.root, isFinal: false, entries: () => readRegistry(state) };
  }
}
