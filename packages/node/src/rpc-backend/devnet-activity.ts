import type { CallExecutor, CallOutcome, CallPlace, FinalBlock } from '@heddle/rpc';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { revertReason } from '@heddle/types';
import type { DevnetActivity, TransactionFailure, TransactionReport } from '../devnet/activity.ts';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

/** What the devnet's log is made from. */
export function createDevnetActivity(group: NodeGroup, calls: CallExecutor, shardCount: number): DevnetActivity {
  return {
    shardCount,
    onTransactions: (listener) =>
      group.onBlock((block) => {
        if (block.executed.length > 0) listener(reportsOf(block));
      }),
    onConsole: () => () => {},
    insights: (reports) =>
      Promise.all(reports.map(async (report) => ({ failure: await failureOf(report, calls), console: [] }))),
    shardsOf: (addresses) =>
      group.read(({ chain }) => {
        const state = new StateAt(chain, chain.tree.root.height);
        return [...new Set(addresses.map((address) => state.residence(address)))].sort((a, b) => a - b);
      }),
  };
}

function reportsOf({ block, executed }: FinalBlock): readonly TransactionReport[] {
  return executed.map(({ transaction, receipt, gasUsed, effectiveGasPrice, contractAddress, way, executedShard }) => ({
    transaction,
    receipt,
    gasUsed,
    effectiveGasPrice,
    contractAddress,
    way,
    executedShard,
    blockNumber: block.header.number,
    blockTransactionCount: executed.length,
  }));
}

async function failureOf(report: TransactionReport, calls: CallExecutor): Promise<TransactionFailure | null> {
  // What stood before it in its block is not in the state that a call sees.
  if (report.receipt.status === 1 || report.blockTransactionCount > 1) return null;
  const { fields, sender } = report.transaction;
  const request = {
    from: sender,
    to: fields.to,
    gas: fields.gasLimit,
    maxFeePerGas: report.effectiveGasPrice,
    maxPriorityFeePerGas: null,
    value: fields.value,
    data: fields.data,
    accessList: 'accessList' in fields ? fields.accessList : [],
    authorizationList: 'authorizationList' in fields ? fields.authorizationList : [],
  };
  try {
    const outcome = await calls.call(request, placeAt(report.blockNumber - 1n), new AbortController().signal);
    return isSame(outcome, report) ? failureIn(outcome) : null;
  } catch {
    return null;
  }
}

function placeAt(number: bigint): CallPlace {
  return { number, overrides: new Map(), blockOverrides: NO_BLOCK_OVERRIDES };
}

function isSame(outcome: CallOutcome, { gasUsed }: TransactionReport): boolean {
  return outcome.kind !== 'invalid' && outcome.gasUsed === gasUsed;
}

function failureIn(outcome: CallOutcome): TransactionFailure | null {
  switch (outcome.kind) {
    case 'revert':
      return { kind: 'revert', reason: revertReason(outcome.returnData), data: outcome.returnData };
    case 'halt':
      return { kind: 'halt', reason: outcome.reason };
    case 'success':
    case 'invalid':
      return null;
  }
}
