import type { DevnetAccount } from '@heddle/node';
import type { Genesis } from '@heddle/types';
import { chainContradictions, type DataDirectory, openDataDirectory } from '../data-dir/open-data-dir.ts';
import { UsageError } from '../errors.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS, type DevnetFlags } from '../flags/devnet-flags.ts';
import type { StartFlags } from '../flags/start-flags.ts';
import { type StartFile, withStartFile } from '../start/genesis-file.ts';
import { readBeginning } from '../start/read-beginning.ts';
import type { StateFile } from '../start/state-file.ts';
import { deriveAccounts } from './accounts.ts';

/** What makes a genesis, of @heddle/node. */
type GenesisMaker = Pick<typeof import('@heddle/node'), 'createDevnetGenesis'>;

/** The chain to run: from a data directory or a state file, or made for this run. */
export interface ChainToRun {
  readonly flags: ChainFlags;
  readonly genesis: Genesis;
  readonly accounts: readonly DevnetAccount[];
  /** null when the state is in memory. */
  readonly dataDirectory: DataDirectory | null;
  /** Blocks to begin with, as the node dumped them; null for none. */
  readonly image: Uint8Array | null;
}

/** Throws a `UserError`, and has changed nothing then. */
export function openChain({ given, start, run }: DevnetFlags, node: GenesisMaker, wallMs: number): ChainToRun {
  const beginning = readBeginning(start, () => exampleGenesis(node));
  if (beginning.kind === 'state') {
    if (run.dataDir !== null) {
      throw new UsageError('--load-state', 'this file is a whole chain, which goes on in memory: leave out --data-dir');
    }
    return chainOfState(beginning.state, beginning.flag, given);
  }
  const { file } = beginning;
  const asked = { ...file?.flags, ...given };
  const createGenesis = (flags: ChainFlags, timestamp: bigint | null): Genesis =>
    makeGenesis(flags, { file, timestamp: timestampOf(start, file) ?? timestamp ?? seconds(wallMs) }, node);
  if (run.dataDir === null) {
    const flags = { ...DEFAULT_CHAIN_FLAGS, ...asked };
    return {
      flags,
      genesis: createGenesis(flags, null),
      accounts: accountsOf(flags),
      dataDirectory: null,
      image: null,
    };
  }
  const dataDirectory = openDataDirectory({
    directory: run.dataDir,
    given: asked,
    reset: run.reset,
    createGenesis,
    fixesGenesis: file !== null || start.timestamp !== null,
  });
  const { flags, genesis } = dataDirectory;
  return { flags, genesis, accounts: accountsOf(flags), dataDirectory, image: null };
}

function chainOfState({ flags, genesis, image }: StateFile, flag: string, given: Partial<ChainFlags>): ChainToRun {
  const problems = chainContradictions(flags, given);
  if (problems.length > 0) {
    throw new UsageError(
      flag,
      `the chain in it was made with ${problems.join(' and ')}: leave that out to go on with it`,
    );
  }
  return { flags, genesis, accounts: accountsOf(flags), dataDirectory: null, image };
}

interface Beginning {
  readonly file: StartFile | null;
  readonly timestamp: bigint;
}

function makeGenesis(flags: ChainFlags, { file, timestamp }: Beginning, node: GenesisMaker): Genesis {
  const { genesis } = node.createDevnetGenesis({
    chainId: BigInt(flags.chainId),
    shardCount: flags.shards,
    validatorCount: flags.validators,
    accounts: accountsOf(flags).map(({ address }) => address),
    balanceWei: flags.balanceWei,
    blockTimeMs: flags.blockTimeMs,
    timestamp,
  });
  const gasLimit = BigInt(flags.gasLimit);
  const own = { ...genesis, baseFeePerGas: flags.baseFeeWei, chunkGasLimit: gasLimit, globalGasLimit: gasLimit };
  return file === null ? own : withStartFile(own, file);
}

/** For reading files, which have no validators: the smallest there is. */
function exampleGenesis(node: GenesisMaker): Genesis {
  return makeGenesis(
    { ...DEFAULT_CHAIN_FLAGS, shards: 1, validators: 1, accounts: 1 },
    { file: null, timestamp: 0n },
    node,
  );
}

function accountsOf({ mnemonic, accounts, derivationPath }: ChainFlags): readonly DevnetAccount[] {
  return deriveAccounts(mnemonic, accounts, derivationPath);
}

function timestampOf(start: StartFlags, file: StartFile | null): bigint | null {
  return start.timestamp ?? file?.timestamp ?? null;
}

function seconds(wallMs: number): bigint {
  return BigInt(Math.floor(wallMs / 1_000));
}
