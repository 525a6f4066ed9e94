import { assert } from '@heddle/primitives';
import type { Disk, DiskFile } from '../medium.ts';
import type { MemoryFile } from './file.ts';
import type { DiskStep, Life } from './life.ts';
import type { MemoryNames } from './names.ts';

/** The files of a memory medium, as one life of the process sees them. */
export class MemoryDisk implements Disk {
  readonly #names: MemoryNames;
  readonly #life: Life;

  constructor(names: MemoryNames, life: Life) {
    this.#names = names;
    this.#life = life;
  }

  read(path: string): Promise<Uint8Array | null> {
    return Promise.resolve(this.#names.file(path)?.contents() ?? null);
  }

  async open(path: string): Promise<DiskFile> {
    if (this.#names.file(path) === null) await this.#step('create', path, () => this.#names.create(path));
    const file = this.#names.file(path);
    assert(file !== null, 'a creation that succeeds has been applied');
    return openFile(file, path, this.#life);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step('rename', to, () => this.#names.rename(from, to));
  }

  async remove(path: string): Promise<void> {
    if (this.#names.file(path) !== null) await this.#step('remove', path, () => this.#names.remove(path));
  }

  list(directory: string): Promise<readonly string[]> {
    return Promise.resolve(this.#names.list(directory));
  }

  syncDirectory(directory: string): Promise<void> {
    return this.#step('syncDirectory', directory, () => this.#names.sync(directory));
  }

  #step(op: DiskStep['op'], path: string, apply: () => void): Promise<void> {
    return this.#life.run({ op, path, bytes: 0 }, apply);
  }
}

function openFile(file: MemoryFile, path: string, life: Life): DiskFile {
  return {
    write: (bytes, at) =>
      life.run(
        { op: 'write', path, bytes: bytes.length },
        () => file.write(bytes, at),
        (count) => file.write(bytes.subarray(0, count), at),
      ),
    truncate: (length) => life.run({ op: 'truncate', path, bytes: length }, () => file.truncate(length)),
    sync: () => life.run({ op: 'sync', path, bytes: 0 }, () => file.sync()),
    close: () => Promise.resolve(),
  };
}
