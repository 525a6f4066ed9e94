import { BlockNotFoundError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { resolveRange } from '../logs/range.ts';
import { checkCount, logsOfBlock, queryLogs } from '../logs/scan.ts';
import type { LogFilter } from '../parse/log-filter.ts';
import { parseLogFilter } from '../parse/log-filter.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

export function logMethods(chain: ChainReader): MethodTable {
  return {
    eth_getLogs: method(1, (params, { signal }) => getLogs(chain, params.required(0, parseLogFilter), signal)),
  };
}

async function getLogs(chain: ChainReader, { scope, criteria }: LogFilter, signal: AbortSignal): Promise<JsonValue> {
  if (scope.kind === 'range') return queryLogs(chain, criteria, resolveRange(chain, scope.from, scope.to), signal);
  const block = await chain.blockByHash(scope.hash);
  if (block === null) throw new BlockNotFoundError(`unknown block ${scope.hash}`);
  const logs = logsOfBlock(block, criteria);
  checkCount(logs);
  return logs;
}
