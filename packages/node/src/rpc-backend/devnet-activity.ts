import { type FinalBlock, RpcError, type TraceExecutor } from '@heddle/rpc';
import type { TransactionConsole } from '@heddle/simulation';
import { revertReason } from '@heddle/types';
import type {
  ConsoleCall,
  DevnetActivity,
  TransactionFailure,
  TransactionInsight,
  TransactionReport,
} from '../devnet/activity.ts';
import { INSIGHT_MS, MAX_INSIGHT_TRANSACTIONS } from '../limits.ts';
import type { Listeners } from '../listeners.ts';
import type { NodeGroup } from './node-group.ts';
import { StateAt } from './state-at.ts';

type Replays = Pick<TraceExecutor, 'console' | 'consoleUsers'>;

/** geth's word for a failure whose output says more. */
const REVERTED = 'execution reverted';

const NOTHING: TransactionInsight = { failure: null, console: [] };

/** What the devnet's log is made from. */
export function createDevnetActivity(
  group: NodeGroup,
  replays: Replays,
  consoleCalls: Listeners<ConsoleCall>,
  shardCount: number,
): DevnetActivity {
  return {
    shardCount,
    onTransactions: (listener) =>
      group.onBlock((block) => {
        if (block.executed.length > 0) listener(reportsOf(block));
      }),
    onConsole: (listener) => consoleCalls.add(listener),
    insights: (reports) => insightsOf(reports, replays),
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

async function insightsOf(
  reports: readonly TransactionReport[],
  replays: Replays,
): Promise<readonly TransactionInsight[]> {
  const signal = AbortSignal.timeout(INSIGHT_MS);
  try {
    const said = new Map<string, TransactionConsole>();
    for (const one of await replay(reports, replays, signal)) said.set(one.transactionHash, one);
    return reports.map(({ transaction }) => insightFrom(said.get(transaction.hash)));
  } catch (error) {
    // Too busy, too long, or a state that is not kept any more: the log says less.
    if (signal.aborted || error instanceof RpcError) return reports.map(() => NOTHING);
    throw error;
  }
}

/** Only those that failed, and those that may have said something. */
async function replay(
  reports: readonly TransactionReport[],
  replays: Replays,
  signal: AbortSignal,
): Promise<readonly TransactionConsole[]> {
  const [first] = reports;
  if (first === undefined) return [];
  // The access lists of a large block are not decoded for that.
  const isLarge = first.blockTransactionCount > MAX_INSIGHT_TRANSACTIONS;
  const speakers = new Set(isLarge ? [] : replays.consoleUsers(first.blockNumber));
  const wanted = reports
    .filter(({ receipt, transaction }) => receipt.status === 0 || speakers.has(transaction.hash))
    .map(({ transaction }) => transaction.hash);
  return wanted.length === 0 ? [] : await replays.console(first.blockNumber, wanted, signal);
}

function insightFrom(said: TransactionConsole | undefined): TransactionInsight {
  return said === undefined ? NOTHING : { failure: failureIn(said), console: said.inputs };
}

function failureIn({ failure, output }: TransactionConsole): TransactionFailure | null {
  if (failure === null) return null;
  if (failure !== REVERTED) return { kind: 'halt', reason: failure };
  return { kind: 'revert', reason: revertReason(output), data: output };
}
