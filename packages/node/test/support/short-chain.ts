import { BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import { openValidatorStorage, type ValidatorStorage } from '@heddle/storage';
import type { Address, Genesis, TupleCertificate, ValidatorSet } from '@heddle/types';
import { ZERO_HASH } from '@heddle/types';
import { assembleBlock } from '../../src/chain/block-execution.ts';
import { Chain } from '../../src/chain/chain.ts';
import type { ExecutedBlock } from '../../src/chain/executed-block.ts';
import { Finalizer } from '../../src/chain/finalizer.ts';
import { createDevnetGenesis } from '../../src/genesis/devnet-genesis.ts';
import { buildGenesis } from '../../src/genesis/genesis-block.ts';

/** A devnet's genesis with one shard and epochs of `epochLength` blocks; `funded` have an ether each. */
export function shortEpochs(epochLength: bigint, validatorCount = 4, funded: readonly Address[] = []): Genesis {
  const { genesis } = createDevnetGenesis({
    chainId: 31_337n,
    shardCount: 1,
    validatorCount,
    accounts: funded,
    balanceWei: 10n ** 18n,
    blockTimeMs: 0,
    timestamp: 0n,
  });
  return { ...genesis, epochLength };
}

/** A chain of empty blocks, made without any validator. */
export class ShortChain {
  readonly chain: Chain;
  readonly genesisSet: ValidatorSet;
  readonly #storage: ValidatorStorage;
  readonly #finalizer: Finalizer;

  private constructor(storage: ValidatorStorage, chain: Chain, genesisSet: ValidatorSet) {
    this.#storage = storage;
    this.chain = chain;
    this.genesisSet = genesisSet;
    this.#finalizer = new Finalizer({ chain, events: { blockFinal: () => {} } });
  }

  static async open(genesis: Genesis): Promise<ShortChain> {
    const built = buildGenesis(genesis);
    const storage = await openValidatorStorage({ directory: null, genesis: built.write });
    return new ShortChain(storage, new Chain(built, storage.chain, () => null), built.validatorSet);
  }

  /** An empty block on `parent`, in the tree. */
  add(parent: ExecutedBlock, view: bigint = parent.height + 1n): ExecutedBlock {
    const terms = { view, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES).fill(Number(view)) };
    const block = assembleBlock(this.chain, parent, terms, [null], null);
    this.chain.tree.add(block);
    return block;
  }

  /** Empty blocks up to `height`, not final. */
  grow(height: bigint): ExecutedBlock {
    let tip = this.chain.tree.root;
    while (tip.height < height) tip = this.add(tip);
    return tip;
  }

  /** Makes the block and its ancestors final. */
  async finalize(block: ExecutedBlock): Promise<TupleCertificate> {
    const certificate = finalizationOf(block, this.chain.epochs.epochOf(block.height));
    await this.#finalizer.finalize(certificate);
    return certificate;
  }

  close(): Promise<void> {
    return this.#storage.close();
  }
}

/** A finalization that nobody signed. */
export function finalizationOf({ hash, block }: ExecutedBlock, epoch: bigint): TupleCertificate {
  const { view, header } = block;
  const tuple = { epoch, view, parentView: 0n, parentHash: header.parentHash, blockHash: hash };
  return {
    kind: 'finalize',
    tuple: { ...tuple, justificationRoot: ZERO_HASH },
    bitmap: Uint8Array.of(0b1111),
    aggregate: new Uint8Array(96),
  };
}
