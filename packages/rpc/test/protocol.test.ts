import { describe, expect, test } from '@jest/globals';
import { MAX_BATCH_ITEMS } from '../src/limits.ts';
import { errorOf, useServer } from './support/harness.ts';

const harness = useServer();
const request = (id: unknown, method = 'eth_chainId', extra: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  ...extra,
});
const post = (message: unknown): Promise<unknown> => harness().post(JSON.stringify(message));

describe('one request', () => {
  test.each([
    ['absent', {}],
    ['null', { params: null }],
    ['empty', { params: [] }],
    ['an empty object', { params: {} }],
  ])('params %s is none', async (_, extra) => {
    expect(await post(request(1, 'eth_chainId', extra))).toEqual({ jsonrpc: '2.0', id: 1, result: '0x7a69' });
  });

  test.each([['text'], [''], [0], [-7], [1.5], [null]])('repeats the id %p', async (id) => {
    expect(await post(request(id))).toEqual({ jsonrpc: '2.0', id, result: '0x7a69' });
  });

  test('an unknown method is −32601 and names it', async () => {
    expect(await harness().fail('eth_nonsense')).toEqual({
      code: -32601,
      message: 'the method eth_nonsense does not exist/is not available',
      data: undefined,
    });
    expect((await harness().fail('constructor')).code).toBe(-32601);
    expect((await harness().fail('__proto__')).code).toBe(-32601);
  });

  test('parameters by name, too many and of the wrong kind', async () => {
    expect(errorOf(await post(request(1, 'eth_chainId', { params: { a: 1 } }))).code).toBe(-32602);
    expect(await harness().fail('eth_chainId', 1)).toMatchObject({
      code: -32602,
      message: 'too many arguments, want at most 0',
    });
    expect(errorOf(await post(request(1, 'eth_chainId', { params: 'x' }))).code).toBe(-32600);
  });

  test('a notification gets no answer', async () => {
    const response = await fetch(harness().url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","method":"eth_chainId"}',
    });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  test.each(['{', '', 'null,', '{"jsonrpc":"2.0",}'])('%p is not JSON: −32700 with id null', async (text) => {
    const answer = await harness().post(text);
    expect(errorOf(answer).code).toBe(-32700);
    expect(answer).toMatchObject({ id: null });
  });

  test.each([
    ['a number', 5],
    ['null', null],
    ['a string', 'eth_chainId'],
    ['no method', { jsonrpc: '2.0', id: 1 }],
    ['a method that is no string', request(1, 'x', { method: 5 })],
    ['another version', { id: 1, method: 'eth_chainId', jsonrpc: '1.0' }],
    ['no version', { id: 1, method: 'eth_chainId' }],
    ['an object for an id', request({})],
    ['a boolean for an id', request(true)],
  ])('%s is −32600', async (_, message) => {
    expect(errorOf(await post(message)).code).toBe(-32600);
  });
});

describe('batches', () => {
  test('answer in order, repeated ids included, notifications left out', async () => {
    const batch = [request('a'), request(1), { jsonrpc: '2.0', method: 'eth_chainId' }, request(1, 'net_version'), 7];
    expect(await post(batch)).toEqual([
      { jsonrpc: '2.0', id: 'a', result: '0x7a69' },
      { jsonrpc: '2.0', id: 1, result: '0x7a69' },
      { jsonrpc: '2.0', id: 1, result: '31337' },
      { jsonrpc: '2.0', id: null, error: expect.objectContaining({ code: -32600 }) },
    ]);
  });

  test('an empty one is an error, one of notifications only has no answer', async () => {
    expect(errorOf(await post([]))).toMatchObject({ code: -32600, message: 'invalid request: empty batch' });
    expect(await post([{ jsonrpc: '2.0', method: 'eth_chainId' }])).toBeNull();
  });

  test('as many as are allowed, and one more', async () => {
    const most = Array.from({ length: MAX_BATCH_ITEMS }, (_, id) => request(id));
    expect(await post(most)).toHaveLength(MAX_BATCH_ITEMS);
    const error = errorOf(await post([...most, request(0)]));
    expect(error.code).toBe(-32600);
    expect(error.message).toContain('at most 1000');
  });

  test('past 25 MB the rest is refused, each with its own id', async () => {
    const code = new Uint8Array(4_000_000).fill(0xab);
    harness().node.chain.setAccount('0x00000000000000000000000000000000000000aa', { code });
    const params = ['0x00000000000000000000000000000000000000aa', 'latest'];
    const answers = await post([1, 2, 3, 4, 5].map((id) => request(id, 'eth_getCode', { params })));
    const list = Array.isArray(answers) ? answers : [];
    expect(list.map((answer) => 'result' in answer)).toEqual([true, true, true, false, false]);
    expect(list.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(errorOf(list[4]).code).toBe(-32000);
    expect(errorOf(list[4]).message).toContain('response too large');
  });
});

test('a request that is not let in yet waits', async () => {
  let open = (): void => {};
  harness().node.admission = new Promise((resolve) => {
    open = resolve;
  });
  const answers: unknown[] = [];
  const answered = post(request(1)).then((answer) => answers.push(answer));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answers).toEqual([]);
  open();
  await answered;
  expect(answers).toEqual([{ jsonrpc: '2.0', id: 1, result: '0x7a69' }]);
});
