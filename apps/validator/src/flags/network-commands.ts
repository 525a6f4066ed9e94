import {
  addExamples,
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  groupCommand,
  list,
  path,
  several,
  wholeNumber,
} from '@heddle/command-line';
import type { Address } from '@heddle/types';
import { UsageError } from '../errors.ts';
import { CHAIN_FLAGS, type ChainFlags } from './devnet-flags.ts';
import { address, networkHost } from './kinds.ts';

/** What a network of validators in processes of their own is made from. */
export interface NetworkFlags
  extends Pick<ChainFlags, 'validators' | 'shards' | 'chainId' | 'blockTimeMs' | 'balanceWei'> {
  /** Absolute. */
  readonly dir: string;
  /** Funded accounts; none stands for the well-known test accounts. */
  readonly fund: readonly (readonly Address[])[];
  readonly registryOwner: Address | null;
  /** One for each validator; none: all on this machine. */
  readonly hosts: readonly string[];
  /** Of the first validator on a machine; the others follow. */
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly json: boolean;
}

export interface NetworkStartFlags {
  readonly dir: string;
  readonly explain: boolean;
}

/** Ports of the validators of one machine follow one another. */
const MAX_FIRST_PORT = 65_000;

const NETWORK_FLAGS: FlagTable<NetworkFlags> = {
  dir: { typed: '--dir <DIR>', help: 'folder to write, new or empty', kind: path, isRequired: true },
  validators: CHAIN_FLAGS.validators,
  shards: CHAIN_FLAGS.shards,
  chainId: CHAIN_FLAGS.chainId,
  blockTimeMs: CHAIN_FLAGS.blockTimeMs,
  fund: {
    typed: '--fund <ADDRESS>',
    help: 'account with ETH at genesis; repeatable, or a list with commas',
    kind: several(list(address)),
    usual: [],
    shown: '10 test accounts that everybody has the keys of',
  },
  balanceWei: CHAIN_FLAGS.balanceWei,
  registryOwner: {
    typed: '--registry-owner <ADDRESS>',
    help: 'account that may change the validators',
    kind: address,
    usual: null,
    shown: 'nobody',
  },
  hosts: {
    typed: '--hosts <LIST>',
    help: 'names or IP addresses of the machines, one for each validator, with commas',
    kind: list(networkHost),
    usual: [],
    shown: 'all on this machine',
  },
  rpcPort: {
    typed: '--rpc-port <P>',
    help: 'port of JSON-RPC; on one machine that of the first validator',
    kind: wholeNumber(1, MAX_FIRST_PORT),
    usual: 8545,
  },
  p2pPort: {
    typed: '--p2p-port <P>',
    help: 'port between validators; on one machine that of the first one',
    kind: wholeNumber(1, MAX_FIRST_PORT),
    usual: 9000,
  },
  json: { typed: '--json', help: 'one line of JSON', kind: given, usual: false },
};

const START_FLAGS: FlagTable<NetworkStartFlags> = {
  dir: { typed: '--dir <DIR>', help: 'folder that network create has written', kind: path, isRequired: true },
  explain: {
    typed: '--explain',
    help: 'only print how to run each validator by hand, on a machine of its own',
    kind: given,
    usual: false,
  },
};

/** The `network` command. Relative paths are taken from `workingDirectory`. */
export function networkCommand(
  workingDirectory: string,
  create: (flags: NetworkFlags) => Promise<void>,
  start: (flags: NetworkStartFlags) => Promise<void>,
): Command {
  const creation = flagCommand({
    name: 'create',
    about: 'Write the genesis of a new network, and a folder with keys and config for each validator',
    flags: NETWORK_FLAGS,
    workingDirectory,
    run: (words) => create(checked(complete(NETWORK_FLAGS, words))),
  });
  const starting = flagCommand({
    name: 'start',
    about: 'Run the validators of a network on this machine, each in a process of its own',
    flags: START_FLAGS,
    workingDirectory,
    run: (words) => start(complete(START_FLAGS, words)),
  });
  return groupCommand('network', 'Networks whose validators run each in a process of its own', [
    addExamples(creation, [
      'heddle network create --validators 4 --shards 2 --dir net',
      'heddle network create --validators 3 --hosts a.example,b.example,c.example --fund 0x… --dir net',
    ]),
    addExamples(starting, ['heddle network start --dir net', 'heddle network start --dir net --explain']),
  ]);
}

function checked(flags: NetworkFlags): NetworkFlags {
  const { hosts, validators } = flags;
  if (hosts.length > 0 && hosts.length !== validators) {
    throw new UsageError(
      '--hosts',
      `there are ${validators} validators and ${hosts.length} hosts: one for each is needed`,
    );
  }
  return flags;
}
