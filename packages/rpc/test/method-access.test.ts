import { expect, test } from '@jest/globals';
import { FakeNode } from './support/fake-node.ts';
import { methodTable } from './support/method-table.ts';

/** Names whose methods change something, or sign with a key of the node. eth_sendRawTransaction is signed by its user. */
const CONTROL = /^(?:(?:anvil|evm|hardhat|heddle|personal|tenderly)_|eth_(?:send(?!RawTransaction)|sign)|wallet_send)/;

test('a method is a control method exactly when its name says that it changes something', () => {
  const table = methodTable(new FakeNode().backend(true));
  const names = Object.keys(table);
  const control = names.filter((name) => table[name]?.access === 'control');
  expect(control).toEqual(names.filter((name) => CONTROL.test(name)));
  expect(control).toEqual(expect.arrayContaining(['eth_sendTransaction', 'personal_sign', 'heddle_stopValidator']));
  expect(control).not.toContain('eth_sendRawTransaction');
});
