import { type FlagTable, keysOf, type Origin, settingName } from '@heddle/command-line';
import { stringify } from 'smol-toml';
import { VALIDATOR_SETTINGS, type ValidatorSettings } from '../flags/validator-flags.ts';
import type { LoadedSettings } from './load-settings.ts';

/**
 * All settings as a config file, each with where it comes from. There is no secret among them: keys and passwords are
 * named by their files. Paths are absolute, so that the text means the same in another folder.
 */
export function configText({ values, origins, configPath }: LoadedSettings): string {
  const lines = keysOf(VALIDATOR_SETTINGS).map((key) => {
    const origin = origins.get(key);
    return settingLine(VALIDATOR_SETTINGS, key, values[key], origin === undefined ? '' : shownOrigin(origin));
  });
  const header = configPath === null ? '# no config file' : `# config file ${configPath}`;
  return `${[header, ...lines].join('\n')}\n`;
}

/** `rpc-port = 8545  # HEDDLE_RPC_PORT`; a setting without a value is a comment. */
function settingLine(
  table: FlagTable<ValidatorSettings>,
  key: keyof ValidatorSettings,
  value: ValidatorSettings[keyof ValidatorSettings],
  origin: string,
): string {
  const flag = table[key];
  const name = settingName(flag);
  if (value === null) return `# ${name} =  # ${'shown' in flag && flag.shown !== undefined ? flag.shown : 'none'}`;
  const plain = typeof value === 'object' ? value.flat() : value;
  return `${stringify({ [name]: plain }).trim()}  # ${origin}`;
}

function shownOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return 'flag';
    case 'environment':
      return origin.variable;
    case 'file':
      return 'file';
    case 'usual':
      return 'default';
  }
}
