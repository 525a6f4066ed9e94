import { messageWeight } from '@heddle/sharding';
import { delegationTarget } from '@heddle/types';
import { type ChunkOutcome, deliveryBudget } from '../../src/index.ts';
import type { TrialBlock } from './block.ts';

/** What became of the transactions of one kind. */
export interface KindCount {
  succeeded: number;
  failed: number;
  dispatched: number;
  refused: number;
  /** Left to the section. */
  remote: number;
}

/** What blocks really contained: it proves that a run met what it is about. */
export interface Mix {
  readonly kinds: Record<string, KindCount>;
  readonly features: Record<string, number>;
}

export function emptyMix(): Mix {
  return { kinds: {}, features: {} };
}

export function addMix(sum: Mix, part: Mix): void {
  for (const [kind, counts] of Object.entries(part.kinds)) {
    const mine = kindCount(sum, kind);
    mine.succeeded += counts.succeeded;
    mine.failed += counts.failed;
    mine.dispatched += counts.dispatched;
    mine.refused += counts.refused;
    mine.remote += counts.remote;
  }
  for (const [feature, times] of Object.entries(part.features)) count(sum, feature, times);
}

/** Counts what sequential execution says that the block's chunk did. */
export function countBlock(mix: Mix, block: TrialBlock, outcome: ChunkOutcome): void {
  countTransactions(mix, block, outcome);
  countRefusals(mix, block, outcome);
  countCodes(mix, block, outcome);
  countShards(mix, block, outcome);
}

function countTransactions(mix: Mix, { kinds, state }: TrialBlock, outcome: ChunkOutcome): void {
  const revived = new Map<string, number>();
  for (const { transaction, receipt, gasUsed, contractAddress, deliveredBy } of outcome.executed) {
    const { fields, sender } = transaction;
    const hasSucceeded = receipt.status === 1;
    count(mix, 'executed', 1);
    if (!hasSucceeded && gasUsed === fields.gasLimit) count(mix, 'outOfGas', 1);
    if (contractAddress !== null) count(mix, 'created', 1);
    if (fields.type !== 0 && fields.accessList.length > 0) count(mix, 'withAccessList', 1);
    const kind = kinds.get(transaction.hash);
    if (deliveredBy !== null || kind === undefined) continue;
    const counts = kindCount(mix, kind);
    if (hasSucceeded) counts.succeeded += 1;
    else counts.failed += 1;
    const account = state.account(sender);
    if (account !== null && delegationTarget(state.code(account.codeHash)) !== null) count(mix, 'fromDelegated', 1);
    const salted = `${fields.to} ${Buffer.from(fields.data).toString('hex')}`;
    if (kind === 'createRevived' && hasSucceeded) revived.set(salted, (revived.get(salted) ?? 0) + 1);
  }
  for (const times of revived.values()) if (times > 1) count(mix, 'revived', times - 1);
  for (const { hash } of outcome.dispatched) kindCount(mix, kinds.get(hash) ?? '').dispatched += 1;
}

/** By the beginning of the reason. */
const REFUSALS: readonly (readonly [beginning: string, feature: string])[] = [
  ['gas limit reached', 'refusedForDeclaredGas'],
  ['nonce too low', 'refusedForLowNonce'],
  ['nonce too high', 'refusedForHighNonce'],
  ['insufficient funds', 'refusedForFunds'],
  ['max fee per gas less', 'refusedForBaseFee'],
  ['gas target reduced', 'refusedForReducedTarget'],
];

function countRefusals(mix: Mix, { kinds }: TrialBlock, outcome: ChunkOutcome): void {
  for (const { transaction, reason, isRemote } of outcome.rejected) {
    const counts = kindCount(mix, kinds.get(transaction.hash) ?? '');
    counts.refused += 1;
    if (isRemote) {
      counts.remote += 1;
      count(mix, 'refusedAsRemote', 1);
      continue;
    }
    const known = REFUSALS.find(([beginning]) => reason.startsWith(beginning));
    const congested = /^shard \d+ is congested/.test(reason) ? 'refusedForCongestion' : null;
    count(mix, known?.[1] ?? congested ?? 'refusedOtherwise', 1);
  }
}

function countCodes(mix: Mix, { context }: TrialBlock, outcome: ChunkOutcome): void {
  for (const { address, codeChanges, storageChanges } of outcome.accessList) {
    for (const { code } of codeChanges) {
      if (delegationTarget(code) !== null) count(mix, 'delegationsSet', 1);
      else if (code.length === 0) count(mix, 'delegationsCleared', 1);
      else count(mix, 'codesDeployed', 1);
    }
    if (codeChanges.length > 1) count(mix, 'codeChangedAgain', 1);
    if (storageChanges.some(({ changes }) => changes.length > 3)) count(mix, 'hotSlots', 1);
    if (address === context.coinbase) count(mix, 'coinbaseListed', 1);
  }
}

function countShards(mix: Mix, block: TrialBlock, outcome: ChunkOutcome): void {
  const { context, rules, state } = block;
  const { delivered, outbox, executed } = outcome;
  count(mix, 'deliveredCredits', delivered.filter(({ kind }) => kind === 'credit').length);
  count(mix, 'deliveredCalls', delivered.filter(({ kind }) => kind === 'call').length);
  const declared = delivered.reduce((sum, message) => sum + messageWeight(message), 0n);
  if (delivered.length > 1 && declared > deliveryBudget(context)) count(mix, 'moreDeliveredThanDeclaredFits', 1);
  if (delivered.length < context.queue.length) count(mix, 'blocksThatLeaveMessages', 1);
  count(mix, 'callsSent', outbox.filter(({ kind }) => kind === 'call').length);
  count(mix, 'creditsSent', outbox.filter(({ kind }) => kind === 'credit').length);
  const failed = executed.filter(({ deliveredBy, receipt }) => deliveredBy !== null && receipt.status === 0);
  count(mix, 'deliveredCallsThatFailed', failed.length);
  if (context.dispatch) count(mix, 'blocksThatDispatch', 1);
  if (outcome.tips > 0n) count(mix, 'blocksWithTipsForElsewhere', 1);
  if (isEndedByWaste(block, outcome)) count(mix, 'blocksEndedByWaste', 1);
  if (context.shardCount > 1) count(mix, 'blocksWithSeveralShards', 1);
  if (context.height > context.parentChunk.height + 1n) count(mix, 'blocksAfterMissedHeights', 1);
  if (rules.residence(state, context.coinbase) !== context.shard) count(mix, 'blocksWithCoinbaseElsewhere', 1);
  const coinbase = state.account(context.coinbase);
  if (coinbase !== null && state.code(coinbase.codeHash).length > 0) count(mix, 'blocksWithContractAsCoinbase', 1);
}

/** Candidates were left although there was room: too much gas went into attempts that touched other shards. */
function isEndedByWaste({ candidates, context, gasTarget }: TrialBlock, outcome: ChunkOutcome): boolean {
  const { included, rejected, gasUsed } = outcome;
  const isFull = gasUsed >= gasTarget || gasUsed + 21_000n > context.gasLimit;
  return included.length + rejected.length < candidates.length && !isFull;
}

export function count(mix: Mix, feature: string, times: number): void {
  mix.features[feature] = (mix.features[feature] ?? 0) + times;
}

function kindCount(mix: Mix, kind: string): KindCount {
  const known = mix.kinds[kind];
  if (known !== undefined) return known;
  const fresh = { succeeded: 0, failed: 0, dispatched: 0, refused: 0, remote: 0 };
  mix.kinds[kind] = fresh;
  return fresh;
}
