import { STATUS_ANSWER_MS } from '../limits.ts';

/** Posts a JSON-RPC request, or a batch of them, to a node; the text that it answers. Rejects where it does not in time. */
export async function askNode(url: string, request: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(STATUS_ANSWER_MS),
  });
  return response.text();
}
