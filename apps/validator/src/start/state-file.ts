import { isRecord } from '@heddle/primitives/is-record';
import { type Genesis, genesisToJson, parseGenesis } from '@heddle/types';
import { flagsFromJson, flagsToJson } from '../data-dir/stored-flags.ts';
import { errorMessage, UsageError } from '../errors.ts';
import type { ChainFlags } from '../flags/devnet-flags.ts';
import type { FileSource } from './genesis-file.ts';
import { parseJsonBytes } from './read-start-file.ts';

const KIND = 'heddle-devnet-state';
const VERSION = 1;
const NEWLINE = 0x0a;

/** A devnet's chain as --dump-state keeps it: a line of JSON with flags and genesis, then the node's image of all blocks. */
export interface StateFile {
  readonly flags: ChainFlags;
  readonly genesis: Genesis;
  readonly image: Uint8Array;
}

export function encodeStateFile({ flags, genesis, image }: StateFile): Uint8Array {
  const json: unknown = JSON.parse(genesisToJson(genesis));
  const head = { kind: KIND, version: VERSION, flags: flagsToJson(flags), genesis: json };
  const line = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const bytes = new Uint8Array(line.length + image.length);
  bytes.set(line);
  bytes.set(image, line.length);
  return bytes;
}

/** Null for what is no such file; throws `UsageError` for one that cannot be used. */
export function decodeStateFile(source: FileSource, bytes: Uint8Array): StateFile | null {
  const end = bytes.indexOf(NEWLINE);
  const head = end < 0 ? null : parseJsonBytes(bytes.subarray(0, end));
  if (!isRecord(head) || head.kind !== KIND) return null;
  if (head.version !== VERSION) {
    refuse(
      source,
      `it is of version ${String(head.version)}, this Heddle reads ${VERSION}: load it with the one that wrote it`,
    );
  }
  const flags = flagsFromJson(head.flags);
  if (flags === null) refuse(source, 'its first line is damaged');
  try {
    return { flags, genesis: parseGenesis(head.genesis), image: bytes.subarray(end + 1) };
  } catch (error) {
    return refuse(source, errorMessage(error));
  }
}

function refuse({ flag, path }: FileSource, problem: string): never {
  throw new UsageError(flag, `${path}: ${problem}`);
}
