import { InvalidParamsError } from '../errors.ts';
import { formatLog } from '../format/log.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { ITEM_BYTES, MAX_LOG_BLOCKS, MAX_LOGS } from '../limits.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import type { AnswerWork } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';
import { type BloomTest, createBloomTest } from './bloom.ts';
import type { LogCriteria } from './criteria.ts';
import { matchesLog } from './criteria.ts';

/** Block numbers, both ends included. */
export interface HeightRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** Logs found, and the last block that was looked at: less than the range's end when MAX_LOGS was reached. */
export interface ScanResult {
  readonly logs: readonly JsonObject[];
  readonly scannedTo: bigint;
}

/** The wanted logs of one block. */
export function logsOfBlock(block: FinalBlock, criteria: LogCriteria): readonly JsonObject[] {
  const logs: JsonObject[] = [];
  for (const entry of block.executed) {
    for (const [offset, log] of entry.receipt.logs.entries()) {
      if (matchesLog(criteria, log)) logs.push(formatLog(block, entry, log, offset));
    }
  }
  return logs;
}

/**
 * The wanted logs of a range of existing blocks, whole blocks only, at most MAX_LOGS of them (but one block's at least).
 * Throws the signal's reason when that is aborted, and CapacityError when there is no room for so many.
 */
export async function scanLogs(
  chain: ChainReader,
  criteria: LogCriteria,
  range: HeightRange,
  work: AnswerWork,
): Promise<ScanResult> {
  const mayMatch = createBloomTest(criteria);
  const slice = createSlicer(work.signal);
  const logs: JsonObject[] = [];
  for (let number = range.from; number <= range.to; number++) {
    const block = await readIfMatching(chain, number, mayMatch);
    if (block !== null) {
      const found = logsOfBlock(block, criteria);
      if (logs.length > 0 && logs.length + found.length > MAX_LOGS) return { logs, scannedTo: number - 1n };
      work.takeRoom(found.length * ITEM_BYTES);
      // Not spread: a block may hold more logs than a call may have arguments.
      for (const log of found) logs.push(log);
    }
    await slice();
  }
  return { logs, scannedTo: range.to };
}

/** The bloom in the header decides whether the transactions are read at all: most blocks hold nothing that is wanted. */
async function readIfMatching(chain: ChainReader, number: bigint, mayMatch: BloomTest): Promise<FinalBlock | null> {
  const head = await chain.headerByNumber(number);
  if (head === null || head.header.gasUsed === 0n || !mayMatch(head.header.logsBloom)) return null;
  return chain.blockByNumber(number);
}

/** Throws InvalidParamsError when the range is longer than one query may be, naming one that fits. */
function checkRange(range: HeightRange): void {
  const count = range.to - range.from + 1n;
  if (count <= MAX_LOG_BLOCKS) return;
  const fitting = describeRange(range.from, range.from + MAX_LOG_BLOCKS - 1n);
  throw new InvalidParamsError(
    `query exceeds max block range ${MAX_LOG_BLOCKS}: it spans ${count} blocks; this block range should work: ${fitting}`,
  );
}

/** All wanted logs of the range. Throws InvalidParamsError past a limit, naming a range that fits; else as `scanLogs`. */
export async function queryLogs(
  chain: ChainReader,
  criteria: LogCriteria,
  range: HeightRange,
  work: AnswerWork,
): Promise<readonly JsonObject[]> {
  checkRange(range);
  const { logs, scannedTo } = await scanLogs(chain, criteria, range, work);
  if (scannedTo < range.to) {
    const fitting = describeRange(range.from, scannedTo);
    throw new InvalidParamsError(`query returns more than ${MAX_LOGS} logs; this block range should work: ${fitting}`);
  }
  checkCount(logs);
  return logs;
}

/** One block can hold more than an answer takes; then only a narrower filter helps. */
export function checkCount(logs: readonly JsonObject[]): void {
  if (logs.length <= MAX_LOGS) return;
  throw new InvalidParamsError(
    `query returns more than ${MAX_LOGS} logs of one block: name an address or topics to get fewer`,
  );
}

function describeRange(from: bigint, to: bigint): string {
  return `[${quantity(from)}, ${quantity(to)}]`;
}
