import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevnetProcess, startDevnetProcess } from './devnet-process.ts';

/** Where a devnet keeps its state, for `describe.each`. */
export const STORAGES = ['in memory', 'on disk'] as const;

/** A devnet with its state there; `remove` stops it and takes the files away. */
export interface StoredDevnet {
  readonly devnet: DevnetProcess;
  remove(): Promise<void>;
}

export async function startStoredDevnet(storage: (typeof STORAGES)[number]): Promise<StoredDevnet> {
  if (storage === 'in memory') {
    const devnet = await startDevnetProcess([]);
    return { devnet, remove: async () => void (await devnet.stop()) };
  }
  const directory = await temporaryDirectory();
  const devnet = await startDevnetProcess(['--data-dir', directory]);
  const remove = async (): Promise<void> => {
    await devnet.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { devnet, remove };
}

export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'heddle-test-'));
}
