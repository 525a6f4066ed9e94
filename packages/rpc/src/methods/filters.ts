import type { Hex } from '@heddle/primitives';
import { headNumber } from '../chain/resolve.ts';
import { FilterNotFoundError, InvalidParamsError } from '../errors.ts';
import type { FilterState, FilterStore } from '../filters/filter-store.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonValue } from '../json.ts';
import type { JsonText } from '../json-text.ts';
import { MAX_LOG_BLOCKS } from '../limits.ts';
import { rangeNumber } from '../logs/range.ts';
import { type LogSource, logList, queryLogs, scanLogs } from '../logs/scan.ts';
import { parseUint256 } from '../parse/hex.ts';
import type { LogFilter } from '../parse/log-filter.ts';
import { parseLogFilter } from '../parse/log-filter.ts';
import type { ChainReader } from '../ports.ts';
import type { AnswerWork, MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { SerialQueue } from '../serial-queue.ts';
import { createSlicer } from '../slices.ts';

/** Filters that are polled. */
export function filterMethods(source: LogSource, store: FilterStore): MethodTable {
  const { chain } = source;
  // Two polls of one filter at once would both begin at the same block.
  const polls = new SerialQueue<FilterState>();
  return {
    eth_newFilter: method(1, (params) => store.add(logFilterState(chain, params.required(0, parseLogFilter)))),
    eth_newBlockFilter: method(0, () => store.add({ kind: 'blocks', next: headNumber(chain) + 1n })),
    eth_newPendingTransactionFilter: method(0, () => store.add({ kind: 'pending', hashes: [] })),
    eth_uninstallFilter: method(1, (params) => store.remove(params.required(0, parseFilterId))),
    eth_getFilterChanges: method(1, (params, work) => {
      const state = store.use(params.required(0, parseFilterId));
      return polls.run(state, () => changes(source, state, work));
    }),
    eth_getFilterLogs: method(1, (params, work) => allLogs(source, store.use(params.required(0, parseFilterId)), work)),
  };
}

function parseFilterId(value: unknown): Hex {
  return quantity(parseUint256(value));
}

/** Changes begin with the next block, whatever fromBlock is (as in geth); eth_getFilterLogs gives the whole range. */
function logFilterState(chain: ChainReader, { scope, criteria }: LogFilter): FilterState {
  if (scope.kind === 'block') throw new InvalidParamsError('invalid argument 0: a filter cannot have a blockHash');
  const head = headNumber(chain);
  const from = rangeNumber(scope.from, head);
  const to = scope.to.kind === 'number' ? scope.to.number : null;
  if (to !== null && from > to) {
    throw new InvalidParamsError(`invalid block range params: fromBlock ${from} is after toBlock ${to}`);
  }
  return { kind: 'logs', criteria, from, to, next: from > head ? from : head + 1n };
}

async function changes(source: LogSource, state: FilterState, work: AnswerWork): Promise<JsonValue | JsonText> {
  switch (state.kind) {
    case 'pending':
      return state.hashes.splice(0);
    case 'blocks':
      return newBlockHashes(source.chain, state, work);
    case 'logs':
      return newLogs(source, state, work);
  }
}

async function newBlockHashes(
  chain: ChainReader,
  state: FilterState & { readonly kind: 'blocks' },
  work: AnswerWork,
): Promise<JsonValue> {
  const from = state.next;
  const to = lowest(headNumber(chain), from + MAX_LOG_BLOCKS - 1n);
  const hashes: string[] = [];
  const slice = createSlicer(work.signal);
  for (let number = from; number <= to; number++) {
    const block = chain.headerByNumber(number);
    if (block !== null) hashes.push(block.hash);
    await slice();
  }
  state.next = to + 1n;
  return hashes;
}

/** As many whole blocks as one answer takes; the next poll goes on from there. */
async function newLogs(
  source: LogSource,
  state: FilterState & { readonly kind: 'logs' },
  work: AnswerWork,
): Promise<JsonValue | JsonText> {
  const { chain } = source;
  const from = state.next;
  const end = lowest(headNumber(chain), state.to ?? headNumber(chain));
  const to = lowest(end, from + MAX_LOG_BLOCKS - 1n);
  if (from > to) return [];
  const { logs, scannedTo } = await scanLogs(source, state.criteria, { from, to }, work);
  state.next = scannedTo + 1n;
  return logList(logs);
}

async function allLogs(source: LogSource, state: FilterState, work: AnswerWork): Promise<JsonValue | JsonText> {
  if (state.kind !== 'logs') throw new FilterNotFoundError();
  const head = headNumber(source.chain);
  const to = lowest(head, state.to ?? head);
  return state.from > to ? [] : queryLogs(source, state.criteria, { from: state.from, to }, work);
}

function lowest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
