import { balanceOf, type Content } from './content.ts';

/** Requests of a batch. */
export const BATCH = 100;

/** What is asked again and again, by name. */
export const READS = {
  eth_blockNumber: () => [],
  eth_getBalance: ({ owner }: Content) => [owner, 'latest'],
  eth_call: ({ token, owner }: Content) => [{ to: token, data: balanceOf(owner) }, 'latest'],
  eth_getBlockByNumber: ({ block }: Content) => [block, true],
  eth_getLogs: ({ token, block }: Content) => [{ address: token, fromBlock: block, toBlock: 'latest' }],
} as const satisfies Readonly<Record<string, (content: Content) => readonly unknown[]>>;

export type ReadName = keyof typeof READS;

export const SEND = 'eth_sendRawTransaction';

export const METHODS = [
  'eth_blockNumber',
  'eth_getBalance',
  'eth_call',
  'eth_getBlockByNumber',
  'eth_getLogs',
  SEND,
] as const satisfies readonly (ReadName | typeof SEND)[];

export type MethodName = (typeof METHODS)[number];

/** The request, or a batch of it. */
export function readMessage(name: ReadName, content: Content, isBatch: boolean): string {
  const { [name]: params } = READS;
  const ask = params(content);
  return isBatch
    ? batchMessage(
        name,
        Array.from({ length: BATCH }, () => ask),
      )
    : request(0, name, ask);
}

export function sendMessage(raw: string): string {
  return request(0, SEND, [raw]);
}

export function sendBatch(raws: readonly string[]): string {
  return batchMessage(
    SEND,
    raws.map((raw) => [raw]),
  );
}

function batchMessage(method: string, params: readonly (readonly unknown[])[]): string {
  return `[${params.map((ask, id) => request(id, method, ask)).join(',')}]`;
}

function request(id: number, method: string, params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
