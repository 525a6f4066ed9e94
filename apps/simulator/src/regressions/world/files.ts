/** Where a validator keeps its records on its medium (README of `@heddle/storage`). */
export const SIGNER_FILE = 'signer/records.log';

export function journalFile(epoch: bigint): string {
  return `journal/epoch-${epoch}.log`;
}
