import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@heddle/storage';
import { lockDirectory } from '../data-dir/lock-directory.ts';
import { DataDirectoryError, errorMessage } from '../errors.ts';
import { type ValidatorLayout, validatorLayout } from '../validator/layout.ts';
import { readValidatorMarker } from '../validator/marker.ts';

/** Runs `use` on the folder of a node that has a chain, with its lock. Rejects with `DataDirectoryError`. */
export async function withChain<Result>(
  dataDir: string,
  use: (layout: ValidatorLayout) => Promise<Result>,
): Promise<Result> {
  const layout = validatorLayout(dataDir);
  if (readValidatorMarker(layout) === null) {
    throw new DataDirectoryError(dataDir, 'it is not the folder of a validator or node; give one with --data-dir');
  }
  if (!existsSync(join(layout.data, 'chain'))) {
    throw new DataDirectoryError(dataDir, 'there is no chain in it: the node has not run yet, or its data was removed');
  }
  const lock = lockDirectory(layout);
  try {
    return await use(layout);
  } catch (error) {
    throw error instanceof StorageError ? new DataDirectoryError(dataDir, errorMessage(error)) : error;
  } finally {
    lock.release();
  }
}
