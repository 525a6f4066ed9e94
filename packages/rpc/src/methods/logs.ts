import type { Hash } from '@heddle/types';
import { BlockNotFoundError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import type { JsonText } from '../json-text.ts';
import { ITEM_BYTES } from '../limits.ts';
import type { LogCriteria } from '../logs/criteria.ts';
import { resolveRange } from '../logs/range.ts';
import { checkCount, type LogSource, logList, logsOfBlock, queryLogs } from '../logs/scan.ts';
import type { LogFilter } from '../parse/log-filter.ts';
import { parseLogFilter } from '../parse/log-filter.ts';
import type { AnswerWork, MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

export function logMethods(source: LogSource): MethodTable {
  return {
    eth_getLogs: method(1, (params, work) => getLogs(source, params.required(0, parseLogFilter), work)),
  };
}

function getLogs(source: LogSource, { scope, criteria }: LogFilter, work: AnswerWork): Eventual<JsonText> {
  if (scope.kind === 'range') {
    return queryLogs(source, criteria, resolveRange(source.chain, scope.from, scope.to), work);
  }
  return logsOfHash(source, criteria, scope.hash, work);
}

async function logsOfHash(
  { chain, texts }: LogSource,
  criteria: LogCriteria,
  hash: Hash,
  work: AnswerWork,
): Promise<JsonText> {
  const block = await chain.blockByHash(hash);
  if (block === null) throw new BlockNotFoundError(`unknown block ${hash}`);
  const logs = logsOfBlock(block, criteria, texts);
  checkCount(logs);
  work.takeRoom(logs.length * ITEM_BYTES);
  return logList(logs);
}
