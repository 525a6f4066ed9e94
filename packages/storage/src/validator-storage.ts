import { type Journal, type SignerHistory, type SignerStore, silenceAfterLoss } from '@heddle/consensus';
import { secureRandom } from '@heddle/runtime';
import { directoryMedium } from './directory-medium.ts';
import { EpochJournals } from './epoch-journals.ts';
import { HISTORY_BLOCKS, STATE_CACHE_BYTES } from './limits.ts';
import type { Medium } from './medium.ts';
import { createMemoryMedium } from './memory/medium.ts';
import { openChainStore } from './open-chain-store.ts';
import { openPoolJournal, type PoolJournal } from './pool-journal.ts';
import { hasSignerFile, NOTHING_SIGNED, SIGNER_PATH } from './signer-file.ts';
import { openSignerStore } from './signer-store.ts';
import type { ChainStore, GenesisWrite } from './types.ts';

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
  readonly chain: ChainStore;
  readonly signerStore: SignerStore;
  readonly pool: PoolJournal;
  /** The journal of an epoch, created if missing; the same one every time. Throws what `openJournal` throws. */
  openJournal(epoch: bigint): Promise<Journal>;
  /** Closes and removes the journals of all epochs before this one. Throws `StorageFailureError`. */
  removeJournalsBelow(epoch: bigint): Promise<void>;
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
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part.close();
  };
  try {
    const chain = await openChainStore({ medium, genesis: options.genesis }, cacheBytes, keptBlocks);
    opened.push(chain);
    const journals = new EpochJournals(own);
    const isThere = await hasSignerFile(own);
    const fresh = isThere ? NOTHING_SIGNED : await whenMissing(chain, journals, ranInEpoch);
    const signerStore = await openSignerStore(own, SIGNER_PATH, fresh);
    opened.push(signerStore);
    const pool = await openPoolJournal(own, POOL_PATH);
    opened.push(pool);
    opened.push(journals);
    return {
      chain,
      signerStore,
      pool,
      openJournal: (epoch) => journals.open(epoch),
      removeJournalsBelow: (epoch) => journals.removeBelow(epoch),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
