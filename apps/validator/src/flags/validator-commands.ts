import {
  addExamples,
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  groupCommand,
} from '@heddle/command-line';
import {
  NODE_SETTINGS,
  type NodeSettings,
  PLACE_FLAGS,
  VALIDATOR_SETTINGS,
  type ValidatorPlace,
  type ValidatorSettings,
} from './validator-flags.ts';

/** What was typed: where the validator is, and the settings that have a flag. */
export interface ValidatorWords {
  readonly place: ValidatorPlace;
  readonly flags: Partial<ValidatorSettings>;
}

const NODE_FLAGS: FlagTable<ValidatorPlace & NodeSettings> = { ...PLACE_FLAGS, ...NODE_SETTINGS };
const VALIDATOR_FLAGS: FlagTable<ValidatorPlace & ValidatorSettings> = { ...PLACE_FLAGS, ...VALIDATOR_SETTINGS };

const DOCTOR_FLAGS: FlagTable<ValidatorPlace & ValidatorSettings & { readonly json: boolean }> = {
  ...VALIDATOR_FLAGS,
  json: { typed: '--json', help: 'one line of JSON', kind: given, usual: false },
};

type Run = (words: ValidatorWords) => Promise<void>;

/** The `validator` command. Relative paths are taken from `workingDirectory`. */
export function validatorCommand(workingDirectory: string, run: Run): Command {
  const about = 'Run one validator of a network in this process';
  const command = settingsCommand('validator', about, VALIDATOR_FLAGS, workingDirectory, run);
  return addExamples(command, [
    'heddle validator --data-dir net/validator-0',
    'heddle validator --data-dir /var/lib/heddle --config /etc/heddle.toml --log-format json',
    'HEDDLE_RPC_PORT=8600 heddle validator --data-dir net/validator-0',
  ]);
}

/** The `node` command. Relative paths are taken from `workingDirectory`. */
export function nodeCommand(workingDirectory: string, run: Run): Command {
  const about = 'Run a node that follows a network and answers JSON-RPC, without a key to sign with';
  return addExamples(settingsCommand('node', about, NODE_FLAGS, workingDirectory, run), [
    'heddle node --data-dir follower --genesis genesis.json --bootnodes /ip4/203.0.113.7/tcp/9000/p2p/12D3Koo…',
    'heddle node --data-dir follower --archive --metrics-port 9100',
  ]);
}

/** The `config` command. */
export function configCommand(workingDirectory: string, print: Run): Command {
  const about = 'Print all settings of a validator as a config file, and where each comes from';
  return groupCommand('config', 'What a validator is set to', [
    addExamples(settingsCommand('print', about, VALIDATOR_FLAGS, workingDirectory, print), [
      'heddle config print --data-dir net/validator-0',
      'heddle config print --data-dir net/validator-0 --rpc-port 8600 > new.toml',
    ]),
  ]);
}

/** The `doctor` command. */
export function doctorCommand(
  workingDirectory: string,
  run: (words: ValidatorWords, json: boolean) => Promise<void>,
): Command {
  const command = flagCommand({
    name: 'doctor',
    about: 'Look at everything that a node needs before it starts, and say what is wrong; ends with 1 if anything is',
    flags: DOCTOR_FLAGS,
    workingDirectory,
    run: (given) => run({ place: complete(PLACE_FLAGS, given), flags: given }, given.json ?? false),
  });
  return addExamples(command, [
    'heddle doctor --data-dir net/validator-0',
    'heddle doctor --data-dir /var/lib/heddle --config /etc/heddle.toml --json',
  ]);
}

function settingsCommand<Known extends ValidatorPlace & NodeSettings>(
  name: string,
  about: string,
  flags: FlagTable<Known>,
  workingDirectory: string,
  run: Run,
): Command {
  return flagCommand({
    name,
    about,
    flags,
    workingDirectory,
    run: (given) => run({ place: complete(PLACE_FLAGS, given), flags: given }),
  });
}
