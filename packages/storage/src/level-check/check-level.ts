/**
 * Reads the files of a LevelDB folder that nobody has open and compares every checksum in them. LevelDB itself compares
 * none when it reads a table, passes over damage in its journal, and starts anew when its first file is gone.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, StorageDamagedError } from '../errors.ts';
import { MAX_CHECKED_BYTES } from '../limits.ts';
import { readLogFile } from './log-file.ts';
import { type LiveFiles, readManifest } from './manifest.ts';
import { tableDamage } from './table-file.ts';

const decoder = new TextDecoder();

/**
 * Throws `StorageDamagedError`, or the system's error. A folder with no database in it is sound. Of its tables about
 * `mostBytes` are read.
 */
export async function checkLevel(folder: string, mostBytes: number = MAX_CHECKED_BYTES): Promise<void> {
  const names = await readdir(folder);
  const numbered = numberedFiles(names);
  if (!names.includes('CURRENT')) {
    if (numbered.tables.size > 0 || numbered.logs.length > 0)
      throw new StorageDamagedError(folder, 'CURRENT is missing');
    return;
  }
  const live = await readLive(folder, decoder.decode(await readFile(join(folder, 'CURRENT'))));
  for (const number of numbered.logs) {
    if (number < live.log && number !== live.previousLog) continue;
    const name = `${String(number).padStart(6, '0')}.log`;
    const { damagedAt } = readLogFile(await readFile(join(folder, name)));
    if (damagedAt !== null) throw new StorageDamagedError(folder, `${name} at byte ${damagedAt}`);
  }
  await checkTables(folder, live, numbered.tables, mostBytes);
}

/** Tables by number, and the numbers of journals. */
function numberedFiles(names: readonly string[]): {
  readonly tables: ReadonlyMap<number, string>;
  readonly logs: readonly number[];
} {
  const tables = new Map<number, string>();
  const logs: number[] = [];
  for (const name of names) {
    const [, digits = '', kind = ''] = /^(\d+)\.(log|ldb|sst)$/.exec(name) ?? [];
    if (kind === 'log') logs.push(Number(digits));
    else if (kind !== '') tables.set(Number(digits), name);
  }
  return { tables, logs };
}

async function readLive(folder: string, current: string): Promise<LiveFiles> {
  const manifest = current.trim();
  if (!/^MANIFEST-\d+$/.test(manifest)) throw new StorageDamagedError(folder, 'CURRENT names no manifest');
  const bytes = await readIfThere(join(folder, manifest));
  if (bytes === null) throw new StorageDamagedError(folder, `${manifest} is missing`);
  const { records, damagedAt } = readLogFile(bytes);
  const live = damagedAt === null ? readManifest(records) : null;
  if (live === null) throw new StorageDamagedError(folder, `${manifest} cannot be read`);
  return live;
}

/** The newest first: what a start reads most is there. */
async function checkTables(
  folder: string,
  live: LiveFiles,
  names: ReadonlyMap<number, string>,
  mostBytes: number,
): Promise<void> {
  let checkedBytes = 0;
  for (const [number, length] of [...live.tables].sort(([a], [b]) => b - a)) {
    const name = names.get(number);
    if (name === undefined) throw new StorageDamagedError(folder, `table ${number} is missing`);
    checkedBytes += length;
    if (checkedBytes > mostBytes) return;
    const bytes = await readFile(join(folder, name));
    const damage = bytes.length === length ? tableDamage(bytes) : `it has ${bytes.length} bytes instead of ${length}`;
    if (damage !== null) throw new StorageDamagedError(folder, `${name}: ${damage}`);
  }
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
