import { resolve } from 'node:path';
import { Command } from 'commander';
import { MAX_DEVNET_VALIDATORS } from '../limits.ts';
import { wholeNumber } from './parse-number.ts';
import { parsePath } from './parse-path.ts';

/** Whose signer records, and which file. */
export interface SignerFlags {
  /** Absolute. */
  readonly dataDir: string;
  readonly validator: number;
  /** Absolute; null = stdout or stdin. */
  readonly file: string | null;
}

/** What commander hands over. */
interface ParsedOptions {
  readonly dataDir: string;
  readonly validator: number;
  readonly file?: string;
}

type Run = (flags: SignerFlags) => Promise<void>;

/** The `signer` command: records of what a validator has signed, from machine to machine. */
export function signerCommand(workingDirectory: string, runExport: Run, runImport: Run): Command {
  const subcommand = (name: string, description: string, fileHelp: string, run: Run): Command =>
    new Command(name)
      .description(description)
      .requiredOption('--data-dir <DIR>', 'folder of the stopped network', parsePath)
      .requiredOption('--validator <N>', 'its number, counted from 0', wholeNumber(0, MAX_DEVNET_VALIDATORS - 1))
      .option('--file <F>', fileHelp, parsePath)
      .allowExcessArguments(false)
      .action(({ dataDir, validator, file }: ParsedOptions) =>
        run({
          dataDir: resolve(workingDirectory, dataDir),
          validator,
          file: file === undefined ? null : resolve(workingDirectory, file),
        }),
      );
  return new Command('signer')
    .description('Move the record of what a validator has signed, which keeps it from contradicting itself')
    .addCommand(subcommand('export', 'Write the record as JSON', 'file to write (default: stdout)', runExport))
    .addCommand(subcommand('import', 'Take in an exported record', 'file to read (default: stdin)', runImport));
}
