import { bytesToHex } from '@heddle/primitives';
import type { ShardId } from '@heddle/types';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS } from '../flags/devnet-flags.ts';
import { formatEther } from '../flags/kinds.ts';
import { MAX_BANNER_ACCOUNTS } from '../limits.ts';

/** An account as users see it. */
export interface ReadyAccount {
  /** With the checksum of EIP-55. */
  readonly address: string;
  readonly privateKey: Uint8Array;
  readonly shard: ShardId;
}

/** A devnet that answers. */
export interface ReadyDevnet {
  readonly version: string;
  readonly httpUrl: string;
  readonly wsUrl: string;
  readonly pid: number;
  readonly chain: ChainFlags;
  readonly accounts: readonly ReadyAccount[];
  readonly headNumber: bigint;
  readonly dataDir: string | null;
}

/** The line of `--json`, without its newline. Numbers are numbers, keys and addresses are hex. */
export function readyLine(ready: ReadyDevnet): string {
  return JSON.stringify({
    urls: { http: ready.httpUrl, ws: ready.wsUrl },
    accounts: ready.accounts.map(({ address, privateKey, shard }) => ({
      address,
      privateKey: bytesToHex(privateKey),
      shard,
    })),
    pid: ready.pid,
    chainId: ready.chain.chainId,
    validators: ready.chain.validators,
    shards: ready.chain.shards,
    emptyShards: shardsWithoutAccounts(ready),
    head: Number(ready.headNumber),
    dataDir: ready.dataDir,
    version: ready.version,
  });
}

/** What a person sees when the devnet is ready. */
export function banner(ready: ReadyDevnet): string {
  const { chain } = ready;
  const where = ready.dataDir === null ? 'state in memory' : `state in ${ready.dataDir}, at block ${ready.headNumber}`;
  const empty = shardsWithoutAccounts(ready);
  return [
    '',
    `Heddle ${ready.version} devnet: ${plural(chain.validators, 'validator')}, ${plural(chain.shards, 'shard')}, ` +
      `chain ID ${chain.chainId}, ${where}`,
    '',
    `Accounts, ${formatEther(chain.balanceWei)} ETH each at genesis`,
    ...accountLines(ready.accounts),
    '',
    ...mnemonicLines(chain),
    `Shards without any of these accounts: ${empty.length === 0 ? 'none' : empty.join(', ')}`,
    '',
    `HTTP       ${ready.httpUrl}`,
    `WebSocket  ${ready.wsUrl}`,
    'Docs       README.md and docs/ of Heddle; --help lists the flags',
    '',
    'Ctrl-C stops it.',
    '',
    '',
  ].join('\n');
}

/** Shards on which none of the accounts resides: what starts there has to be sent there first. */
export function shardsWithoutAccounts({ chain, accounts }: ReadyDevnet): readonly ShardId[] {
  const inhabited = new Set(accounts.map(({ shard }) => shard));
  return Array.from({ length: chain.shards }, (_, shard) => shard).filter((shard) => !inhabited.has(shard));
}

function accountLines(accounts: readonly ReadyAccount[]): readonly string[] {
  const lines = accounts.slice(0, MAX_BANNER_ACCOUNTS).map(({ address, privateKey, shard }, index) => {
    const number = `(${index})`.padStart(5);
    return `${number} ${address}  shard ${String(shard).padEnd(2)}  key ${bytesToHex(privateKey)}`;
  });
  const hidden = accounts.length - lines.length;
  return hidden === 0 ? lines : [...lines, `      and ${hidden} more (all with --json)`];
}

function mnemonicLines(chain: ChainFlags): readonly string[] {
  if (chain.mnemonic !== DEFAULT_CHAIN_FLAGS.mnemonic)
    return [`Derived from your mnemonic, path ${chain.derivationPath}/i`];
  return [
    `Mnemonic   ${chain.mnemonic}`,
    `Path       ${chain.derivationPath}/i`,
    'Everybody knows these keys: what is sent to them on a public network is lost.',
  ];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
