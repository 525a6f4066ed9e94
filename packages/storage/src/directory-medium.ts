/** The real medium: a directory, with LevelDB in folders of its own. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { assert } from '@heddle/primitives';
import { errorCode } from './errors.ts';
import { LevelKeyValue } from './level-key-value.ts';
import type { Disk, DiskFile, Medium } from './medium.ts';

/** Nobody but the validator's user reads what it signs. */
const FILE_MODE = 0o600;

/** Everything that one validator keeps, in `directory`; created when something is written. */
export function directoryMedium(directory: string): Medium {
  return {
    name: directory,
    disk: new DirectoryDisk(directory),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    async openKeyValue(name, cacheBytes) {
      const location = join(directory, name);
      await makeDurableDirectory(location);
      return LevelKeyValue.open(location, cacheBytes);
    },
  };
}

class DirectoryDisk implements Disk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  read(path: string): Promise<Uint8Array | null> {
    const read = async (): Promise<Uint8Array | null> => new Uint8Array(await readFile(join(this.#root, path)));
    return unlessMissing(read, null);
  }

  async open(path: string): Promise<DiskFile> {
    const location = join(this.#root, path);
    await mkdir(dirname(location), { recursive: true });
    try {
      return new DirectoryFile(await open(location, 'r+'));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return new DirectoryFile(await open(location, 'wx', FILE_MODE));
    }
  }

  rename(from: string, to: string): Promise<void> {
    return rename(join(this.#root, from), join(this.#root, to));
  }

  remove(path: string): Promise<void> {
    return rm(join(this.#root, path), { force: true });
  }

  async list(directory: string): Promise<readonly string[]> {
    const read = (): Promise<readonly string[]> => readdir(join(this.#root, directory));
    return [...(await unlessMissing(read, []))].sort();
  }

  syncDirectory(directory: string): Promise<void> {
    return syncDirectory(join(this.#root, directory));
  }
}

class DirectoryFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array, at: number): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const result = await this.#handle.write(bytes, written, bytes.length - written, at + written);
      assert(result.bytesWritten > 0, 'a write makes progress or fails');
      written += result.bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function unlessMissing<Result>(read: () => Promise<Result>, missing: Result): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return missing;
    throw error;
  }
}

async function syncDirectory(location: string): Promise<void> {
  const handle = await open(location, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** LevelDB syncs what is in its folder, but not the folder's own name, nor those above it. */
async function makeDurableDirectory(location: string): Promise<void> {
  const first = await mkdir(location, { recursive: true });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let made = resolve(location); made !== top; made = dirname(made)) await syncDirectory(dirname(made));
}
