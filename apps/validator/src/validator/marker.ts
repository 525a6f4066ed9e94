import { readFileSync } from 'node:fs';
import { systemErrorCode, writeDurably } from '@heddle/files';
import { keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { isRecord } from '@heddle/primitives/is-record';
import { type Genesis, genesisToJson, type Hash } from '@heddle/types';
import { DATA_VERSION } from '../data-dir/layout.ts';
import { DataDirectoryError } from '../errors.ts';
import type { ValidatorLayout } from './layout.ts';

/** What the marker of a validator's folder says. */
export interface ValidatorMarker {
  /** `digestOf` the genesis that its chain began with. */
  readonly genesisDigest: Hash;
  /** `machineOf` where the key was last known to be at home; null where it never was. */
  readonly machine: string | null;
  /** Databases were made here: what is missing from now on has been lost. */
  readonly hasRun: boolean;
}

const KIND = 'heddle-validator';

/** Of all that a genesis says. The hash of its block leaves out what is in no header, such as the chain ID. */
export function digestOf(genesis: Genesis): Hash {
  return keccak256Hex(utf8ToBytes(genesisToJson(genesis)));
}

export function writeValidatorMarker(layout: ValidatorLayout, marker: ValidatorMarker): void {
  const content = { kind: KIND, version: DATA_VERSION, ...marker };
  writeDurably(layout.marker, `${JSON.stringify(content, null, 2)}\n`);
}

/** Null where there is none. Throws `DataDirectoryError` for one that this version cannot use. */
export function readValidatorMarker({ directory, marker: path }: ValidatorLayout): ValidatorMarker | null {
  const text = readText(path);
  if (text === null) return null;
  const content = parseJson(text);
  if (!isRecord(content) || content.kind !== KIND) {
    throw new DataDirectoryError(
      directory,
      `${path} was not written by Heddle, or is damaged: put it back from a copy`,
    );
  }
  const { version, genesisDigest, machine, hasRun } = content;
  if (version !== DATA_VERSION) {
    throw new DataDirectoryError(
      directory,
      `it has data version ${String(version)}, this Heddle reads ${DATA_VERSION}: go on with the version that wrote it`,
    );
  }
  const isSound =
    isHash(genesisDigest) && (machine === null || typeof machine === 'string') && typeof hasRun === 'boolean';
  if (!isSound) throw new DataDirectoryError(directory, `${path} is damaged: put it back from a copy`);
  return { genesisDigest, machine, hasRun };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
