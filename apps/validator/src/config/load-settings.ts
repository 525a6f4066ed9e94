import { join } from 'node:path';
import { only, resolveSettings, SettingError, type Settings } from '@heddle/command-line';
import { ConfigError } from '../errors.ts';
import type { ValidatorWords } from '../flags/validator-commands.ts';
import { VALIDATOR_SETTINGS, type ValidatorSettings } from '../flags/validator-flags.ts';
import { readConfigFile } from './read-config-file.ts';

/** Before the names of variables that are settings. */
export const SETTING_PREFIX = 'HEDDLE_';

/** What settings are read from. */
export interface SettingsWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** A validator's place and its settings. */
export interface LoadedSettings extends Settings<ValidatorSettings> {
  readonly dataDir: string;
  /** Null: there is none. */
  readonly configPath: string | null;
}

/** A config file that is named has to be there; the data directory's own may be missing. Throws `ConfigError`. */
export function loadSettings(
  { place: { dataDir, config }, flags }: ValidatorWords,
  { environment, workingDirectory }: SettingsWorld,
): LoadedSettings {
  const file = readConfigFile(config ?? join(dataDir, 'config.toml'), config === null);
  try {
    const sources = { flags: only(VALIDATOR_SETTINGS, flags), environment, prefix: SETTING_PREFIX, file };
    const settings = resolveSettings(VALIDATOR_SETTINGS, { ...sources, workingDirectory });
    return { ...settings, dataDir, configPath: file?.path ?? null };
  } catch (error) {
    throw error instanceof SettingError ? new ConfigError(error.message) : error;
  }
}
