import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SILENT_OBSERVER } from '../src/index.ts';
import { isUncheckedObject } from '../src/json.ts';
import type { Dispatcher } from '../src/protocol/dispatcher.ts';
import { createDispatcher } from '../src/protocol/dispatcher.ts';
import { testClient, textOf } from './support/client.ts';
import { ALICE, BOB, FakeNode } from './support/fake-node.ts';
import { methodTable } from './support/method-table.ts';

const CLIENT = testClient({ controlRefusal: null, sink: { isOpen: true, notify: () => {} } });
const HASH = `0x${'12'.repeat(32)}`;

interface Target {
  readonly dispatcher: Dispatcher;
  readonly methods: readonly string[];
  readonly bugs: unknown[];
}

function createTarget(): Target {
  const backend = new FakeNode().backend(true);
  const table = methodTable(backend);
  const bugs: unknown[] = [];
  const observer = { ...SILENT_OBSERVER, internalError: (_: string, error: unknown) => bugs.push(error) };
  return { dispatcher: createDispatcher(table, observer), methods: Object.keys(table), bugs };
}

/** What stands in requests, right and wrong, so that the fuzzer gets past the first check. */
const atoms = fc.constantFrom<unknown>(
  ...[null, true, 0, 1, -1, 2.5, '', '0x', '0x0', '0x1', '0x00', '0x5208', '0xffffffffffffffff', `0x${'f'.repeat(64)}`],
  ...[ALICE, BOB, HASH, 'latest', 'pending', 'earliest', 'logs', 'newHeads', 'x', [], {}, [[]], '0x2', '0x4', '{}'],
);
const keys = fc.constantFrom(
  ...['from', 'to', 'gas', 'value', 'data', 'input', 'type', 'nonce', 'gasPrice', 'maxFeePerGas', 'accessList'],
  ...['authorizationList', 'address', 'topics', 'fromBlock', 'toBlock', 'blockHash', 'blockNumber', 'storageKeys'],
  ...['types', 'domain', 'message', 'primaryType', 'state', 'stateDiff', 'balance', 'r', 's', 'v', '__proto__', ALICE],
);
const values = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: atoms },
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(keys, tie('node'), { maxKeys: 6 }),
    fc.jsonValue(),
  ),
})).node;

describe('whatever is sent', () => {
  test('is answered, and never as a bug of the node', async () => {
    const { dispatcher, methods, bugs } = createTarget();
    const params = fc.oneof(fc.array(values, { maxLength: 5 }), values);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), params, async (method, sent) => {
        const { text } = await dispatcher.answer(
          JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: sent }),
          CLIENT,
        );
        const answer: unknown = JSON.parse(textOf(text));
        if (!isUncheckedObject(answer)) throw new Error('no answer');
        expect(answer.jsonrpc).toBe('2.0');
        expect(Object.hasOwn(answer, 'result') !== Object.hasOwn(answer, 'error')).toBe(true);
        expect(bugs).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test('any text, any JSON: an answer that is JSON, or none', async () => {
    const { dispatcher, bugs } = createTarget();
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.json(), { maxLength: 3 }).map((list) => `[${list.join()}]`),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (sent) => {
        const { text } = await dispatcher.answer(sent, CLIENT);
        expect(() => JSON.parse(textOf(text))).not.toThrow();
        expect(bugs).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('nesting that would exhaust a stack', async () => {
    const { dispatcher, bugs } = createTarget();
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    for (const params of [
      `[${deep}]`,
      `[{"accessList":${deep}}]`,
      `["${ALICE}",{"types":{},"domain":{},"message":${deep}}]`,
    ]) {
      const method = params.startsWith(`["`) ? 'eth_signTypedData_v4' : 'eth_call';
      const { text } = await dispatcher.answer(
        `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`,
        CLIENT,
      );
      expect(textOf(text)).toContain('"code":-32');
    }
    expect(bugs).toEqual([]);
  });
});
