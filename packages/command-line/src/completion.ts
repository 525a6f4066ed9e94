import { Argument, Command, type Option } from 'commander';

/** The shells that there is a script for. */
const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A command as a completion sees it: the words that lead to it, and what may come next. */
interface Place {
  /** Without the program's name: `''`, `keys`, `keys new`. */
  readonly words: string;
  readonly commands: readonly Command[];
  readonly options: readonly Option[];
}

/**
 * A script that completes the words of a program in a shell: its commands, their flags, and files as values. All of it is
 * written down in the script, so that a press of the tab key starts no program.
 */
export function completionScript(root: Command, shell: Shell): string {
  const places = placesOf(root, '');
  const name = root.name();
  if (shell === 'fish') return fishScript(name, places);
  const bash = bashScript(name, places);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

/** Gives a program the command that prints its script. */
export function addCompletion(root: Command, print: (text: string) => void): Command {
  const name = root.name();
  const command = new Command('completion')
    .description('Print a script with which a shell completes commands and flags')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => print(completionScript(root, shell)));
  const lines = [
    `  bash: ${name} completion bash > ~/.local/share/bash-completion/completions/${name}`,
    `  zsh:  ${name} completion zsh >> ~/.zshrc`,
    `  fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
  ];
  return root.addCommand(command.addHelpText('after', ['', 'To have it in every new shell:', ...lines].join('\n')));
}

function placesOf(command: Command, words: string): readonly Place[] {
  const { visibleCommands, visibleOptions } = visible(command);
  const inner = visibleCommands.flatMap((each) =>
    placesOf(each, words === '' ? each.name() : `${words} ${each.name()}`),
  );
  return [{ words, commands: visibleCommands, options: visibleOptions }, ...inner];
}

/** What `--help` shows, without `help` itself. */
function visible(command: Command): {
  readonly visibleCommands: readonly Command[];
  readonly visibleOptions: readonly Option[];
} {
  const help = command.createHelp();
  const visibleCommands = help.visibleCommands(command).filter((each) => command.commands.includes(each));
  return { visibleCommands, visibleOptions: help.visibleOptions(command) };
}

/** Words of a command are those before the first flag: no command comes after one. */
function bashScript(name: string, places: readonly Place[]): string {
  const cases = places.map(({ words, commands, options }) => {
    const next = [...commands.map((command) => command.name()), ...options.map(({ long }) => long ?? '')].join(' ');
    return `    ${JSON.stringify(words)}) next=${JSON.stringify(next)} ;;`;
  });
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" next="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    words="\${words:+$words }$word"
  done
  case "$words" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) ;;
    *) case "\${COMP_WORDS[COMP_CWORD-1]}" in -*) COMPREPLY=($(compgen -f -- "$current")); return ;; esac ;;
  esac
  COMPREPLY=($(compgen -W "$next" -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ words, commands, options }) => {
    const condition = `'__${name}_at "${words}"'`;
    return [
      ...commands.map(
        (each) => `complete -c ${name} -n ${condition} -f -a ${each.name()} -d ${quoted(each.description())}`,
      ),
      ...options.map((option) => {
        const value = option.required ? ' -r' : '';
        return `complete -c ${name} -n ${condition} -l ${(option.long ?? '').slice(2)}${value} -d ${quoted(option.description)}`;
      }),
    ];
  });
  return `function __${name}_at
  set -l words
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and break
    set words $words $word
  end
  test "$words" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
