import type { ConsoleCall, DevnetActivity, TransactionInsight, TransactionReport } from '@heddle/node';
import type { Address, ShardId } from '@heddle/types';
import {
  INSIGHT_WAIT_MS,
  LINE_SPAN_MS,
  MAX_LINES_A_SPAN,
  MAX_PLACED_ACCOUNTS,
  MAX_UNWRITTEN_BYTES,
} from '../../limits.ts';
import type { AbiBook } from '../abi/abi-book.ts';
import { LineBudget } from './line-budget.ts';
import {
  consoleCallLines,
  type LineStyle,
  type SkippedTransactions,
  skippedLine,
  type TransactionFacts,
  transactionLines,
  wantsAbi,
} from './transaction-lines.ts';

/** An ABI book that can look for what is new. */
export interface GrowingAbiBook extends AbiBook {
  /** Never rejects. */
  refresh(): Promise<void>;
}

export interface TransactionLogOptions {
  readonly activity: DevnetActivity;
  readonly abis: GrowingAbiBook;
  readonly style: LineStyle;
  /** Takes whole lines. */
  readonly print: (text: string) => void;
  /** What was printed and nobody has read yet, bytes. */
  readonly unwrittenBytes: () => number;
  readonly monotonicMs: () => number;
  /** Runs once after the delay, without keeping the process alive, unless the returned function is called before. */
  readonly after: (delayMs: number, task: () => void) => () => void;
  /** Told of what went wrong here: a log ends nobody. */
  readonly failed: (error: unknown) => void;
}

/** Something to print, in its turn. */
interface Entry {
  /** Resolves when there is no more to find out. Never rejects. */
  readonly complete: Promise<void>;
  /** What is known by now. */
  lines(): readonly string[];
}

const AT_ONCE: Promise<void> = Promise.resolve();

/**
 * Prints a line for each executed transaction in the order of the chain, and what contracts log. Why one failed is found
 * out before its line is printed, for a while; a load gets as many lines as people read, and a count of the rest.
 */
export class TransactionLog {
  readonly #options: TransactionLogOptions;
  readonly #budget: LineBudget;
  readonly #queue: Entry[] = [];
  readonly #unsubscribe: readonly (() => void)[];
  #isPrinting = false;
  #skipped: SkippedTransactions | null = null;
  #cancelSummary: () => void = () => {};

  constructor(options: TransactionLogOptions) {
    const { activity, monotonicMs } = options;
    this.#options = options;
    this.#budget = new LineBudget(MAX_LINES_A_SPAN, LINE_SPAN_MS, monotonicMs);
    this.#unsubscribe = [
      activity.onTransactions((executed) => this.#guarded(() => this.#executed(executed))),
      activity.onConsole((call) => this.#guarded(() => this.#called(call))),
    ];
  }

  /** Prints what is left, as far as it is known. */
  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#guarded(() => {
      this.#summarize();
      for (const entry of this.#queue.splice(0)) this.#print(entry);
    });
  }

  #executed(executed: readonly TransactionReport[]): void {
    const shown: TransactionReport[] = [];
    for (const report of executed) {
      if (this.#hasRoom() && this.#budget.take()) shown.push(report);
      else this.#skip(report);
    }
    if (shown.length === 0) return;
    const insights = this.#insights(shown);
    for (const [index, report] of shown.entries()) {
      this.#add(this.#transaction(report, async () => (await insights)[index] ?? null));
    }
  }

  /** None where something is wrong, which is told once for all of them. */
  async #insights(reports: readonly TransactionReport[]): Promise<readonly TransactionInsight[]> {
    try {
      return await this.#options.activity.insights(reports);
    } catch (error) {
      this.#options.failed(error);
      return [];
    }
  }

  #called(call: ConsoleCall): void {
    if (!this.#hasRoom() || !this.#budget.take()) return;
    const { abis, style } = this.#options;
    this.#add({ complete: AT_ONCE, lines: () => consoleCallLines(call, abis, style) });
  }

  /** A pipe that nobody reads takes everything into memory. */
  #hasRoom(): boolean {
    return this.#options.unwrittenBytes() < MAX_UNWRITTEN_BYTES;
  }

  #transaction(report: TransactionReport, ask: () => Promise<TransactionInsight | null>): Entry {
    const { abis, style } = this.#options;
    let insight: TransactionInsight | null = null;
    const find = async (): Promise<void> => {
      insight = await ask();
      if (wantsAbi({ report, insight }, abis)) await abis.refresh();
    };
    const facts = (): TransactionFacts => ({ report, insight, sectionShards: this.#sectionShards(report) });
    return { complete: this.#inTime(find), lines: () => transactionLines(facts(), abis, style) };
  }

  /** Resolves when `find` is done, or after INSIGHT_WAIT_MS. */
  #inTime(find: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.after(INSIGHT_WAIT_MS, resolve);
      find()
        .catch(this.#options.failed)
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }

  #sectionShards({ executedShard, transaction, contractAddress, receipt }: TransactionReport): readonly ShardId[] {
    if (executedShard !== null) return [];
    const touched: readonly (Address | null)[] = [
      transaction.sender,
      transaction.fields.to,
      contractAddress,
      ...receipt.logs.map((log) => log.address),
    ];
    const known = new Set(touched.filter((address) => address !== null));
    try {
      return this.#options.activity.shardsOf([...known].slice(0, MAX_PLACED_ACCOUNTS));
    } catch (error) {
      this.#options.failed(error);
      return [];
    }
  }

  #skip({ blockNumber, receipt }: TransactionReport): void {
    const { count, failed, firstBlock } = this.#skipped ?? { count: 0, failed: 0, firstBlock: blockNumber };
    if (this.#skipped === null) this.#summarizeLater();
    this.#skipped = {
      count: count + 1,
      failed: failed + (receipt.status === 1 ? 0 : 1),
      firstBlock,
      lastBlock: blockNumber,
    };
  }

  #summarizeLater(): void {
    this.#cancelSummary = this.#options.after(LINE_SPAN_MS, () => {
      if (this.#hasRoom()) this.#guarded(() => this.#summarize());
      else this.#summarizeLater();
    });
  }

  #summarize(): void {
    this.#cancelSummary();
    const skipped = this.#skipped;
    this.#skipped = null;
    if (skipped !== null) this.#add({ complete: AT_ONCE, lines: () => [skippedLine(skipped, this.#options.style)] });
  }

  #add(entry: Entry): void {
    this.#queue.push(entry);
    if (!this.#isPrinting) void this.#printAll();
  }

  async #printAll(): Promise<void> {
    this.#isPrinting = true;
    for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
      await entry.complete;
      // Unless `stop` has printed it meanwhile.
      if (this.#queue[0] !== entry) break;
      this.#queue.shift();
      this.#print(entry);
    }
    this.#isPrinting = false;
  }

  #print(entry: Entry): void {
    this.#guarded(() =>
      this.#options.print(
        entry
          .lines()
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
  }

  #guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#options.failed(error);
    }
  }
}
