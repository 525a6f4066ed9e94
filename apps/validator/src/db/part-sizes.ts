import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '@heddle/files';

/** What a validator's data consists of. */
export const DATA_PARTS = ['chain', 'journal', 'signer', 'pool'] as const;

export type PartSizes = Readonly<Record<(typeof DATA_PARTS)[number], number>>;

/** Bytes of the files of each part. */
export async function partSizes(data: string): Promise<PartSizes> {
  const [chain = 0, journal = 0, signer = 0, pool = 0] = await Promise.all(
    DATA_PARTS.map((part) => folderBytes(join(data, part))),
  );
  return { chain, journal, signer, pool };
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = (await filesIn(folder)).map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function filesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile());
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
