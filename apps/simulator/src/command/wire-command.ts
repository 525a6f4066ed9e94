import { type Command, complete, type FlagTable, flagCommand, given, wholeNumber } from '@heddle/command-line';
import { driveWire, type WireReport } from '../wire/drive.ts';
import { printLine } from './play-run.ts';

interface WireLine {
  readonly messages: number;
  readonly seed: number;
  readonly json: boolean;
}

const DEFAULT_MESSAGES = 200_000;
const KIB = 1_024;

const FLAGS: FlagTable<WireLine> = {
  messages: {
    typed: '--messages <N>',
    help: 'messages in the two halves that are compared',
    kind: wholeNumber(2, 2 ** 30),
    usual: DEFAULT_MESSAGES,
  },
  seed: { typed: '--seed <SEED>', help: 'what the messages are drawn from', kind: wholeNumber(0, 2 ** 40), usual: 1 },
  json: { typed: '--json', help: 'print one line of JSON instead of text', kind: given, usual: false },
};

/** The `wire` command. */
export function wireCommand(workingDirectory: string): Command {
  return flagCommand({
    name: 'wire',
    about: 'Send any bytes on any stream, topic and request to running validators; measure what stays in memory',
    flags: FLAGS,
    workingDirectory,
    run: async (given) => {
      const { messages, seed, json } = complete(FLAGS, given);
      const report = await driveWire({ messages, seed });
      printLine(json ? JSON.stringify(report) : textOf(report));
      process.exitCode = report.violation === null ? 0 : 1;
    },
  });
}

function textOf(report: WireReport): string {
  const { messages, member, strangers, nameless, heard, blocked, blocks, executed, growth } = report;
  const stretches = growth.map(
    ({ blocks: made, bytes }) => `${(bytes / KIB / Math.max(made, 1)).toFixed(1)} KiB a block`,
  );
  return [
    `${messages} messages: ${member} by a validator (${heard} of them heard, ${blocked} times blocked),`,
    `  ${strangers} by strangers with validators' names, ${nameless} by others`,
    `${blocks} final blocks, ${executed} transactions executed meanwhile`,
    `memory: with few messages, with half, with the other half: ${stretches.join(', ')}`,
    report.violation === null ? 'every invariant held' : `violation: ${report.violation}`,
  ].join('\n');
}
