import { DIRECTORY_ADDRESS } from '@heddle/types';
import { expect, test } from '@jest/globals';
import { Impersonation } from '../src/devnet/impersonation.ts';
import { MAX_IMPERSONATED_ACCOUNTS } from '../src/limits.ts';

const addressOf = (id: number): `0x${string}` => `0x${id.toString(16).padStart(40, '0')}`;

test('accounts are impersonated from when they are added until they are removed', () => {
  const accounts = new Impersonation();
  expect(accounts.has(addressOf(1))).toBe(false);
  expect([accounts.add(addressOf(1)), accounts.add(addressOf(1)), accounts.add(addressOf(2))]).toEqual([
    true,
    false,
    true,
  ]);
  expect(accounts.addresses()).toEqual([addressOf(1), addressOf(2)]);
  expect([accounts.remove(addressOf(1)), accounts.remove(addressOf(1))]).toEqual([true, false]);
  expect([1, 2, 3].map((id) => accounts.has(addressOf(id)))).toEqual([false, true, false]);
});

test('all of them are while that is on, without being listed', () => {
  const accounts = new Impersonation();
  accounts.setAll(true);
  expect(accounts.has(addressOf(7))).toBe(true);
  expect(accounts.addresses()).toEqual([]);
  accounts.setAll(false);
  expect(accounts.has(addressOf(7))).toBe(false);
});

test('a system account of each shard never is', () => {
  const accounts = new Impersonation();
  expect(() => accounts.add(DIRECTORY_ADDRESS)).toThrow('sends no transactions');
  accounts.setAll(true);
  expect(accounts.has(DIRECTORY_ADDRESS)).toBe(false);
});

test('there is a limit to those that are added', () => {
  const accounts = new Impersonation();
  for (let id = 1; id <= MAX_IMPERSONATED_ACCOUNTS; id++) accounts.add(addressOf(id));
  expect(() => accounts.add(addressOf(0))).toThrow('impersonated already');
  expect(accounts.add(addressOf(1))).toBe(false);
});
