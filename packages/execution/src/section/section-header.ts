import { outboxRoot } from '@heddle/sharding';
import { orderedTrieRoot } from '@heddle/state';
import {
  type ControlPart,
  EMPTY_BLOOM,
  EMPTY_TRIE_ROOT,
  encodeReceipt,
  type Hash,
  hashAccessList,
  hashSectionBody,
  type SectionHeader,
} from '@heddle/types';
import { eip1559BaseFee } from '../chunk/base-fee.ts';
import type { SectionContext, SectionOutcome } from './types.ts';

/** EIP-1559 on the gas that the last section used: the base fee of the next one, wei a gas. */
export function sectionBaseFee(last: SectionHeader): bigint {
  return eip1559BaseFee(last);
}

/** The header of an executed section. `stateRoots` are the roots after it, by shard; `control` is its body's. */
export function assembleSectionHeader(
  context: SectionContext,
  outcome: SectionOutcome,
  stateRoots: readonly Hash[],
  control: ControlPart | null,
): SectionHeader {
  const bodies = outcome.executed.map(({ transaction }) => transaction.raw);
  return {
    transactionCount: bodies.length,
    bodyRoot: hashSectionBody({ control, transactions: bodies }),
    transactionsRoot: orderedTrieRoot(bodies),
    receiptsRoot: orderedTrieRoot(outcome.executed.map(({ receipt }) => encodeReceipt(receipt))),
    accessListHashes: outcome.accessLists.map(hashAccessList),
    logsBloom: outcome.logsBloom,
    gasUsed: outcome.gasUsed,
    gasLimit: context.gasLimit,
    baseFeePerGas: context.baseFeePerGas,
    stateRoots,
    outboxRoots: emptyOutboxRoots(stateRoots.length),
  };
}

/** The section of the genesis block: nothing has happened. */
export function genesisSectionHeader(
  stateRoots: readonly Hash[],
  gasLimit: bigint,
  baseFeePerGas: bigint,
): SectionHeader {
  return {
    transactionCount: 0,
    bodyRoot: hashSectionBody({ control: null, transactions: [] }),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    accessListHashes: stateRoots.map(() => hashAccessList([])),
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    gasLimit,
    baseFeePerGas,
    stateRoots,
    outboxRoots: emptyOutboxRoots(stateRoots.length),
  };
}

/** Nothing is sent from the section until contracts post messages. */
function emptyOutboxRoots(shardCount: number): readonly Hash[] {
  return Array.from({ length: shardCount }, () => outboxRoot([], shardCount));
}
