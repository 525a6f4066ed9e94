import { expect, test } from '@jest/globals';
import { FilterStore } from '../src/filters/filter-store.ts';
import { createMethodTable } from '../src/methods/table.ts';
import { SubscriptionHub } from '../src/subscriptions/subscription-hub.ts';
import { FakeNode } from './support/fake-node.ts';

/** Names whose methods change something, or sign with a key of the node. eth_sendRawTransaction is signed by its user. */
const CONTROL = /^(?:(?:anvil|evm|hardhat|heddle|personal)_|eth_(?:send(?!RawTransaction)|sign)|wallet_send)/;

test('a method is a control method exactly when its name says that it changes something', () => {
  const table = createMethodTable(new FakeNode().backend(true), new FilterStore(() => 0), new SubscriptionHub());
  const names = Object.keys(table);
  const control = names.filter((name) => table[name]?.access === 'control');
  expect(control).toEqual(names.filter((name) => CONTROL.test(name)));
  expect(control).toEqual(expect.arrayContaining(['eth_sendTransaction', 'personal_sign', 'heddle_stopValidator']));
  expect(control).not.toContain('eth_sendRawTransaction');
});
