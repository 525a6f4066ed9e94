import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ClientGoneError } from '../src/errors.ts';
import { JsonText, SILENT_OBSERVER } from '../src/index.ts';
import { MAX_BATCH_MS } from '../src/limits.ts';
import { createDispatcher, type Dispatcher } from '../src/protocol/dispatcher.ts';
import { type MethodTable, method } from '../src/protocol/method.ts';
import { testClient, textOf } from './support/client.ts';

const SESSION = { controlRefusal: null, sink: null };

function item(id: number | null, name: string): object {
  return id === null ? { jsonrpc: '2.0', method: name } : { jsonrpc: '2.0', id, method: name };
}

/** Calls of `count`, and a method that ends only when it is told to stop. */
function createTarget(): { readonly dispatcher: Dispatcher; readonly calls: string[]; readonly bugs: unknown[] } {
  const calls: string[] = [];
  const bugs: unknown[] = [];
  const table: MethodTable = {
    count: method(0, () => calls.push('count')),
    later: method(0, async () => calls.push('later')),
    dawdle: method(0, () => {
      jest.advanceTimersByTime(MAX_BATCH_MS);
      return calls.push('dawdle');
    }),
    raw: method(0, () => JsonText.of('{"made":["elsewhere"]}')),
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
  const reply = await dispatcher.answer(JSON.stringify(item(1, 'raw')), testClient(SESSION));
  expect(textOf(reply.text)).toBe('{"jsonrpc":"2.0","id":1,"result":{"made":["elsewhere"]}}');
});

test('a string is what JSON.stringify makes of it, however long', async () => {
  const strings = fc.tuple(fc.string({ unit: 'binary', maxLength: 5 }), fc.nat(3_000)).map(([text, length]) => {
    return `${text}${'ab'.repeat(length)}${text}`;
  });
  await fc.assert(
    fc.asyncProperty(strings, async (result) => {
      const dispatcher = createDispatcher({ tell: method(0, () => result) }, SILENT_OBSERVER);
      const { text } = await dispatcher.answer(JSON.stringify(item(1, 'tell')), testClient(SESSION));
      expect(textOf(text)).toBe(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    }),
  );
});

describe('a request that needs no waiting', () => {
  test('is answered at once', async () => {
    const { dispatcher } = createTarget();
    // The other tests have used up their turn of the event loop. It ends in a callback that was asked for before this one.
    await nextTurn();
    expect(dispatcher.answer(JSON.stringify(item(1, 'raw')), testClient(SESSION))).not.toBeInstanceOf(Promise);
  });

  test('keeps its place in a batch among those that wait', async () => {
    const { dispatcher } = createTarget();
    const batch = ['count', 'later', 'count', 'count', 'later', 'count'].map((name, id) => item(id, name));
    const reply = await dispatcher.answer(JSON.stringify(batch), testClient(SESSION));
    const answers = [1, 2, 3, 4, 5, 6].map((result, id) => ({ jsonrpc: '2.0', id, result }));
    expect(JSON.parse(textOf(reply.text))).toEqual(answers);
  });

  test('does not hide from a batch that its time is over', async () => {
    const notFaked = ['setImmediate', 'setTimeout', 'nextTick', 'queueMicrotask'] as const;
    jest.useFakeTimers({ doNotFake: [...notFaked] });
    // A turn that began before, by the other clock, would have no end. A timer may be due before it is over; this is not.
    await nextTurn();
    const { dispatcher, calls } = createTarget();
    const batch = [item(1, 'count'), item(2, 'dawdle'), item(3, 'count')];
    const reply = await dispatcher.answer(JSON.stringify(batch), testClient(SESSION));
    expect(calls).toEqual(['count', 'dawdle']);
    expect(JSON.parse(textOf(reply.text))).toMatchObject([{ result: 1 }, { result: 2 }, { error: { code: -32002 } }]);
  });
});

describe('a batch', () => {
  test('past its time: the running request stops, the others are refused, notifications are not answered', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate', 'nextTick', 'queueMicrotask'] });
    const { dispatcher, calls, bugs } = createTarget();
    const batch = [item(1, 'count'), item(2, 'hang'), item(3, 'count'), item(null, 'count'), item(4, 'nonsense')];
    const pending = dispatcher.answer(JSON.stringify(batch), testClient(SESSION));
    await jest.advanceTimersByTimeAsync(MAX_BATCH_MS);
    const answers: unknown = JSON.parse(textOf((await pending).text));
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
    const pending = dispatcher.answer(JSON.stringify(batch), testClient(SESSION, client.signal));
    await sleep(5);
    client.abort(new ClientGoneError());
    await pending;
    expect(calls).toEqual(['count', 'hang']);
    expect(bugs).toEqual([]);
  });
});
