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
import { publicKeyPrefix } from './kinds.ts';

/** Paths are absolute. */
export interface NewKeyFlags {
  readonly dir: string;
  /** Null: a password is made. */
  readonly passwordFile: string | null;
  readonly json: boolean;
}

export interface ImportKeyFlags {
  readonly dir: string;
  readonly keystore: string;
  readonly passwordFile: string;
  readonly json: boolean;
}

export interface ExportKeyFlags {
  readonly dir: string;
  /** How its public key begins; null: the only one that there is. */
  readonly key: string | null;
  /** With the password of the exported keystore. */
  readonly passwordFile: string;
  /** Null = stdout. */
  readonly file: string | null;
}

export interface ListKeysFlags {
  readonly dir: string;
  readonly json: boolean;
}

/** What the `keys` commands do. */
export interface KeysActions {
  create(flags: NewKeyFlags): Promise<void>;
  importKey(flags: ImportKeyFlags): Promise<void>;
  exportKey(flags: ExportKeyFlags): Promise<void>;
  list(flags: ListKeysFlags): Promise<void>;
}

const DIR = { typed: '--dir <DIR>', help: 'folder of keystores', kind: path, isRequired: true } as const;
const JSON_FLAG = { typed: '--json', help: 'one line of JSON', kind: given, usual: false } as const;

const NEW_FLAGS: FlagTable<NewKeyFlags> = {
  dir: DIR,
  passwordFile: {
    typed: '--password-file <F>',
    help: 'file with the password',
    kind: path,
    usual: null,
    shown: 'one is made',
  },
  json: JSON_FLAG,
};

const IMPORT_FLAGS: FlagTable<ImportKeyFlags> = {
  dir: DIR,
  keystore: { typed: '--keystore <F>', help: 'keystore to take in (EIP-2335)', kind: path, isRequired: true },
  passwordFile: { typed: '--password-file <F>', help: 'file with its password', kind: path, isRequired: true },
  json: JSON_FLAG,
};

const EXPORT_FLAGS: FlagTable<ExportKeyFlags> = {
  dir: DIR,
  key: {
    typed: '--key <0x…>',
    help: 'how its public key begins',
    kind: publicKeyPrefix,
    usual: null,
    shown: 'the only one',
  },
  passwordFile: {
    typed: '--password-file <F>',
    help: 'file with the password that the exported keystore is to have',
    kind: path,
    isRequired: true,
  },
  file: { typed: '--file <F>', help: 'file to write', kind: path, usual: null, shown: 'stdout' },
};

const LIST_FLAGS: FlagTable<ListKeysFlags> = { dir: DIR, json: JSON_FLAG };

/** The `keys` command. Relative paths are taken from `workingDirectory`. */
export function keysCommand(workingDirectory: string, actions: KeysActions): Command {
  const subcommand = <V extends object>(
    name: string,
    about: string,
    flags: FlagTable<V>,
    run: (flags: V) => Promise<void>,
    examples: readonly string[],
  ): Command =>
    addExamples(
      flagCommand({ name, about, flags, workingDirectory, run: (words) => run(complete(flags, words)) }),
      examples,
    );
  return groupCommand('keys', 'Make, move and list the keys that validators sign with', [
    subcommand('new', 'Make a key, in a keystore with its password file', NEW_FLAGS, actions.create, [
      'heddle keys new --dir keys',
      'heddle keys new --dir keys --password-file password.txt',
    ]),
    subcommand('import', 'Take in a keystore', IMPORT_FLAGS, actions.importKey, [
      'heddle keys import --dir keys --keystore keystore.json --password-file password.txt',
    ]),
    subcommand('export', 'Write a keystore of a key, under another password', EXPORT_FLAGS, actions.exportKey, [
      'heddle keys export --dir keys --password-file new-password.txt --file keystore.json',
      'heddle keys export --dir keys --key 0x8f3a --password-file new-password.txt > keystore.json',
    ]),
    subcommand('list', 'List the keys of a folder, and which process has each open', LIST_FLAGS, actions.list, [
      'heddle keys list --dir validator-0/keys',
    ]),
  ]);
}
