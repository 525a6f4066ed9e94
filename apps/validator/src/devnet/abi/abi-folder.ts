import type { Dirent, Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemErrorCode } from '@heddle/files';
import { errorMessage, UsageError } from '../../errors.ts';
import {
  ABI_RESCAN_MS,
  MAX_ABI_DEPTH,
  MAX_ABI_FILE_BYTES,
  MAX_ABI_FILES,
  MAX_ABI_SIGNATURES,
  MAX_ABI_TOTAL_BYTES,
} from '../../limits.ts';
import { type AbiBook, createAbiBook, EMPTY_BOOK } from './abi-book.ts';
import { type Artifact, NO_ARTIFACT, parseArtifact } from './artifact.ts';

/** Folders that hold no ABI of their own: what compilers were given, and other people's packages. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'build-info', 'cache']);

/** A file as it was when it was read. */
interface ReadFile {
  readonly modifiedMs: number;
  readonly bytes: number;
  readonly artifact: Artifact;
}

export interface AbiFolderOptions {
  /** Absolute. */
  readonly directory: string;
  readonly monotonicMs: () => number;
  /** Told once of each file that cannot be used, and of each limit that is met. */
  readonly warn: (problem: string) => void;
}

/**
 * The ABIs in the JSON files of a folder, at any depth: artifacts of Hardhat and Foundry (`abi` in an object), or the bare
 * list. Other JSON files are passed over. What has changed is read again when something unknown is to be decoded.
 */
export class AbiFolder implements AbiBook {
  readonly #options: AbiFolderOptions;
  /** By path, sorted. */
  #files: ReadonlyMap<string, ReadFile> = new Map();
  #book: AbiBook = EMPTY_BOOK;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;
  readonly #warned = new Set<string>();

  private constructor(options: AbiFolderOptions) {
    this.#options = options;
  }

  /** Rejects with a `UsageError` if it is no folder that can be read. One that is empty yet is fine. */
  static async open(options: AbiFolderOptions): Promise<AbiFolder> {
    await checkFolder(options.directory);
    const folder = new AbiFolder(options);
    await folder.refresh();
    return folder;
  }

  get signatureCount(): number {
    return [...this.#files.values()].reduce((sum, { artifact }) => sum + artifact.signatures.length, 0);
  }

  decode: AbiBook['decode'] = (kind, data) => this.#book.decode(kind, data);

  contractOf: AbiBook['contractOf'] = (initCode) => this.#book.contractOf(initCode);

  /** Reads what has changed, unless that was done a moment ago. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#reading === null && this.#options.monotonicMs() - this.#readAtMs < ABI_RESCAN_MS) return;
    this.#reading ??= this.#read();
    await this.#reading;
    this.#reading = null;
    this.#readAtMs = this.#options.monotonicMs();
  }

  async #read(): Promise<void> {
    const files = new Map<string, ReadFile>();
    let bytesLeft = MAX_ABI_TOTAL_BYTES;
    let signaturesLeft = MAX_ABI_SIGNATURES;
    for (const path of await this.#paths()) {
      const file = await this.#file(path);
      if (file === null) continue;
      bytesLeft -= file.bytes;
      signaturesLeft -= file.artifact.signatures.length;
      if (bytesLeft < 0 || signaturesLeft < 0) {
        this.#warn('', `only a part of it is used: it has more than ${MAX_ABI_SIGNATURES} functions or is too large`);
        break;
      }
      files.set(path, file);
    }
    const isChanged =
      files.size !== this.#files.size || [...files].some(([path, file]) => this.#files.get(path) !== file);
    this.#files = files;
    if (isChanged) this.#book = bookOf([...files.values()].map(({ artifact }) => artifact));
  }

  /** As it is known, if it has not changed; NO_ARTIFACT where it holds no ABI; null for one that has gone. */
  async #file(path: string): Promise<ReadFile | null> {
    const facts = await statOrNull(path);
    if (facts === null) return null;
    const known = this.#files.get(path);
    if (known !== undefined && known.modifiedMs === facts.mtimeMs && known.bytes === facts.size) return known;
    return { modifiedMs: facts.mtimeMs, bytes: facts.size, artifact: await this.#artifact(path, facts.size) };
  }

  async #artifact(path: string, bytes: number): Promise<Artifact> {
    if (bytes > MAX_ABI_FILE_BYTES) {
      this.#warn(path, `it is not read, being larger than ${MAX_ABI_FILE_BYTES / 1024 / 1024} MB`);
      return NO_ARTIFACT;
    }
    try {
      return parseArtifact(JSON.parse(await readFile(path, 'utf8')), basename(path, '.json'));
    } catch (error) {
      this.#warn(path, `it cannot be read: ${errorMessage(error)}`);
      return NO_ARTIFACT;
    }
  }

  /** Sorted, so that the same folder always gives the same names. */
  async #paths(): Promise<readonly string[]> {
    const paths: string[] = [];
    await this.#collect(this.#options.directory, 0, paths);
    if (paths.length > MAX_ABI_FILES) this.#warn('', `only ${MAX_ABI_FILES} of its JSON files are read`);
    return paths.slice(0, MAX_ABI_FILES);
  }

  async #collect(folder: string, depth: number, paths: string[]): Promise<void> {
    if (depth > MAX_ABI_DEPTH) return;
    for (const entry of await entriesOf(folder)) {
      if (paths.length > MAX_ABI_FILES) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) await this.#collect(path, depth + 1, paths);
      else if (entry.isFile() && /(?<!\.dbg)\.json$/.test(entry.name)) paths.push(path);
    }
  }

  #warn(path: string, problem: string): void {
    const { directory, warn } = this.#options;
    const warning = `--abi: ${path === '' ? directory : path}: ${problem}`;
    if (this.#warned.has(warning) || this.#warned.size > MAX_ABI_FILES) return;
    this.#warned.add(warning);
    warn(warning);
  }
}

function bookOf(artifacts: readonly Artifact[]): AbiBook {
  const contracts = artifacts.flatMap(({ contract }) => (contract === null ? [] : [contract]));
  return createAbiBook(
    artifacts.flatMap(({ signatures }) => signatures),
    contracts,
  );
}

async function checkFolder(directory: string): Promise<void> {
  try {
    await readdir(directory);
  } catch (error) {
    throw new UsageError('--abi', folderProblem(directory, systemErrorCode(error)));
  }
}

function folderProblem(directory: string, systemCode: string | null): string {
  switch (systemCode) {
    case 'ENOENT':
      return `there is no folder ${directory}; compile first, or name the folder of the artifacts (out, artifacts)`;
    case 'ENOTDIR':
      return `${directory} is a file; give the folder that it is in`;
    default:
      return `the folder ${directory} cannot be read (${systemCode ?? 'unknown reason'})`;
  }
}

/** Sorted by name; none where the folder has gone meanwhile. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}
