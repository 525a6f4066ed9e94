import { dirname } from 'node:path';
import type { SettingsFile } from '@heddle/command-line';
import { FileTooLargeError, readBounded, systemErrorCode } from '@heddle/files';
import { parse, TomlError } from 'smol-toml';
import { ConfigError, errorMessage } from '../errors.ts';
import { MAX_CONFIG_BYTES } from '../limits.ts';

/** Reads a config file. Null where `isOptional` and it is not there. Throws `ConfigError`. */
export function readConfigFile(path: string, isOptional: boolean): SettingsFile | null {
  const text = readText(path, isOptional);
  if (text === null) return null;
  try {
    return { path, directory: dirname(path), entries: new Map(Object.entries(parse(text))) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Without the lines around it, which the library shows: one of them may hold what somebody keeps to himself.
    const [what = ''] = error.message.split('\n', 1);
    throw new ConfigError(`${path}, line ${error.line}, column ${error.column}: ${what}`);
  }
}

function readText(path: string, isOptional: boolean): string | null {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_CONFIG_BYTES));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' && isOptional) return null;
    if (code === null && !(error instanceof FileTooLargeError)) throw error;
    throw new ConfigError(errorMessage(error));
  }
}
