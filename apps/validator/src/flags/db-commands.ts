import {
  addExamples,
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  groupCommand,
  path,
} from '@heddle/command-line';

/** Whose database. */
export interface DbPlace {
  /** Absolute: the folder of a validator or node. */
  readonly dataDir: string;
}

export interface DbReadFlags extends DbPlace {
  readonly json: boolean;
}

/** What the `db` command does. */
export interface DbActions {
  readonly info: (flags: DbReadFlags) => Promise<void>;
  /** False when damage was found. */
  readonly verify: (flags: DbReadFlags) => Promise<boolean>;
}

const PLACE: FlagTable<DbPlace> = {
  dataDir: {
    typed: '--data-dir <DIR>',
    help: 'folder of the stopped validator or node',
    kind: path,
    isRequired: true,
  },
};

const READ_FLAGS: FlagTable<DbReadFlags> = {
  ...PLACE,
  json: { typed: '--json', help: 'one line of JSON', kind: given, usual: false },
};

/** The `db` command. */
export function dbCommand(workingDirectory: string, { info, verify }: DbActions): Command {
  const reading = (name: string, about: string, run: (flags: DbReadFlags) => Promise<unknown>): Command =>
    flagCommand({
      name,
      about,
      flags: READ_FLAGS,
      workingDirectory,
      run: async (words) => {
        await run(complete(READ_FLAGS, words));
      },
    });
  return groupCommand('db', 'The database of a validator or node that does not run', [
    addExamples(reading('info', 'Show what is in it: format, chain, heights, kept states, sizes', info), [
      'heddle db info --data-dir net/validator-0',
      'heddle db info --data-dir /var/lib/heddle --json',
    ]),
    addExamples(
      reading(
        'verify',
        'Go through all of it and say what is damaged; ends with 9 if anything is. Changes nothing',
        verify,
      ),
      ['heddle db verify --data-dir net/validator-0', 'heddle db verify --data-dir /var/lib/heddle --json'],
    ),
  ]);
}
