import { epochOfSlot, type Journal, type SignerHistory, type SignerStore, silenceAfterLoss } from '@heddle/consensus';
import { secureRandom } from '@heddle/runtime';
import { directoryMedium } from './directory-medium.ts';
import { EpochJournals } from './epoch-journals.ts';
import { HISTORY_BLOCKS, STATE_CACHE_BYTES } from './limits.ts';
import type { Medium } from './medium.ts';
import { createMemoryMedium } from './memory/medium.ts';
import { openChainStore } from './open-chain-store.ts';
import { openPoolJournal, type PoolJournal, removePoolJournal } from './pool-journal.ts';
import { type RewindTarget, rewindChain } from './rewind/rewind-chain.ts';
import { hasSignerFile, NOTHING_SIGNED, SIGNER_PATH } from './signer-file.ts';
import { openSignerStore } from './signer-store.ts';
import type { ChainStore, GenesisWrite, RewindRecord } from './types.ts';

const POOL_PATH = 'pool/transactions.log';

/** Where one validator keeps everything, and what it starts from. */
export type ValidatorStorageOptions = { readonly genesis: GenesisWrite } & (
  | {
      /** Data directory of this one validator, created if missing; `null` = in memory, gone when closed. */
      readonly directory: string | null;
    }
  | { readonly medium: Medium }
);

/** Everything that one validator keeps. */
export interface ValidatorStorage {
  /** Another one after a rewind. */
  readonly chain: ChainStore;
  readonly signerStore: SignerStore;
  /** Another one after a rewind. */
  readonly pool: PoolJournal;
  /** The journal of an epoch, created if missing; the same one every time. Throws what `openJournal` throws. */
  openJournal(epoch: bigint): Promise<Journal>;
  /** Closes and removes the journals of all epochs before this one. Throws `StorageFailureError`. */
  removeJournalsBelow(epoch: bigint): Promise<void>;
  /** The newest epoch that anything here is of: what the signer has signed, a journal, a finalization, a branch. */
  newestEpoch(): Promise<bigint>;
  /**
   * Takes the chain to `target`, empties the pool's journal, and removes the journals of all epochs before the newest of
   * `record`: what they say is of blocks that are gone. Chain and pool are opened anew, so nobody may use those of before.
   * After a kill it is called again. When it throws nothing is left but to close. Throws as `rewindChain`.
   */
  rewind(target: RewindTarget, record: RewindRecord): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

function mediumOf(options: ValidatorStorageOptions): Medium {
  if ('medium' in options) return options.medium;
  return options.directory === null ? createMemoryMedium(secureRandom) : directoryMedium(options.directory);
}

/**
 * What a signer knows that finds no records: nothing, and it never signed, or it did and they were lost. A chain past
 * its genesis says so, or a journal, for the signer's file is made before any.
 */
async function whenMissing(
  chain: ChainStore,
  journals: EpochJournals,
  ranInEpoch: bigint | null,
): Promise<SignerHistory> {
  const { number } = chain.head().block.header;
  const epochs = await journals.epochs();
  if (number === 0n && epochs.length === 0 && ranInEpoch === null) return NOTHING_SIGNED;
  const known = [chain.bestFinalization()?.tuple.epoch ?? 0n, ranInEpoch ?? 0n, ...epochs];
  const current = known.reduce((latest, epoch) => (epoch > latest ? epoch : latest));
  return { silentBefore: silenceAfterLoss(current), records: [] };
}

/**
 * Opens `chain` (key-value), `signer/records.log`, `pool/transactions.log` and `journal/epoch-<n>.log` of a medium, in this order: the chain's
 * lock keeps a second process from the logs, and a journal without signer records tells that they were lost. Throws
 * what `openChainStore`, `openJournal` and `openSignerStore` throw. Caches of state, the database's own included, take
 * `cacheBytes`. `ranInEpoch`: the newest epoch that anybody here knows of, if this validator has run before: then missing
 * records of its signer have been lost, whatever else is missing; null where only its own chain and journals can tell.
 * `keptBlocks`: the newest blocks whose state is kept; null = of all from here on.
 */
export async function openValidatorStorage(
  options: ValidatorStorageOptions,
  cacheBytes: number = STATE_CACHE_BYTES,
  ranInEpoch: bigint | null = null,
  keptBlocks: number | null = HISTORY_BLOCKS,
): Promise<ValidatorStorage> {
  const medium = mediumOf(options);
  const own = {
    name: medium.name,
    disk: medium.disk,
    randomBytes: (length: number): Uint8Array => medium.randomBytes(length),
  };
  const opened: { close(): Promise<void> }[] = [];
  try {
    const openChain = (): Promise<ChainStore> =>
      openChainStore({ medium, genesis: options.genesis }, cacheBytes, keptBlocks);
    const chain = await openChain();
    opened.push(chain);
    const journals = new EpochJournals(own);
    const isThere = await hasSignerFile(own);
    const fresh = isThere ? NOTHING_SIGNED : await whenMissing(chain, journals, ranInEpoch);
    const signerStore = await openSignerStore(own, SIGNER_PATH, fresh);
    opened.push(signerStore);
    const pool = await openPoolJournal(own, POOL_PATH);
    const place = { medium, own, genesis: options.genesis, openChain };
    const storage = new OpenStorage(place, { chain, signerStore, pool, journals });
    return {
      signerStore,
      get chain() {
        return storage.chain;
      },
      get pool() {
        return storage.pool;
      },
      openJournal: (epoch) => journals.open(epoch),
      removeJournalsBelow: (epoch) => journals.removeBelow(epoch),
      newestEpoch: () => storage.newestEpoch(),
      rewind: (target, record) => storage.rewind(target, record),
      close: () => storage.close(),
    };
  } catch (error) {
    for (const part of opened.toReversed()) await part.close();
    throw error;
  }
}

interface StoragePlace {
  readonly medium: Medium;
  /** The disk of this life of the process. */
  readonly own: Pick<Medium, 'name' | 'disk' | 'randomBytes'>;
  readonly genesis: GenesisWrite;
  readonly openChain: () => Promise<ChainStore>;
}

interface StorageParts {
  readonly chain: ChainStore;
  readonly signerStore: SignerStore;
  readonly pool: PoolJournal;
  readonly journals: EpochJournals;
}

/** What is open, of which a rewind opens a part anew. */
class OpenStorage {
  readonly #signerStore: SignerStore;
  readonly #place: StoragePlace;
  readonly #journals: EpochJournals;
  #chain: ChainStore;
  #pool: PoolJournal;
  /** Open parts in the order in which they were opened. */
  #open: { close(): Promise<void> }[];

  constructor(place: StoragePlace, { chain, signerStore, pool, journals }: StorageParts) {
    this.#place = place;
    this.#chain = chain;
    this.#signerStore = signerStore;
    this.#pool = pool;
    this.#journals = journals;
    this.#open = [chain, signerStore, pool, journals];
  }

  get chain(): ChainStore {
    return this.#chain;
  }

  get pool(): PoolJournal {
    return this.#pool;
  }

  async newestEpoch(): Promise<bigint> {
    const signed = this.#signerStore.load().map(({ slot }) => epochOfSlot(slot));
    const branches = this.#chain.rewindRecord().branches.map(({ epoch }) => epoch);
    const final = this.#chain.bestFinalization()?.tuple.epoch ?? 0n;
    const all = [...signed, ...(await this.#journals.epochs()), ...branches, final];
    return all.reduce((newest, epoch) => (epoch > newest ? epoch : newest), 0n);
  }

  async rewind(target: RewindTarget, record: RewindRecord): Promise<void> {
    const { medium, own, genesis, openChain } = this.#place;
    await this.#chain.close();
    await this.#pool.close();
    this.#open = [this.#signerStore, this.#journals];
    await rewindChain({ medium, genesis }, target, record);
    await this.#journals.removeBelow(record.branches.at(-1)?.epoch ?? 0n);
    await removePoolJournal(own, POOL_PATH);
    this.#chain = await openChain();
    this.#open = [this.#chain, this.#signerStore, this.#journals];
    this.#pool = await openPoolJournal(own, POOL_PATH);
    this.#open = [this.#chain, this.#signerStore, this.#pool, this.#journals];
  }

  async close(): Promise<void> {
    for (const part of this.#open.splice(0).toReversed()) await part.close();
  }
}
