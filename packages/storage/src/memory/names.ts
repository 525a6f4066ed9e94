import { HeddleError } from '@heddle/primitives';
import type { Random } from '@heddle/runtime';
import { parentOf } from '../medium.ts';
import { MemoryFile } from './file.ts';

/** Files and directories by name, and which names a power failure may take. The root '' is always there. */
export class MemoryNames {
  readonly #files = new Map<string, MemoryFile>();
  readonly #directories = new Set<string>(['']);
  /** By directory, in order: how to take back each change of a name that is not durable. */
  readonly #unsynced = new Map<string, (() => void)[]>();

  file(path: string): MemoryFile | null {
    return this.#files.get(path) ?? null;
  }

  create(path: string): MemoryFile {
    this.#makeDirectory(parentOf(path));
    const file = new MemoryFile();
    this.#change([path], () => this.#files.set(path, file));
    return file;
  }

  /** Within one directory. */
  rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined || parentOf(from) !== parentOf(to)) throw new MissingFileError(from);
    this.#change([from, to], () => {
      this.#files.delete(from);
      this.#files.set(to, file);
    });
  }

  remove(path: string): void {
    if (this.#files.has(path)) this.#change([path], () => this.#files.delete(path));
  }

  list(directory: string): readonly string[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    const inside = [...this.#files.keys()].filter((path) => parentOf(path) === directory);
    return inside.map((path) => path.slice(prefix.length)).sort();
  }

  sync(directory: string): void {
    if (!this.#directories.has(directory)) throw new MissingFileError(directory);
    this.#unsynced.delete(directory);
  }

  /** Power is gone: of each directory's names that were not synced, the later changes are undone, from some one on. */
  losePower(random: Random): void {
    for (const directory of [...this.#directories].sort()) {
      const changes = this.#unsynced.get(directory) ?? [];
      const kept = Math.floor(random.next() * (changes.length + 1));
      for (const undo of changes.slice(kept).reverse()) undo();
    }
    this.#unsynced.clear();
    for (const file of this.#files.values()) file.losePower(random);
  }

  #makeDirectory(directory: string): void {
    if (this.#directories.has(directory)) return;
    this.#makeDirectory(parentOf(directory));
    this.#directories.add(directory);
    this.#remember(parentOf(directory), () => this.#dropDirectory(directory));
  }

  #dropDirectory(directory: string): void {
    for (const path of [...this.#files.keys()]) if (path.startsWith(`${directory}/`)) this.#files.delete(path);
    for (const path of [...this.#directories]) {
      if (path !== directory && !path.startsWith(`${directory}/`)) continue;
      this.#directories.delete(path);
      this.#unsynced.delete(path);
    }
  }

  #change(paths: readonly [string, ...string[]], make: () => void): void {
    const before = paths.map((path) => [path, this.#files.get(path)] as const);
    make();
    this.#remember(parentOf(paths[0]), () => {
      for (const [path, file] of before) {
        if (file === undefined) this.#files.delete(path);
        else this.#files.set(path, file);
      }
    });
  }

  #remember(directory: string, undo: () => void): void {
    const changes = this.#unsynced.get(directory) ?? [];
    changes.push(undo);
    this.#unsynced.set(directory, changes);
  }
}

/** As the system says it. */
class MissingFileError extends HeddleError {
  readonly code = 'ENOENT';

  constructor(path: string) {
    super(`ENOENT: no such file or directory, '${path}'`, {});
  }
}
