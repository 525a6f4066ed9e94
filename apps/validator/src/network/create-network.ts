import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, systemErrorCode, writeDurably } from '@heddle/files';
import { createKey, createNetworkKey, type StoredKey } from '@heddle/keys';
import { hexToBytes } from '@heddle/primitives';
import { type Address, type Genesis, genesisToJson } from '@heddle/types';
import { deriveAccounts } from '../devnet/accounts.ts';
import { DataDirectoryError, errorMessage } from '../errors.ts';
import { DEFAULT_CHAIN_FLAGS } from '../flags/devnet-flags.ts';
import type { NetworkFlags } from '../flags/network-commands.ts';
import { validatorLayout } from '../validator/layout.ts';
import { machineOf } from '../validator/machine.ts';
import { digestOf, writeValidatorMarker } from '../validator/marker.ts';
import { type Member, memberConfig, placesOf } from './member-config.ts';

/** What it takes from @heddle/node. */
export type GenesisPackage = Pick<typeof import('@heddle/node'), 'createNetworkGenesis' | 'buildGenesis'>;

export interface CreateSurroundings {
  readonly loadNode: () => Promise<GenesisPackage>;
  readonly wallMs: () => number;
  readonly print: (text: string) => void;
}

/** Writes a network's folder. Rejects with `DataDirectoryError`; a folder with anything in it is not touched. */
export async function createNetwork(flags: NetworkFlags, surroundings: CreateSurroundings): Promise<void> {
  const { dir } = flags;
  try {
    requireEmpty(dir);
    const keys = await createKeys(flags);
    const node = await surroundings.loadNode();
    const genesis = node.createNetworkGenesis({
      chainId: BigInt(flags.chainId),
      shardCount: flags.shards,
      validators: keys.map(({ stored: { publicKey, proofOfPossession } }) => ({
        publicKey: hexToBytes(publicKey),
        proofOfPossession: hexToBytes(proofOfPossession),
      })),
      accounts: fundedAccounts(flags),
      balanceWei: flags.balanceWei,
      registryOwner: flags.registryOwner,
      blockTimeMs: flags.blockTimeMs,
      timestamp: BigInt(Math.floor(surroundings.wallMs() / 1_000)),
    });
    const { blockHash } = node.buildGenesis(genesis).write;
    const members = placesOf(
      flags,
      keys.map(({ peerId }) => peerId),
    );
    for (const member of members) writeMember(member, members, genesis);
    // Last: a folder without it was not finished.
    writeDurably(join(dir, 'genesis.json'), genesisToJson(genesis));
    surroundings.print(flags.json ? jsonLine(flags, blockHash, keys, members) : summary(flags, blockHash, members));
  } catch (error) {
    if (!/^E[A-Z]+$/.test(systemErrorCode(error) ?? '')) throw error;
    throw new DataDirectoryError(dir, errorMessage(error));
  }
}

interface MemberKeys {
  readonly stored: StoredKey;
  readonly peerId: string;
}

function requireEmpty(dir: string): void {
  makeFolder(dir);
  if (readdirSync(dir).length === 0) return;
  throw new DataDirectoryError(dir, 'it is not empty; give a new or empty folder (nothing was changed)');
}

async function createKeys({ dir, validators }: NetworkFlags): Promise<readonly MemberKeys[]> {
  const keys: MemberKeys[] = [];
  for (let index = 0; index < validators; index += 1) {
    const layout = validatorLayout(join(dir, `validator-${index}`));
    mkdirSync(layout.directory, { mode: 0o700 });
    const stored = await createKey(layout.keys, null);
    const { peerId } = await createNetworkKey(layout.networkKey);
    keys.push({ stored, peerId });
  }
  return keys;
}

function writeMember(member: Member, members: readonly Member[], genesis: Genesis): void {
  const layout = validatorLayout(member.directory);
  writeDurably(layout.config, memberConfig(member, members));
  writeDurably(layout.genesis, genesisToJson(genesis));
  // The key was made here and now, so it cannot be in use anywhere else.
  const machine = machineOf(layout.directory);
  writeValidatorMarker(layout, { genesisDigest: digestOf(genesis), machine, hasRun: false });
}

function fundedAccounts({ fund }: NetworkFlags): readonly Address[] {
  const given = fund.flat();
  if (given.length > 0) return given;
  const { mnemonic, accounts } = DEFAULT_CHAIN_FLAGS;
  return deriveAccounts(mnemonic, accounts).map(({ address }) => address);
}

function summary({ dir, shards, chainId, fund }: NetworkFlags, hash: string, members: readonly Member[]): string {
  const funded = fund.length > 0 ? 'the accounts given' : 'the test accounts, whose keys everybody knows';
  return [
    `${dir}: ${members.length} validators, ${shards} shards, chain ID ${chainId}, genesis ${hash}`,
    `Funded: ${funded}`,
    ...members.map(({ directory, rpcPort, p2pAddress }) => `${directory}  JSON-RPC on port ${rpcPort}  ${p2pAddress}`),
    `How to run them: heddle network start --dir ${dir} --explain`,
    '',
  ].join('\n');
}

function jsonLine(
  { dir, shards, chainId }: NetworkFlags,
  genesisHash: string,
  keys: readonly MemberKeys[],
  members: readonly Member[],
): string {
  const validators = members.map(({ directory, rpcPort, p2pAddress }, index) => {
    const publicKey = keys[index]?.stored.publicKey;
    return { directory, publicKey, rpcPort, p2pAddress };
  });
  return `${JSON.stringify({ dir, genesisHash, chainId, shards, validators })}\n`;
}
