import { join } from 'node:path';
import type { ValidatorIndex } from '@heddle/types';

/** Where one validator of a devnet keeps everything, in the folder of all of them. */
export function validatorDirectory(dataDir: string, index: ValidatorIndex): string {
  return join(dataDir, `validator-${index}`);
}
