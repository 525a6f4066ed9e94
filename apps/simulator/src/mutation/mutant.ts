import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { MutantError } from '../errors.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const SUFFIX = '.mutants.json';

/** A seeded bug: one text of one source file replaced by another. It stands beside the rule that it breaks. */
export interface Mutant {
  readonly name: string;
  /** What it breaks, as the headers of the sources call it: `N6`, `journal order`. */
  readonly rule: string;
  /** Occurs exactly once in `file`. */
  readonly find: string;
  readonly replace: string;
  /** Who has to catch it, and with how many seeds (0 … seeds−1). */
  readonly scenario: string;
  readonly seeds: number;
  /** From the repository's root, with forward slashes. */
  readonly file: string;
}

/** Every mutant of every package, by file and in the order of its list. Throws MutantError. */
export function readMutants(): readonly Mutant[] {
  const packages = readdirSync(join(ROOT, 'packages')).sort();
  const lists = packages.flatMap((name) => listsIn(join(ROOT, 'packages', name, 'src')));
  const mutants = lists.flatMap(readList);
  const names = mutants.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new MutantError(twice, 'two mutants have this name');
  return mutants;
}

/** The source with the bug in it. Throws MutantError unless there is exactly one place for it. */
export function mutated(source: string, { name, file, find, replace }: Mutant): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new MutantError(name, `its text occurs ${places} times in ${file}, not once`);
  return source.replace(find, () => replace);
}

/** The absolute path of the file that a mutant changes. */
export function pathOf({ file }: Mutant): string {
  return join(ROOT, file);
}

function listsIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .filter((entry) => entry.endsWith(SUFFIX))
    .sort()
    .map((entry) => join(folder, entry));
}

function readList(path: string): readonly Mutant[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(list)) throw new MutantError(path, 'the file is not a list');
  const file = relative(ROOT, path).replaceAll('\\', '/').slice(0, -SUFFIX.length);
  return list.map((item: unknown) => readMutant(item, `${file}.ts`));
}

function readMutant(item: unknown, file: string): Mutant {
  const fields = new Map(Object.entries(typeof item === 'object' && item !== null ? item : {}));
  const text = (key: string): string => {
    const value = fields.get(key);
    if (typeof value === 'string' && (value !== '' || key === 'replace')) return value;
    throw new MutantError(String(fields.get('name') ?? file), `"${key}" is missing`);
  };
  const [name, rule, find, replace] = [text('name'), text('rule'), text('find'), text('replace')];
  const seeds = fields.get('seeds');
  if (typeof seeds !== 'number' || !Number.isInteger(seeds) || seeds < 1)
    throw new MutantError(name, '"seeds" is not a number');
  if (find === replace) throw new MutantError(name, 'it changes nothing');
  return { name, rule, find, replace, scenario: text('scenario'), seeds, file };
}
