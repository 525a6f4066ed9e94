import { InvalidParamsError } from '../errors.ts';
import { after, type Eventual } from '../eventual.ts';
import { quantity } from '../format/quantity.ts';
import { JsonText } from '../json-text.ts';
import { ITEM_BYTES, MAX_LOG_BLOCKS, MAX_LOGS } from '../limits.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import type { AnswerWork } from '../protocol/method.ts';
import { pauseLongWork } from '../slices.ts';
import { type BloomTest, createBloomTest } from './bloom.ts';
import type { LogCriteria } from './criteria.ts';
import { matchesLog } from './criteria.ts';
import type { LogTexts } from './log-texts.ts';

/** Block numbers, both ends included. */
export interface HeightRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** Where logs are found, and what they look like. */
export interface LogSource {
  readonly chain: ChainReader;
  readonly texts: LogTexts;
}

/** JSON of the logs found, and the last block that was looked at: less than the range's end when MAX_LOGS was reached. */
export interface ScanResult {
  readonly logs: readonly string[];
  readonly scannedTo: bigint;
}

/** JSON of the wanted logs of one block. */
export function logsOfBlock(block: FinalBlock, criteria: LogCriteria, texts: LogTexts): readonly string[] {
  const logs: string[] = [];
  const write = texts.of(block);
  for (const entry of block.executed) {
    for (const [offset, log] of entry.receipt.logs.entries()) {
      if (matchesLog(criteria, log)) logs.push(write(entry, log, offset));
    }
  }
  return logs;
}

/**
 * The wanted logs of a range of existing blocks, whole blocks only, at most MAX_LOGS of them (but one block's at least).
 * Throws the signal's reason when that is aborted, and CapacityError when there is no room for so many.
 */
export function scanLogs(
  source: LogSource,
  criteria: LogCriteria,
  range: HeightRange,
  work: AnswerWork,
): Eventual<ScanResult> {
  const scan = new Scan(source, criteria, range, work);
  const pause = scan.advance();
  return pause === null ? scan.result() : scan.later(pause);
}

class Scan {
  readonly #source: LogSource;
  readonly #criteria: LogCriteria;
  readonly #mayMatch: BloomTest;
  readonly #range: HeightRange;
  readonly #work: AnswerWork;
  readonly #logs: string[] = [];
  #next: bigint;
  #isFull = false;

  constructor(source: LogSource, criteria: LogCriteria, range: HeightRange, work: AnswerWork) {
    this.#source = source;
    this.#criteria = criteria;
    this.#mayMatch = createBloomTest(criteria);
    this.#range = range;
    this.#work = work;
    this.#next = range.from;
  }

  /** Goes on to the end, or until it has to wait. */
  advance(): Promise<void> | null {
    while (!this.#isFull && this.#next <= this.#range.to) {
      this.#scanBlock();
      const pause = pauseLongWork();
      if (pause !== null) return pause;
    }
    return null;
  }

  async later(first: Promise<void>): Promise<ScanResult> {
    for (let pause: Promise<void> | null = first; pause !== null; pause = this.advance()) {
      await pause;
      this.#work.signal.throwIfAborted();
    }
    return this.result();
  }

  result(): ScanResult {
    return { logs: this.#logs, scannedTo: this.#next - 1n };
  }

  #scanBlock(): void {
    const block = this.#readIfMatching();
    if (block !== null) {
      const found = logsOfBlock(block, this.#criteria, this.#source.texts);
      if (this.#logs.length > 0 && this.#logs.length + found.length > MAX_LOGS) {
        this.#isFull = true;
        return;
      }
      this.#work.takeRoom(found.length * ITEM_BYTES);
      // Not spread: a block may hold more logs than a call may have arguments.
      for (const log of found) this.#logs.push(log);
    }
    this.#next++;
  }

  /** The bloom in the header decides whether the transactions are read at all: most blocks hold nothing that is wanted. */
  #readIfMatching(): FinalBlock | null {
    const { chain } = this.#source;
    const head = chain.headerByNumber(this.#next);
    if (head === null || head.header.gasUsed === 0n || !this.#mayMatch(head.header.logsBloom)) return null;
    return chain.blockByNumber(this.#next);
  }
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
export function queryLogs(
  source: LogSource,
  criteria: LogCriteria,
  range: HeightRange,
  work: AnswerWork,
): Eventual<JsonText> {
  checkRange(range);
  return after(scanLogs(source, criteria, range, work), ({ logs, scannedTo }) => {
    if (scannedTo < range.to) {
      const fitting = describeRange(range.from, scannedTo);
      throw new InvalidParamsError(
        `query returns more than ${MAX_LOGS} logs; this block range should work: ${fitting}`,
      );
    }
    checkCount(logs);
    return logList(logs);
  });
}

/** A list of logs as they are kept. */
export function logList(logs: readonly string[]): JsonText {
  if (logs.length === 0) return JsonText.ofBytes(['[]']);
  const pieces: string[] = [];
  for (const log of logs) pieces.push(pieces.length === 0 ? '[' : ',', log);
  pieces.push(']');
  return JsonText.ofBytes(pieces);
}

/** One block can hold more than an answer takes; then only a narrower filter helps. */
export function checkCount(logs: readonly string[]): void {
  if (logs.length <= MAX_LOGS) return;
  throw new InvalidParamsError(
    `query returns more than ${MAX_LOGS} logs of one block: name an address or topics to get fewer`,
  );
}

function describeRange(from: bigint, to: bigint): string {
  return `[${quantity(from)}, ${quantity(to)}]`;
}
