import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FileLock, makeFolder } from '@heddle/files';
import type { Genesis } from '@heddle/types';
import { lockDirectory } from '../data-dir/lock-directory.ts';
import { DataDirectoryError, GenesisError } from '../errors.ts';
import { type ValidatorLayout, validatorLayout } from './layout.ts';
import { machineOf } from './machine.ts';
import { digestOf, readValidatorMarker, type ValidatorMarker, writeValidatorMarker } from './marker.ts';

/** The folder of a validator, which this process holds. */
export interface ValidatorFolder {
  readonly layout: ValidatorLayout;
  /** The key was last used here, on this machine. */
  readonly isAtHome: boolean;
  /** To be called when the key is used from now on. */
  readonly markHome: () => void;
  /** To be called when the databases are there: from then on nothing that is missing is taken for new. */
  readonly markRun: () => void;
  /** What has vanished from the folder although this process uses it: a path; null while all is there. */
  readonly missing: () => string | null;
  readonly release: () => void;
}

/** What may lie in the folder of a validator that has not run yet. */
const OWN_NAMES = /^(?:genesis\.json|config\.toml|keys|LOCK|lost\+found|heddle-validator\.json\.new)/;

/** Takes the folder of a validator for this process. Throws `DataDirectoryError` and has changed nothing but the lock then. */
export function openValidatorFolder(directory: string): { readonly layout: ValidatorLayout; readonly lock: FileLock } {
  const layout = validatorLayout(directory);
  requireOurs(layout);
  makeFolder(directory);
  return { layout, lock: lockDirectory(layout) };
}

/**
 * Compares a folder with the genesis that its validator is to run on, and marks it. Throws `GenesisError` for another genesis
 * than its chain began with, `DataDirectoryError` where what the key has signed was lost.
 */
export function settleFolder(
  { layout, lock }: ReturnType<typeof openValidatorFolder>,
  genesis: Genesis,
  genesisPath: string,
): ValidatorFolder {
  const marker = readValidatorMarker(layout);
  refuseOtherGenesis(layout, marker, genesis, genesisPath);
  refuseLoss(layout, marker);
  const machine = machineOf(layout.directory);
  let current: ValidatorMarker = marker ?? { genesisDigest: digestOf(genesis), machine: null, hasRun: false };
  const mark = (change: Partial<ValidatorMarker>): void => {
    current = { ...current, ...change };
    writeValidatorMarker(layout, current);
  };
  mark({});
  return {
    layout,
    isAtHome: current.machine === machine,
    markHome: () => mark({ machine }),
    markRun: () => mark({ hasRun: true }),
    missing: () => missingFile(layout, lock),
    release: () => lock.release(),
  };
}

/** Throws `GenesisError` for another genesis than the chain of a folder began with. */
export function refuseOtherGenesis(
  { directory }: ValidatorLayout,
  marker: ValidatorMarker | null,
  genesis: Genesis,
  genesisPath: string,
): void {
  if (marker === null || marker.genesisDigest === digestOf(genesis)) return;
  throw new GenesisError(
    genesisPath,
    `it is another genesis than the one that the chain in ${directory} began with: put that one back, or give ` +
      'the folder of a validator of this network',
  );
}

/** With nothing left the node would take itself for new, and sign again what it has signed otherwise before. */
function refuseLoss({ directory, data }: ValidatorLayout, marker: ValidatorMarker | null): void {
  if (marker === null || !marker.hasRun || existsSync(signerPath(data))) return;
  if (existsSync(join(data, 'chain')) || existsSync(join(data, 'journal'))) return;
  throw new DataDirectoryError(
    directory,
    `${data} is missing, with the record of what this key has signed: put it back, or import an export of the record ` +
      '(heddle signer import)',
  );
}

function signerPath(data: string): string {
  return join(data, 'signer', 'records.log');
}

function missingFile({ data, marker, lock: lockPath }: ValidatorLayout, lock: FileLock): string | null {
  if (!lock.isHeld()) return lockPath;
  return [marker, signerPath(data)].find((path) => !existsSync(path)) ?? null;
}

/** Before anything is written: a folder with other people's files stays as it is. */
function requireOurs(layout: ValidatorLayout): void {
  if (!existsSync(layout.directory) || readValidatorMarker(layout) !== null) return;
  const foreign = readdirSync(layout.directory).find((name) => !OWN_NAMES.test(name));
  if (foreign === undefined) return;
  if (foreign === 'data') {
    throw new DataDirectoryError(
      layout.directory,
      `${layout.marker} is missing, which says whose data this is: put it back from a copy (nothing was changed)`,
    );
  }
  throw new DataDirectoryError(
    layout.directory,
    `it holds ${foreign}, and is not a validator's folder; give another one (nothing was changed)`,
  );
}
