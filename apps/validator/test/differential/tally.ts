import type { Block } from '@ethereumjs/block';
import type { RpcReceipt } from './rpc-blocks.ts';

/** What the blocks of a chain held. */
export interface Figures {
  readonly transactions: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly failedTransactions: number;
  readonly logs: number;
  /** Blocks that nobody produced a chunk for: everyone computes the same empty one. */
  readonly emptyBlocks: number;
}

/** Counts what the blocks held. */
export class Tally {
  readonly #byType: Record<string, number> = {};
  #transactions = 0;
  #failed = 0;
  #logs = 0;
  #emptyBlocks = 0;

  add(block: Block, receipts: readonly RpcReceipt[]): void {
    for (const { type } of block.transactions) this.#byType[type] = (this.#byType[type] ?? 0) + 1;
    this.#transactions += block.transactions.length;
    this.#failed += receipts.filter(({ status }) => status === '0x0').length;
    this.#logs += receipts.reduce((sum, { logs }) => sum + logs.length, 0);
    if (block.transactions.length === 0) this.#emptyBlocks += 1;
  }

  figures(): Figures {
    return {
      transactions: this.#transactions,
      byType: this.#byType,
      failedTransactions: this.#failed,
      logs: this.#logs,
      emptyBlocks: this.#emptyBlocks,
    };
  }
}
