/** Where a validator keeps its records on its medium (README of `@heddle/storage`). */
export const JOURNAL_FILE = 'journal/epoch-0.log';
export const SIGNER_FILE = 'signer/records.log';
