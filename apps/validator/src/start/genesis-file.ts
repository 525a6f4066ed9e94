import { equalBytes } from '@heddle/primitives';
import { isRecord } from '@heddle/primitives/is-record';
import { type Address, type Genesis, type GenesisAccount, genesisToJson, parseGenesis } from '@heddle/types';
import { errorMessage, UsageError } from '../errors.ts';
import type { ChainFlags } from '../flags/devnet-flags.ts';
import { parseJsonBytes, readStartFile } from './read-start-file.ts';

/** What a file says about a chain to begin; what it leaves out is the flags' and their usual values'. */
export interface StartFile {
  readonly flags: Partial<ChainFlags>;
  /** Null where it says nothing. */
  readonly timestamp: bigint | null;
  readonly header: Pick<Genesis, 'extraData' | 'mixHash' | 'coinbase'>;
  readonly alloc: Genesis['alloc'];
  /** Which flag named it, and its path: for messages. */
  readonly source: FileSource;
}

export interface FileSource {
  readonly flag: string;
  readonly path: string;
}

/** Reads `--init`: geth's genesis.json. `like` is any devnet's genesis of one shard. Throws `UsageError`. */
export function readGenesisFile(source: FileSource, like: Genesis): StartFile {
  const file = parseJsonBytes(readStartFile(source.flag, source.path));
  if (!isRecord(file)) refuse(source, "it is no JSON object, as geth's genesis.json is");
  return startFileOf(source, file, like);
}

/** From an object with the keys of a genesis file. */
export function startFileOf(source: FileSource, file: Readonly<Record<string, unknown>>, like: Genesis): StartFile {
  const config = file.config ?? {};
  if (!isRecord(config)) refuse(source, 'config: an object is expected');
  if (config.heddle !== undefined) {
    refuse(source, 'config.heddle: a devnet has validators and shards of its own; leave it out and give flags');
  }
  const own: unknown = JSON.parse(genesisToJson(like));
  const heddle = isRecord(own) && isRecord(own.config) && isRecord(own.config.heddle) ? own.config.heddle : {};
  const { validators } = heddle;
  const chainId = config.chainId ?? Number(like.chainId);
  const parsed = parse(source, { ...file, config: { ...config, chainId, heddle: { validators, devnet: true } } });
  return {
    flags: {
      ...(config.chainId === undefined ? {} : { chainId: Number(parsed.chainId) }),
      ...(file.baseFeePerGas === undefined ? {} : { baseFeeWei: parsed.baseFeePerGas }),
      ...(file.gasLimit === undefined ? {} : { gasLimit: Number(parsed.chunkGasLimit) }),
    },
    timestamp: file.timestamp === undefined ? null : parsed.timestamp,
    header: { extraData: parsed.extraData, mixHash: parsed.mixHash, coinbase: parsed.coinbase },
    alloc: parsed.alloc,
    source,
  };
}

/** A devnet's genesis with the file's accounts and header. The devnet's own contracts stay. Throws `UsageError`. */
export function withStartFile(genesis: Genesis, { header, alloc, source }: StartFile): Genesis {
  const merged = new Map<Address, GenesisAccount>(genesis.alloc);
  for (const [address, account] of alloc) {
    const own = genesis.alloc.get(address);
    if (own === undefined || own.code.length === 0) merged.set(address, account);
    else if (account.balance !== 0n || !equalBytes(account.code, own.code)) {
      refuse(source, `alloc.${address}: a contract of the devnet itself stands there; leave the account out`);
    }
  }
  const whole = { ...genesis, ...header, alloc: merged };
  return parse(source, JSON.parse(genesisToJson(whole)));
}

function parse(source: FileSource, json: unknown): Genesis {
  try {
    return parseGenesis(json);
  } catch (error) {
    return refuse(source, errorMessage(error));
  }
}

function refuse({ flag, path }: FileSource, problem: string): never {
  throw new UsageError(flag, `${path}: ${problem}`);
}
