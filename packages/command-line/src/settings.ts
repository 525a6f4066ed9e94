import { HeddleError } from '@heddle/primitives/heddle-error';
import { nearestName } from '@heddle/primitives/nearest-name';
import { InvalidArgumentError } from 'commander';
import { complete, type Flag, type FlagTable, nameOf, rowsOf } from './flag.ts';

/** Where a setting's value comes from; each wins over those below it. */
export type Origin =
  | { readonly kind: 'flag' }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'usual' };

/** A file of settings, as its format has been read. */
export interface SettingsFile {
  readonly path: string;
  /** Where relative paths in it start. */
  readonly directory: string;
  /** By name: the flag without its dashes. */
  readonly entries: ReadonlyMap<string, unknown>;
}

/** What settings are made of. */
export interface SettingsSources<V> {
  /** What the user typed. */
  readonly flags: Partial<V>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Before the names of its variables: `HEDDLE_`. */
  readonly prefix: string;
  readonly file: SettingsFile | null;
  /** Where relative paths in the environment start. */
  readonly workingDirectory: string;
}

export interface Settings<V> {
  readonly values: V;
  /** By field. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** A setting that cannot be used, or that there is not. */
export class SettingError extends HeddleError<{ readonly place: string }> {
  readonly code = 'SETTING';

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`, { place });
  }
}

/** The name of a setting in files: `rpc-port` of `--rpc-port <P>`. */
export function settingName(flag: Flag<unknown>): string {
  return nameOf(flag).replace(/^--/, '');
}

/** The environment variable of a setting: `HEDDLE_RPC_PORT`. */
export function settingVariable(flag: Flag<unknown>, prefix: string): string {
  return `${prefix}${settingName(flag).toUpperCase().replaceAll('-', '_')}`;
}

/** Each value from the first that has it: flags, environment, file, the table itself. Throws `SettingError`. */
export function resolveSettings<V extends object>(table: FlagTable<V>, sources: SettingsSources<V>): Settings<V> {
  const { file, environment, prefix, workingDirectory } = sources;
  if (file !== null) refuseUnknown(table, file);
  const typed = new Map<string, unknown>(Object.entries(sources.flags));
  const values = new Map<string, unknown>();
  const origins = new Map<string, Origin>();
  for (const [key, flag] of rowsOf(table)) {
    const variable = settingVariable(flag, prefix);
    const fromEnvironment = environment[variable];
    const name = settingName(flag);
    if (typed.has(key)) {
      values.set(key, typed.get(key));
      origins.set(key, { kind: 'flag' });
    } else if (fromEnvironment !== undefined) {
      values.set(key, readValue(flag, fromEnvironment, variable, workingDirectory));
      origins.set(key, { kind: 'environment', variable });
    } else if (file?.entries.has(name) === true) {
      values.set(key, readValue(flag, file.entries.get(name), `${file.path}: ${name}`, file.directory));
      origins.set(key, { kind: 'file', path: file.path });
    } else {
      origins.set(key, { kind: 'usual' });
    }
  }
  return { values: complete(table, Object.fromEntries(values)), origins };
}

/** Its value is not shown: it may be a secret that somebody has put into the wrong file. */
function refuseUnknown<V extends object>(table: FlagTable<V>, { path, entries }: SettingsFile): void {
  const known = rowsOf(table).map(([, flag]) => settingName(flag));
  for (const name of entries.keys()) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === null ? `known are ${known.join(', ')}` : `did you mean "${nearest}"?`;
    throw new SettingError(path, `unknown key "${name}"; ${hint}`);
  }
}

function readValue(flag: Flag<unknown>, value: unknown, place: string, directory: string): unknown {
  const isSwitch = !flag.typed.includes('<');
  if (isSwitch) return readSwitch(value, place);
  const texts = (Array.isArray(value) ? value : [value]).map((entry: unknown) => textOf(entry, place));
  let read: unknown;
  for (const [index, text] of texts.entries()) {
    read = readText(flag, text, place, directory, index === 0 ? undefined : read);
    // What may be given several times has one more with each; all else would forget the one before.
    if (index > 0 && !(Array.isArray(read) && read.length === index + 1)) {
      throw new SettingError(place, 'one value is expected, not a list');
    }
  }
  return texts.length === 0 && 'usual' in flag ? flag.usual : read;
}

function readSwitch(value: unknown, place: string): boolean {
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw new SettingError(place, 'true or false is expected');
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new SettingError(place, 'a text, a whole number or a list of these is expected');
}

function readText(flag: Flag<unknown>, text: string, place: string, directory: string, before: unknown): unknown {
  try {
    return flag.kind.read(text, directory, before);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new SettingError(place, `"${text}" is invalid. ${error.message}`);
  }
}
