export {
  addAliases,
  addExamples,
  addForeignFlags,
  type Command,
  type CommandDefinition,
  type ForeignFlag,
  flagCommand,
  groupCommand,
  type HiddenCommand,
  hiddenCommand,
  runCommand,
} from './command.ts';
export { addCompletion, completionScript } from './completion.ts';
export { complete, type Flag, type FlagTable, type Kind, keysOf, nameOf, only, usualValues } from './flag.ts';
export { given, kind, list, oneOf, path, several, text, wholeNumber } from './kinds.ts';
export { readmeRows } from './readme-rows.ts';
export { readCommandLine, refuse, type Script } from './script.ts';
export {
  type Origin,
  resolveSettings,
  SettingError,
  type Settings,
  type SettingsFile,
  settingName,
  settingVariable,
} from './settings.ts';
