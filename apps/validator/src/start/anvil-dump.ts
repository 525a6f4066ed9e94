import { isRecord } from '@heddle/primitives/is-record';
import type { Genesis } from '@heddle/types';
import { type FileSource, type StartFile, startFileOf } from './genesis-file.ts';

/** What a dump of anvil has at least. */
interface AnvilDump {
  readonly accounts: Readonly<Record<string, unknown>>;
  readonly block: unknown;
}

/** `--dump-state` of anvil, or what its anvil_dumpState gave, as a file. */
export function isAnvilDump(json: unknown): json is AnvilDump {
  return isRecord(json) && isRecord(json.accounts);
}

/**
 * Its accounts as those of a genesis, at the time and base fee of its last block: blocks and transactions were another
 * chain's. Throws `UsageError`.
 */
export function startFileOfDump(source: FileSource, { accounts, block }: AnvilDump, like: Genesis): StartFile {
  const last = isRecord(block) ? block : {};
  const head = {
    ...(last.timestamp === undefined ? {} : { timestamp: last.timestamp }),
    ...(last.basefee === undefined ? {} : { baseFeePerGas: last.basefee }),
  };
  return startFileOf(source, { ...head, alloc: accounts }, like);
}
