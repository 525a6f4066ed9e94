import { join } from 'node:path';
import type { Journal, SignerStore } from '@heddle/consensus';
import { createMemoryJournal, openJournal } from './journal.ts';
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
  readonly journal: Journal;
  readonly signerStore: SignerStore;
  /** Waits for what is being written. In memory: everything is gone. */
  close(): Promise<void>;
}

/**
 * Opens `chain/` (level), `journal/epoch-0.log` and `signer/records.log` of a data directory. The chain comes first:
 * its lock keeps a second process from the logs. Throws what `openChainStore`, `openJournal` and `openSignerStore`
 * throw.
 */
export async function openValidatorStorage(options: ValidatorStorageOptions): Promise<ValidatorStorage> {
  const { directory, genesis } = options;
  if (directory === null) {
    const chain = await openChainStore({ location: null, genesis });
    const logs = { journal: createMemoryJournal(), signerStore: createMemorySignerStore() };
    return { chain, ...logs, close: () => chain.close() };
  }
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const chain = await openChainStore({ location: join(directory, 'chain'), genesis });
    opened.push(chain);
    const journal = await openJournal(join(directory, 'journal', 'epoch-0.log'));
    opened.push(journal);
    const signerStore = await openSignerStore(join(directory, 'signer', 'records.log'));
    opened.push(signerStore);
    return { chain, journal, signerStore, close };
  } catch (error) {
    await close();
    throw error;
  }
}
