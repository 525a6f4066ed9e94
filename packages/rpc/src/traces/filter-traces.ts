import { stateNumber } from '../chain/resolve.ts';
import { InvalidParamsError, ResponseTooLargeError } from '../errors.ts';
import { type JsonText, jsonList } from '../json-text.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import type { TraceFilter } from '../parse/trace-filter.ts';
import type { ChainReader, TraceExecutor } from '../ports.ts';

/** trace_filter: block by block, until there are as many as were asked for. At most `mostBlocks` blocks. */
export async function filterTraces(
  chain: ChainReader,
  traces: TraceExecutor,
  filter: TraceFilter,
  mostBlocks: bigint,
  signal: AbortSignal,
): Promise<JsonText> {
  const first = await stateNumber(chain, filter.from);
  const last = await stateNumber(chain, filter.to);
  if (first > last) throw new InvalidParamsError(`invalid block range: fromBlock ${first} is above toBlock ${last}`);
  if (last - first >= mostBlocks) {
    const fitting = `${first} to ${first + mostBlocks - 1n}`;
    throw new InvalidParamsError(
      `block range too large: at most ${mostBlocks} blocks are traced at once, e.g. ${fitting}`,
    );
  }
  const { fromAddress: from, toAddress: to, both } = filter;
  const texts: string[] = [];
  let length = 0;
  let after = filter.after;
  let count = filter.count ?? Number.MAX_SAFE_INTEGER;
  for (let number = first; number <= last && count > 0; number += 1n) {
    const selection = { kind: 'calls', from, to, both, at: null, after, count } as const;
    const { text, matched } = await traces.block(number, selection, signal);
    count -= Math.min(Math.max(matched - after, 0), count);
    after = Math.max(after - matched, 0);
    if (text === '[]') continue;
    length += text.length;
    if (length > MAX_RESPONSE_LENGTH) throw new ResponseTooLargeError(MAX_RESPONSE_LENGTH);
    texts.push(text.slice(1, -1));
  }
  return jsonList(texts);
}
