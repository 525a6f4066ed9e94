import { addExamples, type Command, complete, type FlagTable, flagCommand, groupCommand } from '@heddle/command-line';
import { PLACE_FLAGS, VALIDATOR_SETTINGS, type ValidatorPlace, type ValidatorSettings } from './validator-flags.ts';

/** What was typed: where the validator is, and the settings that have a flag. */
export interface ValidatorWords {
  readonly place: ValidatorPlace;
  readonly flags: Partial<ValidatorSettings>;
}

type Run = (words: ValidatorWords) => Promise<void>;

/** The `validator` command. Relative paths are taken from `workingDirectory`. */
export function validatorCommand(workingDirectory: string, run: Run): Command {
  const command = settingsCommand('validator', 'Run one validator of a network in this process', workingDirectory, run);
  return addExamples(command, [
    'heddle validator --data-dir net/validator-0',
    'heddle validator --data-dir /var/lib/heddle --config /etc/heddle.toml --log-format json',
    'HEDDLE_RPC_PORT=8600 heddle validator --data-dir net/validator-0',
  ]);
}

/** The `config` command. */
export function configCommand(workingDirectory: string, print: Run): Command {
  const about = 'Print all settings of a validator as a config file, and where each comes from';
  return groupCommand('config', 'What a validator is set to', [
    addExamples(settingsCommand('print', about, workingDirectory, print), [
      'heddle config print --data-dir net/validator-0',
      'heddle config print --data-dir net/validator-0 --rpc-port 8600 > new.toml',
    ]),
  ]);
}

function settingsCommand(name: string, about: string, workingDirectory: string, run: Run): Command {
  const flags: FlagTable<ValidatorPlace & ValidatorSettings> = { ...PLACE_FLAGS, ...VALIDATOR_SETTINGS };
  return flagCommand({
    name,
    about,
    flags,
    workingDirectory,
    run: (given) => run({ place: complete(PLACE_FLAGS, given), flags: given }),
  });
}
