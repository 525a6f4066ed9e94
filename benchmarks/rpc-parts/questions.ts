import { balanceOf, type Content } from './content.ts';

/** Requests of a batch. */
export const BATCH = 100;

export type ReadName = 'eth_blockNumber' | 'eth_getBalance' | 'eth_call' | 'eth_getBlockByNumber' | 'eth_getLogs';

/** What is asked again and again, by name. */
export const READS: Readonly<Record<ReadName, (content: Content) => readonly unknown[]>> = {
  eth_blockNumber: () => [],
  eth_getBalance: ({ owner }) => [owner, 'latest'],
  eth_call: ({ token, owner }) => [{ to: token, data: balanceOf(owner) }, 'latest'],
  eth_getBlockByNumber: ({ block }) => [block, true],
  eth_getLogs: ({ token, block }) => [{ address: token, fromBlock: block, toBlock: 'latest' }],
};

export const SEND = 'eth_sendRawTransaction';

export type MethodName = ReadName | typeof SEND;

export const METHODS: readonly MethodName[] = [
  'eth_blockNumber',
  'eth_getBalance',
  'eth_call',
  'eth_getBlockByNumber',
  'eth_getLogs',
  SEND,
];

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
