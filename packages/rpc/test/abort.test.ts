import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ClientGoneError } from '../src/errors.ts';
import { RawJson, SILENT_OBSERVER } from '../src/index.ts';
import { MAX_BATCH_MS } from '../src/limits.ts';
import { createDispatcher, type Dispatcher } from '../src/protocol/dispatcher.ts';
import { type MethodTable, method } from '../src/protocol/method.ts';

const SESSION = { loopback: true, sink: null };

function item(id: number | null, name: string): object {
  return id === null ? { jsonrpc: '2.0', method: name } : { jsonrpc: '2.0', id, method: name };
}

/** Calls of `count`, and a method that ends only when it is told to stop. */
function createTarget(): { readonly dispatcher: Dispatcher; readonly calls: string[]; readonly bugs: unknown[] } {
  const calls: string[] = [];
  const bugs: unknown[] = [];
  const table: MethodTable = {
    count: method(0, () => calls.push('count')),
    raw: method(0, () => new RawJson('{"made":["elsewhere"]}')),
    hang: method(0, (_, { signal }) => {
      calls.push('hang');
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }),
  };
  const observer = { ...SILENT_OBSERVER, internalError: (_: string, error: unknown) => bugs.push(error) };
  return { dispatcher: createDispatcher(table, observer), calls, bugs };
}

afterEach(() => {
  jest.useRealTimers();
});

test('text that was made elsewhere is taken in as it is', async () => {
  const { dispatcher } = createTarget();
  const reply = await dispatcher.answer(JSON.stringify(item(1, 'raw')), SESSION, new AbortController().signal);
  expect(reply.text).toBe('{"jsonrpc":"2.0","id":1,"result":{"made":["elsewhere"]}}');
});

describe('a batch', () => {
  test('past its time: the running request stops, the others are refused, notifications are not answered', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate', 'nextTick', 'queueMicrotask'] });
    const { dispatcher, calls, bugs } = createTarget();
    const batch = [item(1, 'count'), item(2, 'hang'), item(3, 'count'), item(null, 'count'), item(4, 'nonsense')];
    const pending = dispatcher.answer(JSON.stringify(batch), SESSION, new AbortController().signal);
    await jest.advanceTimersByTimeAsync(MAX_BATCH_MS);
    const answers: unknown = JSON.parse((await pending).text ?? '');
    const timeout = { code: -32002, message: expect.stringContaining('request timed out') };
    expect(answers).toEqual([
      { jsonrpc: '2.0', id: 1, result: 1 },
      { jsonrpc: '2.0', id: 2, error: timeout },
      { jsonrpc: '2.0', id: 3, error: timeout },
      { jsonrpc: '2.0', id: 4, error: timeout },
    ]);
    expect(calls).toEqual(['count', 'hang']);
    expect(bugs).toEqual([]);
  });

  test('is not gone on with when its client is gone', async () => {
    const { dispatcher, calls, bugs } = createTarget();
    const client = new AbortController();
    const batch = [item(1, 'count'), item(2, 'hang'), item(3, 'count')];
    const pending = dispatcher.answer(JSON.stringify(batch), SESSION, client.signal);
    await sleep(5);
    client.abort(new ClientGoneError());
    await pending;
    expect(calls).toEqual(['count', 'hang']);
    expect(bugs).toEqual([]);
  });
});
