import { readFileSync } from 'node:fs';
import { DataDirectoryError, systemErrorCode } from '../errors.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS } from '../flags/devnet-flags.ts';
import { DATA_VERSION, type DataLayout } from './layout.ts';
import { writeDurably } from './write-durably.ts';

const KIND = 'heddle-devnet';

/** What a marker file says. */
export type Marker =
  | { readonly kind: 'none' }
  | { readonly kind: 'devnet'; readonly flags: ChainFlags }
  /** Heddle's, but this version cannot use it: only `--reset` may. */
  | { readonly kind: 'unusable'; readonly problem: string };

export function writeMarker(layout: DataLayout, flags: ChainFlags): void {
  const { balanceWei, ...rest } = flags;
  const content = { kind: KIND, version: DATA_VERSION, flags: { ...rest, balanceWei: balanceWei.toString() } };
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
    const version = String(content.version);
    return { kind: 'unusable', problem: `it has data version ${version}, this Heddle reads version ${DATA_VERSION}` };
  }
  const flags = parseFlags(content.flags);
  return flags === null ? { kind: 'unusable', problem: `${layout.marker} is damaged` } : { kind: 'devnet', flags };
}

function parseFlags(value: unknown): ChainFlags | null {
  if (!isRecord(value)) return null;
  const { validators, shards, chainId, blockTimeMs, accounts, balanceWei, mnemonic } = value;
  if (!isCount(validators) || !isCount(shards) || !isCount(chainId) || !isCount(blockTimeMs) || !isCount(accounts))
    return null;
  if (typeof mnemonic !== 'string' || typeof balanceWei !== 'string' || !/^\d{1,40}$/.test(balanceWei)) return null;
  const flags = { validators, shards, chainId, blockTimeMs, accounts, mnemonic, balanceWei: BigInt(balanceWei) };
  return Object.keys(value).length === Object.keys(DEFAULT_CHAIN_FLAGS).length ? flags : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
