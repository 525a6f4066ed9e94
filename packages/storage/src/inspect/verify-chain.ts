/**
 * Goes through everything that a chain has on disk and compares it with itself: every checksum, every block from genesis to
 * the head with its bodies and indexes, the states, the messages, the finalizations. Nothing is executed again.
 */
import { bytesToBigint, bytesToHex } from '@heddle/primitives';
import { decodeCertificate } from '@heddle/types';
import type { Database } from '../database.ts';
import { DerivedBlocks } from '../derived-blocks.ts';
import { StorageDamagedError, StorageError, StorageFailureError } from '../errors.ts';
import { ALL_TABLES, blockNumberKey, epochFinalizationKey, metaKey, tableRange } from '../keys.ts';
import { type Damage, Damages } from './damages.ts';
import { examineBlocks } from './examine-blocks.ts';
import { examineMessages } from './examine-messages.ts';
import { examineState } from './examine-state.ts';
import { type ExaminedChain, entriesOf, type Progress } from './examined-chain.ts';
import { type ChainInfo, readChainInfo } from './read-chain-info.ts';

/** What an examination has gone through. */
export interface ExaminedCounts {
  readonly blocks: number;
  readonly transactions: number;
  readonly messages: number;
  readonly accounts: number;
  readonly slots: number;
  readonly nodes: number;
}

export interface VerifiedChain {
  /** Null where the chain does not even say what it is. */
  readonly info: ChainInfo | null;
  /** Null where the records are damaged: then nothing else was looked at. */
  readonly counts: ExaminedCounts | null;
  /** The first of them. */
  readonly damages: readonly Damage[];
  /** All of them. */
  readonly damageCount: number;
}

/** `place`: for messages. Throws `DataDirectoryVersionError`, `StorageFailureError`; damage is what it reports. */
export async function verifyDatabase(database: Database, place: string, progress: Progress): Promise<VerifiedChain> {
  const damages = new Damages();
  const report = (info: ChainInfo | null, counts: ExaminedCounts | null): VerifiedChain => ({
    info,
    counts,
    damages: damages.named,
    damageCount: damages.count,
  });
  await examineRecords(database, damages, progress);
  if (damages.count > 0) return report(null, null);
  let info: ChainInfo | null = null;
  try {
    info = await readChainInfo(database, place);
    return report(info, await examine(database, info, damages, progress));
  } catch (error) {
    if (error instanceof StorageFailureError || !isDamage(error)) throw error;
    damages.add('records', error.message);
    return report(info, null);
  }
}

function isDamage(error: unknown): error is StorageError<object> {
  return error instanceof StorageDamagedError || (error instanceof StorageError && error.code === 'CORRUPT_RECORD');
}

/** Every value against its checksum. */
async function examineRecords(database: Database, damages: Damages, progress: Progress): Promise<void> {
  let done = 0;
  for (const table of ALL_TABLES) {
    for await (const [key, value] of entriesOf(database, tableRange(table))) {
      progress('records', ++done, null);
      if (value === null)
        damages.add('records', `a value of table ${table} does not match its checksum: ${bytesToHex(key)}`);
    }
  }
}

async function examine(
  database: Database,
  { height, headHash, oldestState, isPruned }: ChainInfo,
  damages: Damages,
  progress: Progress,
): Promise<ExaminedCounts> {
  const derived = await DerivedBlocks.load(database);
  const chain: ExaminedChain = { database, derived, damages, progress, height, headHash };
  const { transactions, recent } = await examineBlocks(chain, oldestState);
  const state = await examineState(chain, recent, isPruned);
  const { messages } = await examineMessages(chain);
  await examineFinalizations(chain);
  return { blocks: Number(height) + 1, transactions, messages, ...state };
}

/** Each is of a block of this chain. Their signatures were verified before they were stored. */
async function examineFinalizations({ database, damages, height }: ExaminedChain): Promise<void> {
  const examineOne = (what: string, value: Uint8Array): bigint | null =>
    damages.attempt('finalizations', what, () => {
      const certificate = decodeCertificate(value);
      if (certificate.kind !== 'finalize') {
        damages.add('finalizations', `${what} is no finalization`);
        return null;
      }
      const number = database.get(blockNumberKey(certificate.tuple.blockHash));
      if (number === undefined || bytesToBigint(number) > height) {
        damages.add('finalizations', `${what} is of a block that is not in the chain`);
      }
      return certificate.tuple.epoch;
    });
  const newest = database.get(metaKey('finalization'));
  const epoch = newest === undefined ? null : examineOne('the newest finalization', newest);
  if (epoch !== null && database.get(epochFinalizationKey(epoch)) === undefined) {
    damages.add('finalizations', `the finalization of epoch ${epoch} is missing`);
  }
  for await (const [key, value] of entriesOf(database, tableRange('epochFinalization'))) {
    if (value === null) continue;
    const of = bytesToBigint(key.subarray(1));
    const what = `the finalization of epoch ${of}`;
    const said = examineOne(what, value);
    if (said !== null && said !== of) damages.add('finalizations', `${what} is of epoch ${said}`);
  }
}
