import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const FOLDERS = ['packages', 'apps', 'scripts', 'benchmarks', 'docs', 'test-fixtures'];
const SKIPPED = new Set(['node_modules', 'coverage']);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = [
  ...readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
  ...FOLDERS.flatMap(filesBelow),
];
/** Ends of paths by which a document may name a file, with `src/` or without it. */
const names = new Set(
  files.flatMap((file) => [file, file.replace('/src/', '/')].flatMap((path) => endsOf(path.split('/')))),
);

function endsOf(parts: readonly string[]): readonly string[] {
  return parts.map((_, from) => parts.slice(from).join('/'));
}

/** Sources that a document names in code quotes, such as `chunk/deliver.ts`. */
function namedSources(document: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/`([\w./-]+\.(?:ts|sol|mjs))`/g)].map(([, name = '']) =>
    name.replace(/^(?:\.{1,2}\/)+/, ''),
  );
}

test.each(files.filter((file) => file.endsWith('.md')))('%s names only files that are there', (document) => {
  expect(namedSources(document).filter((name) => !names.has(name))).toEqual([]);
});

test('a name that is no file is noticed', () => {
  expect(names.has('sharding/shard-rules.ts')).toBe(true);
  expect(names.has('packages/sharding/src/shard-rules.ts')).toBe(true);
  expect(names.has('cross-shard/shard-rules.ts')).toBe(false);
});
