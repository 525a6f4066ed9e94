import { addExamples, type Command, complete, type FlagTable, flagCommand, given, text } from '@heddle/command-line';

/** Which node is asked, and how it is shown. */
export interface StatusFlags {
  readonly url: string;
  readonly json: boolean;
}

const STATUS_FLAGS: FlagTable<StatusFlags> = {
  url: { typed: '--url <URL>', help: 'where the node answers JSON-RPC', kind: text, usual: 'http://127.0.0.1:8545' },
  json: { typed: '--json', help: 'one line of JSON', kind: given, usual: false },
};

/** The `status` command. */
export function statusCommand(workingDirectory: string, show: (flags: StatusFlags) => Promise<void>): Command {
  const command = flagCommand({
    name: 'status',
    about: 'Show how a node that runs is doing; ends with 1 when it is not well',
    flags: STATUS_FLAGS,
    workingDirectory,
    run: (words) => show(complete(STATUS_FLAGS, words)),
  });
  return addExamples(command, ['heddle status', 'heddle status --url http://127.0.0.1:8546 --json']);
}
