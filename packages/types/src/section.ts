import type { ControlPart } from './control.ts';
import type { Hash } from './ids.ts';

/**
 * The part of a block that executes after its chunks, on the union of the shards' states. Hash: keccak256(rlp(header)),
 * which so names one body too. Depends on neither view nor leader's signature: a block proposed again has the same one.
 */
export interface SectionHeader {
  readonly transactionCount: number;
  /** keccak256(rlp([control, transactions])) over the encodings that the body carries. */
  readonly bodyRoot: Hash;
  /** Ethereum's ordered trie over the transactions. */
  readonly transactionsRoot: Hash;
  /** Ethereum's ordered trie over the receipts, whose cumulative gas begins at 0. */
  readonly receiptsRoot: Hash;
  /** One a shard, in shard order: what the section touches of the accounts that reside there. */
  readonly accessListHashes: readonly Hash[];
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  /** BASEFEE of the section, EIP-1559 on its own gas. */
  readonly baseFeePerGas: bigint;
  /** One a shard, in shard order: what the next chunks stand on. That of a shard that is not touched is its chunk's. */
  readonly stateRoots: readonly Hash[];
  /** One a source shard, in shard order, of what the section emits there. */
  readonly outboxRoots: readonly Hash[];
}

/** A section as it stands in its block. */
export interface Section {
  readonly header: SectionHeader;
  /** What was done to a devnet's chain here; null in every other block. Then there are no transactions. */
  readonly control: ControlPart | null;
  /** Canonical encodings, in order of execution. Whoever executes the section decodes them. */
  readonly transactions: readonly Uint8Array[];
}
