import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf, nameOf } from '@heddle/command-line';
import { type FileLock, makeFolder, syncDirectory, systemErrorCode, writeDurably } from '@heddle/files';
import { type Genesis, genesisToJson, parseGenesis } from '@heddle/types';
import { DataDirectoryError, errorMessage } from '../errors.ts';
import { CHAIN_FLAGS, type ChainFlags, DEFAULT_CHAIN_FLAGS } from '../flags/devnet-flags.ts';
import { formatEther } from '../flags/kinds.ts';
import { type DataLayout, dataLayout } from './layout.ts';
import { lockDirectory } from './lock-directory.ts';
import { readMarker, writeMarker } from './marker.ts';

/** A data directory that this process holds. */
export interface DataDirectory {
  /** As the user gave it, absolute. */
  readonly directory: string;
  /** Where the node keeps its databases. Exists. */
  readonly chainDir: string;
  readonly flags: ChainFlags;
  readonly genesis: Genesis;
  /** True when the chain was there already. */
  readonly continued: boolean;
  /** The chain that is continued has blocks. */
  readonly hasBlocks: boolean;
  /** To be called when the chain has its first block: from then on nothing that is missing is taken for new. */
  readonly markBlocks: () => void;
  /** What has vanished from the directory although this process uses it: a path; null while all is there. */
  readonly missing: () => string | null;
  readonly release: () => void;
}

/** What opening finds out; the rest comes with the lock. */
type OpenedChain = Pick<DataDirectory, 'directory' | 'chainDir' | 'flags' | 'genesis' | 'continued' | 'hasBlocks'>;

/** What the user asks of a data directory. */
export interface DataDirectoryRequest {
  readonly directory: string;
  /** Flags that the user wrote. */
  readonly given: Partial<ChainFlags>;
  readonly reset: boolean;
  /** Makes the genesis of a new chain, at a time of its own where the user gives none and `timestamp` is null. */
  readonly createGenesis: (flags: ChainFlags, timestamp: bigint | null) => Genesis;
  /** The user gives more of the genesis than flags that are kept (a file, a time): a chain that goes on has to be of it. */
  readonly fixesGenesis: boolean;
}

/**
 * Opens a data directory, or makes one of a folder that is new or empty. The genesis is fixed at the first start; a flag
 * that contradicts it later is an error. With `reset` everything that Heddle made in there is removed first, and nothing
 * else.
 * Throws `DataDirectoryError` and has changed nothing then.
 */
export function openDataDirectory(request: DataDirectoryRequest): DataDirectory {
  const layout = dataLayout(request.directory);
  try {
    requireOurs(layout);
    makeFolder(layout.directory);
    const lock = lockDirectory(layout);
    try {
      return inUse(layout, lock, openLocked(layout, request));
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof DataDirectoryError || code === null || !/^E[A-Z]+$/.test(code)) throw error;
    throw new DataDirectoryError(layout.directory, errorMessage(error));
  }
}

function inUse(layout: DataLayout, lock: FileLock, opened: OpenedChain): DataDirectory {
  return {
    ...opened,
    markBlocks: () => writeMarker(layout, opened.flags, true),
    missing: () => missingFile(layout, lock, opened.genesis.validators.length),
    release: () => lock.release(),
  };
}

/** The lock, or what no process can do without: a file that is gone still takes what is written, and loses it. */
function missingFile(layout: DataLayout, lock: FileLock, validators: number): string | null {
  if (!lock.isHeld()) return layout.lock;
  const signers = Array.from({ length: validators }, (_, index) =>
    join(layout.chain, `validator-${index}`, 'signer', 'records.log'),
  );
  return [layout.marker, layout.genesis, ...signers].find((path) => !existsSync(path)) ?? null;
}

/** A data directory that has a chain, without a network on it. */
export type HeldDataDirectory = Pick<DataDirectory, 'directory' | 'chainDir' | 'genesis' | 'release'>;

/** Takes a data directory for a look at it or a change. Throws `DataDirectoryError` and has changed nothing then. */
export function holdDataDirectory(directory: string): HeldDataDirectory {
  const layout = dataLayout(directory);
  const marker = readMarker(layout);
  if (marker.kind === 'none') throw new DataDirectoryError(directory, 'it is not a Heddle devnet');
  if (marker.kind === 'unusable') throw new DataDirectoryError(directory, marker.problem);
  const lock = lockDirectory(layout);
  try {
    return { directory, chainDir: layout.chain, genesis: readGenesis(layout), release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(layout: DataLayout, request: DataDirectoryRequest): OpenedChain {
  const marker = readMarker(layout);
  if (request.reset) return createChain(layout, request);
  if (marker.kind === 'unusable') {
    throw new DataDirectoryError(layout.directory, `${marker.problem}; --reset starts a new chain in it`);
  }
  if (marker.kind === 'none') return createChain(layout, request);
  if (marker.hasBlocks) refuseLoss(layout);
  if (!existsSync(layout.genesis)) return createChain(layout, request);
  const { flags, hasBlocks } = marker;
  refuseContradictions(layout, flags, request.given);
  const genesis = readGenesis(layout);
  if (request.fixesGenesis) refuseOtherGenesis(layout, genesis, request.createGenesis(flags, genesis.timestamp));
  return { directory: layout.directory, chainDir: layout.chain, flags, genesis, continued: true, hasBlocks };
}

/** A chain with blocks that lacks its genesis, or every database, would begin anew without a word. */
function refuseLoss(layout: DataLayout): void {
  if (!existsSync(layout.genesis)) {
    throw new DataDirectoryError(
      layout.directory,
      `${layout.genesis} is missing beside a chain that has blocks: put it back from a copy. ` +
        '--reset deletes the chain and starts a new one',
    );
  }
  const folders = existsSync(layout.chain) ? readdirSync(layout.chain) : [];
  if (folders.some((name) => existsSync(join(layout.chain, name, 'chain')))) return;
  throw new DataDirectoryError(
    layout.directory,
    `the databases of all validators are missing from ${layout.chain}, and the chain had blocks: put at least one of ` +
      'them back (…/validator-<n>/chain). --reset starts a new chain',
  );
}

/** Before anything is written: a folder with other people's files stays as it is. */
function requireOurs(layout: DataLayout): void {
  let entries: readonly string[];
  try {
    entries = readdirSync(layout.directory);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new DataDirectoryError(layout.directory, 'this is a file; give a folder');
    throw error;
  }
  if (readMarker(layout).kind !== 'none') return;
  // A start that was killed right after it took the lock leaves only that.
  if (entries.every((entry) => /^(LOCK|heddle-devnet\.json\.new)/.test(entry))) return;
  if (entries.includes('genesis.json') && entries.includes('chain')) {
    throw new DataDirectoryError(
      layout.directory,
      `${layout.marker} is missing, which says whose files these are: put it back from a copy (nothing was changed, ` +
        '--reset would not help)',
    );
  }
  throw new DataDirectoryError(
    layout.directory,
    'it is not empty and not a Heddle devnet; give a new or empty folder (nothing was changed, --reset would not help)',
  );
}

/** Replaces what Heddle made in the folder, which may be left over from a start or a reset that was interrupted. */
function createChain(layout: DataLayout, request: DataDirectoryRequest): OpenedChain {
  const flags = { ...DEFAULT_CHAIN_FLAGS, ...request.given };
  const genesis = request.createGenesis(flags, null);
  // The old genesis goes first and the new one comes last: databases without one beside them are never continued. In
  // between the marker says that there are no blocks, so that a start that was interrupted is simply done again.
  rmSync(layout.genesis, { force: true });
  syncDirectory(layout.directory);
  writeMarker(layout, flags, false);
  rmSync(layout.chain, { recursive: true, force: true });
  mkdirSync(layout.chain, { mode: 0o700 });
  writeDurably(layout.genesis, genesisToJson(genesis));
  return { directory: layout.directory, chainDir: layout.chain, flags, genesis, continued: false, hasBlocks: false };
}

function readGenesis(layout: DataLayout): Genesis {
  try {
    const json: unknown = JSON.parse(readFileSync(layout.genesis, 'utf8'));
    return parseGenesis(json);
  } catch (error) {
    throw new DataDirectoryError(
      layout.directory,
      `${layout.genesis} cannot be used (${errorMessage(error)}); --reset starts a new chain`,
    );
  }
}

function refuseContradictions(layout: DataLayout, fixed: ChainFlags, given: Partial<ChainFlags>): void {
  const problems = chainContradictions(fixed, given);
  if (problems.length === 0) return;
  throw new DataDirectoryError(
    layout.directory,
    `its chain was made with ${problems.join(' and ')}. Leave that out to go on with it, ` +
      'or add --reset to delete it and start anew',
  );
}

function refuseOtherGenesis(layout: DataLayout, genesis: Genesis, asked: Genesis): void {
  if (genesisToJson(genesis) === genesisToJson(asked)) return;
  throw new DataDirectoryError(
    layout.directory,
    'its chain began with another genesis than --init, --load-state and --timestamp ask for. Leave those out to go on ' +
      'with it, or add --reset to delete it and start anew',
  );
}

/** Where flags that were given say something else than what a chain was made with. */
export function chainContradictions(fixed: ChainFlags, given: Partial<ChainFlags>): readonly string[] {
  const asked = { ...fixed, ...given };
  return keysOf(CHAIN_FLAGS)
    .filter((key) => fixed[key] !== asked[key])
    .map((key) => `${nameOf(CHAIN_FLAGS[key])} ${shown(fixed, key)}, not ${shown(asked, key)}`);
}

function shown(flags: ChainFlags, key: keyof ChainFlags): string {
  // A mnemonic may be somebody's own.
  if (key === 'mnemonic') return flags.mnemonic === DEFAULT_CHAIN_FLAGS.mnemonic ? '(default)' : '(another)';
  return key === 'balanceWei' ? formatEther(flags.balanceWei) : String(flags[key]);
}
