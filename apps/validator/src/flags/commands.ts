import {
  addAliases,
  addForeignFlags,
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  groupCommand,
  only,
  path,
  wholeNumber,
} from '@heddle/command-line';
import { UsageError } from '../errors.ts';
import { MAX_DEVNET_VALIDATORS } from '../limits.ts';
import { ANVIL_ALIASES, ANVIL_FLAGS } from './anvil-flags.ts';
import { CHAIN_FLAGS, type ChainFlags, type DevnetFlags, RUN_FLAGS, type RunFlags } from './devnet-flags.ts';
import { START_FLAGS, type StartFlags } from './start-flags.ts';

/** Whose signer records, and which file. */
export interface SignerFlags {
  /** Absolute. */
  readonly dataDir: string;
  /** Null in the folder of one validator. */
  readonly validator: number | null;
  /** Absolute; null = stdout or stdin. */
  readonly file: string | null;
}

/** The `devnet` command. Relative paths are taken from `workingDirectory`. Rejects with a `UsageError`. */
export function devnetCommand(workingDirectory: string, run: (flags: DevnetFlags) => Promise<void>): Command {
  const flags: FlagTable<ChainFlags & StartFlags & RunFlags> = { ...CHAIN_FLAGS, ...START_FLAGS, ...RUN_FLAGS };
  const command = flagCommand({
    name: 'devnet',
    about: 'Run a network of several validators and shards in this process, with funded accounts',
    flags,
    workingDirectory,
    run: (given) => {
      const flags = {
        given: only(CHAIN_FLAGS, given),
        start: complete(START_FLAGS, given),
        run: complete(RUN_FLAGS, given),
      };
      refuseContradictions(flags);
      if (flags.run.reset && flags.run.dataDir === null) {
        throw new UsageError('--reset', 'there is nothing to reset without a data directory: give it with --data-dir');
      }
      return run(flags);
    },
  });
  addAliases(command, { flags, workingDirectory }, ANVIL_ALIASES);
  return addForeignFlags(command, ANVIL_FLAGS);
}

/** Flags of which only one can have its way. */
function refuseContradictions({ start, run }: DevnetFlags): void {
  const { state, loadState, dumpState, init, noMining, intervalSeconds } = start;
  if (state !== null && (loadState !== null || dumpState !== null)) {
    throw new UsageError('--state', 'it is --load-state and --dump-state in one: give it alone, or those');
  }
  if (init !== null && (state ?? loadState) !== null) {
    throw new UsageError('--init', 'a chain begins with a genesis file or with a state: leave one of them out');
  }
  if (state !== null && run.dataDir !== null) {
    throw new UsageError(
      '--state',
      'the chain is kept in one file or in the folder of --data-dir: leave one of them out',
    );
  }
  if (noMining && intervalSeconds !== null) {
    throw new UsageError('--no-mining', '--interval-mining makes blocks: leave one of them out');
  }
}

type RunSigner = (flags: SignerFlags) => Promise<void>;

/** The `signer` command: records of what a validator has signed, from machine to machine. */
export function signerCommand(workingDirectory: string, runExport: RunSigner, runImport: RunSigner): Command {
  const subcommand = (name: string, about: string, flags: FlagTable<SignerFlags>, run: RunSigner): Command =>
    flagCommand({ name, about, flags, workingDirectory, run: (given) => run(complete(flags, given)) });
  return groupCommand(
    'signer',
    'Move the record of what a validator has signed, which keeps it from contradicting itself',
    [
      subcommand('export', 'Write the record as JSON', signerFlags('file to write', 'stdout'), runExport),
      subcommand('import', 'Take in an exported record', signerFlags('file to read', 'stdin'), runImport),
    ],
  );
}

function signerFlags(fileHelp: string, standard: string): FlagTable<SignerFlags> {
  return {
    dataDir: {
      typed: '--data-dir <DIR>',
      help: 'folder of the stopped network or validator',
      kind: path,
      isRequired: true,
    },
    validator: {
      typed: '--validator <N>',
      help: 'its number in a devnet, counted from 0',
      kind: wholeNumber(0, MAX_DEVNET_VALIDATORS - 1),
      usual: null,
      shown: 'the only one of a validator’s folder',
    },
    file: { typed: '--file <F>', help: fileHelp, kind: path, usual: null, shown: standard },
  };
}
