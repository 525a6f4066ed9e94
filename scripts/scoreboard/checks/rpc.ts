/** What a node answers to one request, errors included. */
export interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

const LIMIT_MS = 15_000;

/** Throws only when there is no answer. */
export async function ask(url: string, method: string, params: readonly unknown[]): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const answer: Answer = JSON.parse(await response.text());
  return answer;
}
