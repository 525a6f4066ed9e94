/** One call of a batch. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Calls of one HTTP request at most: the server refuses longer batches. */
const MAX_BATCH = 500;

/** Many calls over HTTP in few requests; the results in the order of the calls. Throws on the first error. */
export async function rpcBatch(url: string, calls: readonly RpcCall[]): Promise<readonly unknown[]> {
  const results: unknown[] = [];
  for (let from = 0; from < calls.length; from += MAX_BATCH) {
    results.push(...(await sendBatch(url, calls.slice(from, from + MAX_BATCH))));
  }
  return results;
}

async function sendBatch(url: string, calls: readonly RpcCall[]): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }))),
  });
  const answers: unknown = JSON.parse(await response.text());
  if (!Array.isArray(answers) || answers.length !== calls.length) throw new Error(`the batch came back as ${answers}`);
  const results = new Array<unknown>(calls.length).fill(undefined);
  for (const answer of answers) {
    if (answer.error !== undefined) throw new Error(`${calls[answer.id]?.method}: ${answer.error.message}`);
    results[answer.id] = answer.result;
  }
  return results;
}
