import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type FlagTable,
  given,
  list,
  path,
  resolveSettings,
  SettingError,
  type Settings,
  several,
  text,
  wholeNumber,
} from '../src/index.ts';

interface Values {
  readonly port: number;
  readonly names: readonly (readonly string[])[];
  readonly sizes: readonly number[];
  readonly place: string | null;
  readonly archive: boolean;
}

const TABLE: FlagTable<Values> = {
  port: { typed: '--rpc-port <P>', help: 'port', kind: wholeNumber(0, 9), usual: 8 },
  names: { typed: '--name <N>', help: 'names', kind: several(list(text)), usual: [] },
  sizes: { typed: '--sizes <LIST>', help: 'sizes', kind: list(wholeNumber(1, 9)), usual: [1] },
  place: { typed: '--place <F>', help: 'place', kind: path, usual: null },
  archive: { typed: '--archive', help: 'keep', kind: given, usual: false },
};

interface Given {
  readonly flags?: Partial<Values>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, unknown>>;
}

function resolve({ flags = {}, environment = {}, file = {} }: Given): Settings<Values> {
  const settingsFile = { path: '/etc/x.toml', directory: '/etc', entries: new Map(Object.entries(file)) };
  return resolveSettings(TABLE, { flags, environment, prefix: 'X_', file: settingsFile, workingDirectory: '/here' });
}

describe('a setting', () => {
  test('is the flag, else the variable, else in the file, else usual', () => {
    const level = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });
    const property = fc.property(level, level, level, (flag, variable, inFile) => {
      const { values, origins } = resolve({
        flags: flag === null ? {} : { port: flag },
        environment: variable === null ? {} : { X_RPC_PORT: String(variable) },
        file: inFile === null ? {} : { 'rpc-port': inFile },
      });
      expect(values.port).toBe(flag ?? variable ?? inFile ?? 8);
      const kind = flag !== null ? 'flag' : variable !== null ? 'environment' : inFile !== null ? 'file' : 'usual';
      expect(origins.get('port')?.kind).toBe(kind);
    });
    fc.assert(property);
  });

  test('that is a path starts where it stands', () => {
    expect(resolve({ file: { place: 'a' } }).values.place).toBe('/etc/a');
    expect(resolve({ environment: { X_PLACE: 'a' } }).values.place).toBe('/here/a');
  });

  test('that repeats is a list in the file, and has commas in the environment', () => {
    expect(resolve({ file: { name: ['a', 'b'] } }).values.names.flat()).toEqual(['a', 'b']);
    expect(resolve({ file: { name: [] } }).values.names).toEqual([]);
    expect(resolve({ environment: { X_NAME: 'a,b' } }).values.names.flat()).toEqual(['a', 'b']);
  });

  test('that is a switch is true or false', () => {
    expect(resolve({ file: { archive: true } }).values.archive).toBe(true);
    expect(resolve({ environment: { X_ARCHIVE: '0' } }).values.archive).toBe(false);
  });
});

describe('what cannot be used', () => {
  test.each([
    [{ 'rpc-prot': 1 }, '/etc/x.toml: unknown key "rpc-prot"; did you mean "rpc-port"?'],
    [{ 'rpc-port': 99 }, '/etc/x.toml: rpc-port: "99" is invalid. Give a whole number from 0 to 9.'],
    [{ 'rpc-port': 1.5 }, '/etc/x.toml: rpc-port: a text, a whole number'],
    [{ 'rpc-port': [1, 2] }, '/etc/x.toml: rpc-port: one value is expected, not a list'],
    [{ sizes: [1, 2] }, '/etc/x.toml: sizes: one value is expected, not a list'],
    [{ archive: 'maybe' }, '/etc/x.toml: archive: true or false is expected'],
    [{ place: { a: 1 } }, '/etc/x.toml: place: a text'],
  ])('%j is refused with its place', (file, message) => {
    expect(() => resolve({ file })).toThrow(SettingError);
    expect(() => resolve({ file })).toThrow(message);
  });

  test('an unknown key does not show its value', () => {
    expect(() => resolve({ file: { password: 'hunter2' } })).toThrow(/^(?!.*hunter2).*unknown key "password"/);
  });

  test('in the environment is told by its variable', () => {
    expect(() => resolve({ environment: { X_RPC_PORT: 'x' } })).toThrow('X_RPC_PORT: "x" is invalid');
  });
});
