import { assert } from '@heddle/primitives/assert';
import { Command, CommanderError, Option } from 'commander';
import { type Flag, type FlagTable, rowsOf } from './flag.ts';

export type { Command } from 'commander';

/** A command with flags. */
export interface CommandDefinition<V extends object> {
  readonly name: string;
  readonly about: string;
  readonly flags: FlagTable<V>;
  /** Where relative paths start. */
  readonly workingDirectory: string;
  /** `given` holds what the user wrote, for `complete`. `refuse` ends the command with a message, as a wrong flag does. */
  run(given: Partial<V>, refuse: (problem: string) => never): Promise<void>;
}

export interface HiddenCommand {
  readonly hidden: Command;
}

/** `usual`: the command that is meant when none is named. */
export type GroupMember = Command | HiddenCommand | { readonly usual: Command };

/** How a command line ended: by itself, by showing help or its version, or because of what was written. */
export type Ending = 'ran' | 'shown' | 'bad use';

/** What stands around the messages about bad use. */
export interface Style {
  /** Before each of them, instead of `error`. */
  readonly prefix: string;
  /** A line after each of them; '' is none. */
  readonly hint: string;
  readonly printError: (text: string) => void;
}

/** A command whose flags come from a table. */
export function flagCommand<V extends object>(definition: CommandDefinition<V>): Command {
  const { name, about, flags, workingDirectory, run } = definition;
  const command = new Command(name).description(about).allowExcessArguments(false);
  for (const [key, flag] of rowsOf(flags)) command.addOption(new TableOption(key, flag, workingDirectory));
  return command.action(() => run(command.opts<Partial<V>>(), (problem) => command.error(`error: ${problem}`)));
}

/** Other spellings of a table's flags, by how they are typed; help does not show them. */
export function addAliases<V extends object>(
  command: Command,
  { flags, workingDirectory }: Pick<CommandDefinition<V>, 'flags' | 'workingDirectory'>,
  aliases: Readonly<Record<string, keyof V>>,
): Command {
  const rows = new Map(rowsOf(flags));
  for (const [typed, key] of Object.entries(aliases)) {
    const name = String(key);
    const flag = rows.get(name);
    assert(flag !== undefined, 'an alias is of a flag that there is');
    command.addOption(new TableOption(name, { ...flag, typed }, workingDirectory).hideHelp());
  }
  return command;
}

/** A flag of another program, which people type out of habit. */
export interface ForeignFlag {
  /** As it is typed there, short form included: `-f, --fork-url <URL>`. */
  readonly typed: string;
  /** Its values that ask for what is so anyway; null stands for a switch. All others are refused. */
  readonly agrees: readonly (string | null)[];
  /** Why, and what to do instead. */
  readonly why: string;
}

/** Flags that are known and change nothing: each is let pass or refused with its reason; help does not show them. */
export function addForeignFlags(command: Command, flags: readonly ForeignFlag[]): Command {
  for (const { typed, agrees, why } of flags) {
    const option = new Option(typed).hideHelp();
    option.negate = false;
    command.addOption(option);
    command.on(`option:${option.name()}`, (value: string | null | undefined) => {
      if (!agrees.includes(value ?? null)) command.error(`error: ${option.long ?? typed}: ${why}`);
    });
  }
  return command;
}

/** A command of one word, for the processes that this one starts; `--help` does not show it. */
export function hiddenCommand(name: string, word: string, run: (word: string) => void | Promise<void>): HiddenCommand {
  return { hidden: new Command(name).argument(`<${word}>`).action(run) };
}

/** A command that only holds others. */
export function groupCommand(name: string, about: string, commands: readonly GroupMember[]): Command {
  const group = new Command(name).description(about);
  for (const member of commands) {
    if (member instanceof Command) group.addCommand(member);
    else if ('hidden' in member) group.addCommand(member.hidden, { hidden: true });
    else group.addCommand(member.usual, { isDefault: true });
  }
  return group;
}

/** Shows how the command is used, behind its help: each line as it is typed. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Runs the command that the words ask for. What it rejects with is its own. */
export async function runCommand(root: Command, words: readonly string[], style: Style): Promise<Ending> {
  for (const command of withSubcommands(root)) {
    command.exitOverride().configureOutput({
      writeErr: style.printError,
      outputError: (text, write) => write(text.replace(/^error: /, `${style.prefix}: `)),
    });
    if (style.hint !== '') command.showHelpAfterError(style.hint);
  }
  try {
    await root.parseAsync([...words], { from: 'user' });
    return 'ran';
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 'shown' : 'bad use';
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** A row of a table as commander wants it. Its value has the name of the row, whatever the flag is called. */
class TableOption extends Option {
  readonly #key: string;

  constructor(key: string, flag: Flag<unknown>, workingDirectory: string) {
    super(flag.typed, helpOf(flag));
    this.#key = key;
    // A switch of its own: commander takes `--no-mining` for the reverse of a `--mining` that is on.
    this.negate = false;
    if ('isRequired' in flag) this.makeOptionMandatory();
    this.argParser((text, before) => flag.kind.read(text, workingDirectory, before));
  }

  override attributeName(): string {
    return this.#key;
  }
}

function helpOf(flag: Flag<unknown>): string {
  const shown = shownUsual(flag);
  return shown === '' ? flag.help : `${flag.help} (default: ${shown})`;
}

/** What help and README say of a flag that is not given. */
export function shownUsual(flag: Flag<unknown>): string {
  if (!('usual' in flag)) return '';
  if (flag.shown !== undefined) return flag.shown;
  return flag.usual === null || typeof flag.usual === 'boolean' ? '' : String(flag.usual);
}
