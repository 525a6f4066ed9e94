import { StorageDamagedError } from '../errors.ts';
import type { Progress } from './examined-chain.ts';
import { openChainView } from './open-view.ts';
import { type ChainInfo, readChainInfo } from './read-chain-info.ts';
import { type VerifiedChain, verifyDatabase } from './verify-chain.ts';

/**
 * What the chain of the validator in `directory` says of itself. Nobody has it open meanwhile, and nothing in it is changed.
 * Throws `DataDirectoryVersionError`, `StorageDamagedError`, `StorageFailureError`.
 */
export async function inspectChain(directory: string): Promise<ChainInfo> {
  const { database, close } = await openChainView(directory);
  try {
    return await readChainInfo(database, directory);
  } finally {
    await close();
  }
}

/** As `inspectChain`, but goes through all of it, and reports damage. Throws `DataDirectoryVersionError`, `StorageFailureError`. */
export async function verifyChain(directory: string, progress: Progress): Promise<VerifiedChain> {
  try {
    const { database, close } = await openChainView(directory);
    try {
      return await verifyDatabase(database, directory, progress);
    } finally {
      await close();
    }
  } catch (error) {
    if (!(error instanceof StorageDamagedError)) throw error;
    const damages = [{ part: 'files', what: error.facts.what }] as const;
    return { info: null, counts: null, damages, damageCount: 1 };
  }
}
