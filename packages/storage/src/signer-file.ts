import type { SignerHistory } from '@heddle/consensus';
import { SignerMissingError, StorageFailureError } from './errors.ts';
import type { Medium } from './medium.ts';
import { openSignerStore, replaceSignerHistory } from './signer-store.ts';

/** Where a validator's medium has its signer's records. */
export const SIGNER_PATH = 'signer/records.log';

export const NOTHING_SIGNED: SignerHistory = { silentBefore: 0n, records: [] };

export async function hasSignerFile({ disk }: Pick<Medium, 'disk'>): Promise<boolean> {
  try {
    return (await disk.read(SIGNER_PATH)) !== null;
  } catch (cause) {
    throw new StorageFailureError(`read ${SIGNER_PATH}`, { cause });
  }
}

/**
 * What the signer's database of a stopped validator says. Throws `SignerMissingError`, `JournalCorruptError`,
 * `CorruptRecordError`, `StorageFailureError`.
 */
export async function readSignerHistory(medium: Medium): Promise<SignerHistory> {
  if (!(await hasSignerFile(medium))) throw new SignerMissingError(medium.name);
  const store = await openSignerStore(medium, SIGNER_PATH, NOTHING_SIGNED);
  try {
    return { silentBefore: store.silentBefore(), records: store.load() };
  } finally {
    await store.close();
  }
}

/** Makes `history` all that the signer's database of a stopped validator says. Throws `StorageFailureError`. */
export function writeSignerHistory(medium: Medium, history: SignerHistory): Promise<void> {
  return replaceSignerHistory(medium, SIGNER_PATH, history);
}
