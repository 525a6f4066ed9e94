import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FakeNode } from './support/fake-node.ts';
import { methodTable } from './support/method-table.ts';

const PAGE = readFileSync(new URL('../../../docs/json-rpc.md', import.meta.url), 'utf8');
const REFUSED = '## Not answered, on principle';

interface Row {
  readonly name: string;
  readonly isControl: boolean;
}

/** Methods that rows of the section's tables begin with. */
function rowsOf(section: string): readonly Row[] {
  return [...section.matchAll(/^\| `([a-z0-9]+_[A-Za-z0-9_]+)`( ✎)? \|/gm)].map(([, name = '', mark]) => ({
    name,
    isControl: mark !== undefined,
  }));
}

const sections = PAGE.split(/^(?=## )/m);
const documented = sections.filter((section) => !section.startsWith(REFUSED)).flatMap(rowsOf);
const table = methodTable(new FakeNode().backend(true));

test('the page has each method of the node once, and no other', () => {
  expect(documented.map(({ name }) => name).toSorted()).toEqual(Object.keys(table).toSorted());
});

test('the page marks the control methods', () => {
  const control = documented.filter(({ isControl }) => isControl).map(({ name }) => name);
  const real = documented.filter(({ name }) => table[name]?.access === 'control').map(({ name }) => name);
  expect(control).toEqual(real);
});

test('what is refused on principle is not answered', () => {
  const refused = rowsOf(sections.find((section) => section.startsWith(REFUSED)) ?? '');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter(({ name }) => Object.hasOwn(table, name))).toEqual([]);
});
