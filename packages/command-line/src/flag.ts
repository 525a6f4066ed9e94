import { assert } from '@heddle/primitives/assert';

/** How a flag's text is read. */
export interface Kind<T> {
  /**
   * Relative paths start at `workingDirectory`; `before` is what the same flag, given earlier, was read as. Throws
   * commander's InvalidArgumentError, saying what is expected.
   */
  read(text: string, workingDirectory: string, before?: unknown): T;
}

/** One row of a table of flags. */
export type Flag<T> = FlagWords & { readonly kind: Kind<T> } & (WithUsual<T> | Required);

interface FlagWords {
  /** As it is typed: `--port <P>`. One without a value, `--json`, is a switch. */
  readonly typed: string;
  readonly help: string;
  /** What a README says after that. */
  readonly more?: string;
}

interface WithUsual<T> {
  /** The value when the flag is not given. */
  readonly usual: T;
  /** How help shows that value, where it is not the value itself; '' shows none. */
  readonly shown?: string;
}

interface Required {
  readonly isRequired: true;
}

/** A row for each field of the flags. */
export type FlagTable<V> = { readonly [K in keyof V]: Flag<V[K]> };

/** The fields in their order. */
export function keysOf<V extends object>(table: FlagTable<V>): readonly Extract<keyof V, string>[] {
  return Object.keys(table).filter((key): key is Extract<keyof V, string> => key in table);
}

/** The rows in their order. */
export function rowsOf<V extends object>(table: FlagTable<V>): readonly (readonly [string, Flag<unknown>])[] {
  return Object.entries<Flag<unknown>>(table);
}

/** `--port` of `--port <P>`. */
export function nameOf(flag: Flag<unknown>): string {
  return flag.typed.split(' ', 1).join();
}

/** The values of a table's flags: those given, else the usual ones. What other tables' flags were given is left out. */
export function complete<V extends object>(table: FlagTable<V>, given: object): V {
  const values = new Map<string, unknown>();
  for (const [key, flag] of rowsOf(table)) {
    if ('usual' in flag) values.set(key, flag.usual);
  }
  const all: object = Object.fromEntries([...values, ...entriesOf(table, given)]);
  assert(isComplete(table, all), 'every required flag has a value');
  return all;
}

/** Of what was given, what belongs to this table. */
export function only<V extends object>(table: FlagTable<V>, given: object): Partial<V> {
  const part: object = Object.fromEntries(entriesOf(table, given));
  assert(isPart(table, part), 'every value belongs to its own table');
  return part;
}

/** The values without any flag. */
export function usualValues<V extends object>(table: FlagTable<V>): V {
  return complete(table, {});
}

function entriesOf<V extends object>(table: FlagTable<V>, given: object): readonly (readonly [string, unknown])[] {
  return Object.entries(given).filter(([key]) => key in table);
}

function isPart<V extends object>(table: FlagTable<V>, values: object): values is Partial<V> {
  return Object.keys(values).every((key) => key in table);
}

/** Every value comes from its own row: it was read by its kind, or is the row's usual one. */
function isComplete<V extends object>(table: FlagTable<V>, values: object): values is V {
  return rowsOf(table).every(([key]) => key in values);
}
