import { Command } from 'commander';
import { driveWire, type WireReport } from '../wire/drive.ts';
import { whole } from './flags.ts';
import { printLine } from './play-run.ts';

interface ParsedOptions {
  readonly messages: number;
  readonly seed: number;
  readonly json?: boolean;
}

const DEFAULT_MESSAGES = 200_000;
const KIB = 1_024;

/** The `wire` command. */
export function wireCommand(): Command {
  return new Command('wire')
    .description('Send any bytes on any stream, topic and request to running validators; measure what stays in memory')
    .option('--messages <N>', 'messages in the two halves that are compared', whole(2, 2 ** 30), DEFAULT_MESSAGES)
    .option('--seed <SEED>', 'what the messages are drawn from', whole(0, 2 ** 40), 1)
    .option('--json', 'print one line of JSON instead of text')
    .action(async ({ messages, seed, json }: ParsedOptions) => {
      const report = await driveWire({ messages, seed });
      printLine(json === true ? JSON.stringify(report) : textOf(report));
      process.exitCode = report.violation === null ? 0 : 1;
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
