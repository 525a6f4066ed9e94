import { readFileSync } from 'node:fs';
import { systemErrorCode, writeDurably } from '@heddle/files';
import {
  ContradictorySignerRecordsError,
  exportSigner,
  InvalidInterchangeError,
  importSigner,
  type SignerPlace,
  StorageError,
  UnknownValidatorError,
} from '@heddle/node';
import { holdDataDirectory } from '../data-dir/open-data-dir.ts';
import { DataDirectoryError, errorMessage, SignerFileError, UsageError } from '../errors.ts';
import type { SignerFlags } from '../flags/commands.ts';

/** The world around the command. */
export interface SignerSurroundings {
  /** Writes to stdout. */
  readonly print: (text: string) => void;
  /** Writes to stderr. */
  readonly printError: (text: string) => void;
}

/** Writes the records to the file, or to stdout. Rejects with a `UserError`. */
export function exportRecords(flags: SignerFlags, surroundings: SignerSurroundings): Promise<void> {
  return withRecords(flags, async (place) => {
    const text = await exportSigner(place);
    if (flags.file === null) surroundings.print(text);
    else writeDurably(flags.file, text);
  });
}

/** Takes in the records of the file, or of stdin. Rejects with a `UserError`; then nothing has been changed. */
export function importRecords(flags: SignerFlags, surroundings: SignerSurroundings): Promise<void> {
  return withRecords(flags, async (place) => {
    const { records, silentBefore } = await importSigner(place, readFileSync(flags.file ?? STDIN, 'utf8'));
    const silence = silentBefore > 0n ? `, and stays silent before epoch ${silentBefore}` : '';
    surroundings.printError(`heddle: validator ${flags.validator} knows ${records.length} signed messages${silence}\n`);
  });
}

const STDIN = 0;

/** With the data directory held: a network that runs on it would sign beside what is moved here. */
async function withRecords(
  { dataDir, validator }: SignerFlags,
  use: (place: SignerPlace) => Promise<void>,
): Promise<void> {
  const held = holdDataDirectory(dataDir);
  try {
    await use({ dataDir: held.chainDir, genesis: held.genesis, validator });
  } catch (error) {
    throw userError(error, dataDir);
  } finally {
    held.release();
  }
}

/** What the user can do something about, as a user error; anything else as it is. */
function userError(error: unknown, dataDir: string): unknown {
  if (error instanceof StorageError) return new DataDirectoryError(dataDir, errorMessage(error));
  if (error instanceof UnknownValidatorError) return new UsageError('--validator', errorMessage(error));
  const isAboutContents = error instanceof InvalidInterchangeError || error instanceof ContradictorySignerRecordsError;
  const isAboutFile = isAboutContents || /^E[A-Z]+$/.test(systemErrorCode(error) ?? '');
  return isAboutFile ? new SignerFileError(errorMessage(error)) : error;
}
