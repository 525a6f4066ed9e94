import { existsSync, readFileSync } from 'node:fs';
import { systemErrorCode, writeDurably } from '@heddle/files';
import { onlyKey, readKeystore } from '@heddle/keys';
import {
  ContradictorySignerRecordsError,
  devnetSignerPlace,
  exportSigner,
  InvalidInterchangeError,
  importSigner,
  type SignerPlace,
  StorageError,
  UnknownValidatorError,
} from '@heddle/node';
import { loadSettings } from '../config/load-settings.ts';
import { holdDataDirectory } from '../data-dir/open-data-dir.ts';
import { DataDirectoryError, errorMessage, SignerFileError, UsageError } from '../errors.ts';
import type { SignerFlags } from '../flags/commands.ts';
import { readGenesis } from '../genesis/read-genesis.ts';
import { keysError } from '../keys/key-errors.ts';
import { validatorLayout } from '../validator/layout.ts';
import { openValidatorFolder } from '../validator/open-folder.ts';

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
    const who = flags.validator === null ? 'the validator' : `validator ${flags.validator}`;
    surroundings.printError(`heddle: ${who} knows ${records.length} signed messages${silence}\n`);
  });
}

const STDIN = 0;

/** With the data directory held: what runs on it would sign beside what is moved here. */
async function withRecords(flags: SignerFlags, use: (place: SignerPlace) => Promise<void>): Promise<void> {
  const held = holdPlace(flags);
  try {
    await use(held.place());
  } catch (error) {
    throw userError(error, flags.dataDir);
  } finally {
    held.release();
  }
}

interface HeldPlace {
  place(): SignerPlace;
  release(): void;
}

/** A devnet's folder holds several validators, that of a validator one. Throws a `UserError`. */
function holdPlace({ dataDir, validator }: SignerFlags): HeldPlace {
  const { marker, keys } = validatorLayout(dataDir);
  if (existsSync(marker) || existsSync(keys)) {
    if (validator !== null) throw new UsageError('--validator', 'this folder is of one validator: leave it out');
    return holdValidatorPlace(dataDir);
  }
  const { chainDir, genesis, release } = holdDataDirectory(dataDir);
  if (validator === null) {
    release();
    throw new UsageError('--validator', 'this folder is of several validators: give the number of one, from 0');
  }
  return { place: () => devnetSignerPlace(chainDir, genesis, validator), release };
}

/** The key is known by its keystore, which stays closed. */
function holdValidatorPlace(dataDir: string): HeldPlace {
  const { layout, lock } = openValidatorFolder(dataDir);
  return {
    place: () => {
      const world = { environment: process.env, workingDirectory: dataDir };
      const { values } = loadSettings({ place: { dataDir, config: null }, flags: {} }, world);
      const { publicKey } = values.keystore === null ? onlyKey(layout.keys) : readKeystore(values.keystore);
      return { directory: layout.data, genesis: readGenesis(values.genesis ?? layout.genesis), publicKey };
    },
    release: () => lock.release(),
  };
}

/** What the user can do something about, as a user error; anything else as it is. */
function userError(error: unknown, dataDir: string): unknown {
  if (error instanceof StorageError) return new DataDirectoryError(dataDir, errorMessage(error));
  if (error instanceof UnknownValidatorError) return new UsageError('--validator', errorMessage(error));
  const isAboutContents = error instanceof InvalidInterchangeError || error instanceof ContradictorySignerRecordsError;
  const isAboutFile = isAboutContents || /^E[A-Z]+$/.test(systemErrorCode(error) ?? '');
  return isAboutFile ? new SignerFileError(errorMessage(error)) : keysError(error);
}
