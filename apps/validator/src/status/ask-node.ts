import { MAX_STATUS_BYTES, STATUS_ANSWER_MS } from '../limits.ts';

/** Posts a JSON-RPC request, or a batch of them, to a node; the text that it answers. Rejects where it does not, in time and size. */
export async function askNode(url: string, request: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(STATUS_ANSWER_MS),
  });
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_STATUS_BYTES) throw new Error('it answers more than a Heddle node would');
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
