import { existsSync } from 'node:fs';
import type { Genesis } from '@heddle/types';
import { UsageError } from '../errors.ts';
import type { StartFlags } from '../flags/start-flags.ts';
import { isAnvilDump, startFileOfDump } from './anvil-dump.ts';
import { type FileSource, readGenesisFile, type StartFile } from './genesis-file.ts';
import { parseJsonBytes, readStartFile } from './read-start-file.ts';
import { decodeStateFile, type StateFile } from './state-file.ts';

/** What a devnet begins with: a genesis, with what a file says of it; or a chain that goes on. */
export type Beginning =
  | { readonly kind: 'genesis'; readonly file: StartFile | null }
  | { readonly kind: 'state'; readonly state: StateFile; readonly flag: string };

/** Reads the file of --init, --load-state or --state. `example` makes any devnet's genesis of one shard. Throws `UsageError`. */
export function readBeginning({ init, loadState, state }: StartFlags, example: () => Genesis): Beginning {
  if (init !== null) return { kind: 'genesis', file: readGenesisFile({ flag: '--init', path: init }, example()) };
  if (loadState !== null) return readState({ flag: '--load-state', path: loadState }, example);
  if (state !== null && existsSync(state)) return readState({ flag: '--state', path: state }, example);
  return { kind: 'genesis', file: null };
}

function readState(source: FileSource, example: () => Genesis): Beginning {
  const bytes = readStartFile(source.flag, source.path);
  const own = decodeStateFile(source, bytes);
  if (own !== null) return { kind: 'state', state: own, flag: source.flag };
  const json = parseJsonBytes(bytes);
  if (isAnvilDump(json)) return { kind: 'genesis', file: startFileOfDump(source, json, example()) };
  throw new UsageError(source.flag, `${source.path} is neither a state of Heddle's nor a dump of anvil's`);
}
