import type { ConsoleCall, DevnetActivity, TransactionInsight, TransactionReport } from '@heddle/node';
import type { Address } from '@heddle/types';

export const ALICE: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
export const BOB: Address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';

/** What a test says of a transaction. */
export interface ReportChanges extends Partial<Omit<TransactionReport, 'transaction' | 'receipt'>> {
  readonly to?: Address | null;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly status?: 0 | 1;
  readonly logged?: readonly Address[];
}

/** A transaction of Alice's to Bob in block 7, changed as said. */
export function reportOf({
  to = BOB,
  value = 0n,
  data,
  status = 1,
  logged = [],
  ...rest
}: ReportChanges): TransactionReport {
  return {
    blockNumber: 7n,
    blockTransactionCount: 1,
    gasUsed: 21_000n,
    effectiveGasPrice: 1n,
    contractAddress: null,
    way: 'local',
    executedShard: 1,
    ...rest,
    receipt: {
      type: 0,
      status,
      cumulativeGasUsed: 21_000n,
      logsBloom: new Uint8Array(256),
      logs: logged.map((address) => ({ address, topics: [], data: new Uint8Array() })),
    },
    transaction: {
      fields: {
        type: 0,
        nonce: 0n,
        gasLimit: 60_000n,
        to,
        value,
        data: data ?? new Uint8Array(),
        chainId: 31_337n,
        gasPrice: 1n,
      },
      signature: { yParity: 0, r: 1n, s: 1n },
      raw: new Uint8Array(),
      hash: `0x${'12ab'.repeat(16)}`,
      sender: ALICE,
    },
  };
}

export const NO_INSIGHT: TransactionInsight = { failure: null, console: [] };

/** Activity that a test makes happen. */
export class FakeActivity implements DevnetActivity {
  readonly shardCount = 2;
  /** What is found out of the next blocks, in their order; nothing when it is empty. */
  readonly found: Promise<readonly TransactionInsight[]>[] = [];
  listeners = 0;
  #tell: (executed: readonly TransactionReport[]) => void = () => {};
  #tellCall: (call: ConsoleCall) => void = () => {};

  execute(...reports: readonly TransactionReport[]): void {
    this.#tell(reports);
  }

  call(call: ConsoleCall): void {
    this.#tellCall(call);
  }

  onTransactions(listener: (executed: readonly TransactionReport[]) => void): () => void {
    this.#tell = listener;
    return this.#counted();
  }

  onConsole(listener: (call: ConsoleCall) => void): () => void {
    this.#tellCall = listener;
    return this.#counted();
  }

  insights(reports: readonly TransactionReport[]): Promise<readonly TransactionInsight[]> {
    return this.found.shift() ?? Promise.resolve(reports.map(() => NO_INSIGHT));
  }

  shardsOf(addresses: readonly Address[]): readonly number[] {
    return [...new Set(addresses.map((address) => (address === ALICE ? 0 : 1)))];
  }

  #counted(): () => void {
    this.listeners++;
    return () => {
      this.listeners--;
    };
  }
}
