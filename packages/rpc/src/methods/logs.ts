import { BlockNotFoundError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { ITEM_BYTES } from '../limits.ts';
import { resolveRange } from '../logs/range.ts';
import { checkCount, logsOfBlock, queryLogs } from '../logs/scan.ts';
import type { LogFilter } from '../parse/log-filter.ts';
import { parseLogFilter } from '../parse/log-filter.ts';
import type { ChainReader } from '../ports.ts';
import type { AnswerWork, MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

export function logMethods(chain: ChainReader): MethodTable {
  return {
    eth_getLogs: method(1, (params, work) => getLogs(chain, params.required(0, parseLogFilter), work)),
  };
}

async function getLogs(chain: ChainReader, { scope, criteria }: LogFilter, work: AnswerWork): Promise<JsonValue> {
  if (scope.kind === 'range') return queryLogs(chain, criteria, resolveRange(chain, scope.from, scope.to), work);
  const block = await chain.blockByHash(scope.hash);
  if (block === null) throw new BlockNotFoundError(`unknown block ${scope.hash}`);
  const logs = logsOfBlock(block, criteria);
  checkCount(logs);
  work.takeRoom(logs.length * ITEM_BYTES);
  return logs;
}
