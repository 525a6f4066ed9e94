import { readFileSync } from 'node:fs';
import { systemErrorCode, writeDurably } from '@heddle/files';
import { isRecord } from '@heddle/primitives/is-record';
import { DataDirectoryError } from '../errors.ts';
import type { ChainFlags } from '../flags/devnet-flags.ts';
import { DATA_VERSION, type DataLayout } from './layout.ts';
import { flagsFromJson, flagsToJson } from './stored-flags.ts';

const KIND = 'heddle-devnet';

/** What a marker file says. */
export type Marker =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'devnet';
      readonly flags: ChainFlags;
      /** The chain has gone beyond its genesis: whatever is missing from now on has been lost. */
      readonly hasBlocks: boolean;
    }
  /** Heddle's, but this version cannot use it: only `--reset` may. */
  | { readonly kind: 'unusable'; readonly problem: string };

export function writeMarker(layout: DataLayout, flags: ChainFlags, hasBlocks: boolean): void {
  const content = { kind: KIND, version: DATA_VERSION, hasBlocks, flags: flagsToJson(flags) };
  writeDurably(layout.marker, `${JSON.stringify(content, null, 2)}\n`);
}

/** Throws `DataDirectoryError` for a file of that name which is not Heddle's. */
export function readMarker(layout: DataLayout): Marker {
  let text: string;
  try {
    text = readFileSync(layout.marker, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { kind: 'none' };
    throw error;
  }
  const content = parseJson(text);
  if (!isRecord(content) || content.kind !== KIND) {
    throw new DataDirectoryError(layout.directory, `${layout.marker} was not written by Heddle; give another folder`);
  }
  if (content.version !== DATA_VERSION) {
    return { kind: 'unusable', problem: versionProblem(content.version) };
  }
  const flags = flagsFromJson(content.flags);
  const { hasBlocks } = content;
  if (flags === null || typeof hasBlocks !== 'boolean') {
    return { kind: 'unusable', problem: `${layout.marker} is damaged: put it back from a copy` };
  }
  return { kind: 'devnet', flags, hasBlocks };
}

function versionProblem(version: unknown): string {
  const isOlder = typeof version === 'number' && version < DATA_VERSION;
  const writer = isOlder ? 'an older Heddle' : 'another version of Heddle';
  return (
    `it was written by ${writer} (data version ${String(version)}, this one reads ${DATA_VERSION}): ` +
    'go on with the Heddle that wrote it'
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
