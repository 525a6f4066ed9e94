import { join } from 'node:path';
import type { Journal, SignerStore } from '@heddle/consensus';
import { createJournals, type Journals } from './journals.ts';
import { openChainStore } from './open-chain-store.ts';
import { createMemorySignerStore, openSignerStore } from './signer-store.ts';
import type { ChainStore, GenesisWrite } from './types.ts';

export interface ValidatorStorageOptions {
  /** Data directory of this one validator, created if missing; `null` = in memory. */
  readonly directory: string | null;
  readonly genesis: GenesisWrite;
}

/** Everything that one validator keeps. */
export interface ValidatorStorage {
  readonly chain: ChainStore;
  /** The journal of an epoch, `journal/epoch-<n>.log`; the open one if it is open. Throws what `openJournal` throws. */
  openJournal(epoch: bigint): Promise<Journal>;
  /** Closes and removes the journals of epochs below. */
  removeJournalsBelow(epoch: bigint): Promise<void>;
  readonly signerStore: SignerStore;
  /** Waits for what is being written. In memory: everything is gone. */
  close(): Promise<void>;
}

/**
 * Opens `chain/` (level), `journal/epoch-<n>.log` and `signer/records.log` of a data directory. The chain comes first:
 * its lock keeps a second process from the logs. Throws what `openChainStore`, `openJournal` and `openSignerStore`
 * throw.
 */
export async function openValidatorStorage(options: ValidatorStorageOptions): Promise<ValidatorStorage> {
  const { directory, genesis } = options;
  if (directory === null) {
    const chain = await openChainStore({ location: null, genesis });
    return validatorStorage(chain, createJournals(null), createMemorySignerStore(), () => chain.close());
  }
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const chain = await openChainStore({ location: join(directory, 'chain'), genesis });
    opened.push(chain);
    const journals = createJournals(join(directory, 'journal'));
    opened.push(journals);
    const signerStore = await openSignerStore(join(directory, 'signer', 'records.log'));
    opened.push(signerStore);
    return validatorStorage(chain, journals, signerStore, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function validatorStorage(
  chain: ChainStore,
  journals: Journals,
  signerStore: SignerStore,
  close: () => Promise<void>,
): ValidatorStorage {
  return {
    chain,
    signerStore,
    openJournal: (epoch) => journals.open(epoch),
    removeJournalsBelow: (epoch) => journals.removeBelow(epoch),
    close,
  };
}
