import type { Address, Hash } from './ids.ts';

/** One log entry. `topics` has at most four 32-byte words. */
export interface Log {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Uint8Array;
}

/** The consensus part of a receipt (EIP-658, EIP-2718): what `receiptsRoot` commits. */
export interface Receipt {
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly status: 0 | 1;
  /** Sum of `gasUsed` over the receipts of this chunk up to and including this one. */
  readonly cumulativeGasUsed: bigint;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  readonly logs: readonly Log[];
}
