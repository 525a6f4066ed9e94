import { availableParallelism } from 'node:os';
import { type FlagTable, given, list, oneOf, path, several, text, wholeNumber } from '@heddle/command-line';
import type { Address } from '@heddle/types';
import { MAX_CACHE_MB, MAX_LANES, MIN_CACHE_MB } from '../limits.ts';
import { defaultLanes } from './devnet-flags.ts';
import { address, host, hostName, multiaddress, origin, peerAddress } from './kinds.ts';

/** What a validator signs with, and for whom. */
interface SigningSettings {
  /** Null: the only one in the data directory's `keys`. */
  readonly keystore: string | null;
  /** Null: beside the keystore. */
  readonly passwordFile: string | null;
  readonly feeRecipient: Address | null;
  /** The key is not in the genesis: the chain's registry names it later. */
  readonly joining: boolean;
}

/** How a node of its own runs. Each is a flag, a variable of the environment, and a key of the config file. */
export interface NodeSettings {
  /** Absolute, as all paths; null: in the data directory. */
  readonly genesis: string | null;
  /** Null: in the data directory's `keys`; made if it is not there. */
  readonly networkKey: string | null;
  readonly rpcHost: string;
  readonly rpcPort: number;
  readonly rpcAllowHost: readonly (readonly string[])[];
  readonly rpcCors: readonly (readonly string[])[];
  readonly p2pListen: readonly (readonly string[])[];
  readonly p2pExternal: string | null;
  readonly bootnodes: readonly (readonly string[])[];
  readonly metricsHost: string;
  /** Null: no metrics. */
  readonly metricsPort: number | null;
  readonly lanes: number;
  readonly cacheMb: number;
  readonly archive: boolean;
  readonly logLevel: string;
  readonly logFormat: 'human' | 'json';
}

/** How a validator runs. */
export interface ValidatorSettings extends NodeSettings, SigningSettings {}

/** Where a validator's data and its config file are. */
export interface ValidatorPlace {
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; null: the data directory's own, if there is one. */
  readonly config: string | null;
}

export const PLACE_FLAGS: FlagTable<ValidatorPlace> = {
  dataDir: { typed: '--data-dir <DIR>', help: 'folder of this node', kind: path, isRequired: true },
  config: {
    typed: '--config <F>',
    help: 'file with settings, in TOML',
    kind: path,
    usual: null,
    shown: 'config.toml of the data directory',
  },
};

const SIGNING_SETTINGS: FlagTable<SigningSettings> = {
  keystore: {
    typed: '--keystore <F>',
    help: 'keystore of the key to sign with (EIP-2335)',
    kind: path,
    usual: null,
    shown: 'the only one in keys of the data directory',
  },
  passwordFile: {
    typed: '--password-file <F>',
    help: 'file with its password',
    kind: path,
    usual: null,
    shown: 'beside the keystore',
  },
  feeRecipient: {
    typed: '--fee-recipient <ADDRESS>',
    help: 'account that gets the fees of what this validator builds',
    kind: address,
    usual: null,
    shown: 'none: they are lost',
  },
  joining: {
    typed: '--joining',
    help: "the key is not in the genesis: it follows until the chain's registry names it",
    kind: given,
    usual: false,
  },
};

export const NODE_SETTINGS: FlagTable<NodeSettings> = {
  genesis: {
    typed: '--genesis <F>',
    help: "the network's genesis file",
    kind: path,
    usual: null,
    shown: 'genesis.json of the data directory',
  },
  networkKey: {
    typed: '--network-key <F>',
    help: 'file with the key that names this node on the network; made if it is not there',
    kind: path,
    usual: null,
    shown: 'keys/network.key of the data directory',
  },
  rpcHost: { typed: '--rpc-host <H>', help: 'address that JSON-RPC listens on', kind: host, usual: '127.0.0.1' },
  rpcPort: {
    typed: '--rpc-port <P>',
    help: 'its port, for HTTP and WebSocket, 0 = any free one',
    kind: wholeNumber(0, 65_535),
    usual: 8545,
  },
  rpcAllowHost: {
    typed: '--rpc-allow-host <NAME>',
    help: 'another name that this node is called by in URLs, * = any; repeatable, or a list with commas',
    kind: several(list(hostName)),
    usual: [],
    shown: 'localhost',
  },
  rpcCors: {
    typed: '--rpc-cors <ORIGIN>',
    help: 'origin of web pages that may use this node, * = any; repeatable, or a list with commas',
    kind: several(list(origin)),
    usual: [],
    shown: 'localhost',
  },
  p2pListen: {
    typed: '--p2p-listen <ADDRESS>',
    help: 'multiaddress to listen on for other nodes; repeatable, or a list with commas',
    kind: several(list(multiaddress)),
    usual: [['/ip4/0.0.0.0/tcp/9000']],
    shown: '/ip4/0.0.0.0/tcp/9000',
  },
  p2pExternal: {
    typed: '--p2p-external <ADDRESS>',
    help: 'multiaddress that other nodes reach this one at',
    kind: multiaddress,
    usual: null,
    shown: 'that of --p2p-listen',
  },
  bootnodes: {
    typed: '--bootnodes <ADDRESS>',
    help: 'multiaddress with /p2p/ of a node to begin with; repeatable, or a list with commas',
    kind: several(list(peerAddress)),
    usual: [],
    shown: 'none',
  },
  metricsHost: {
    typed: '--metrics-host <H>',
    help: 'address that metrics and health are shown at',
    kind: host,
    usual: '127.0.0.1',
  },
  metricsPort: {
    typed: '--metrics-port <P>',
    help: 'its port, for /metrics, /health and /ready, 0 = any free one',
    kind: wholeNumber(0, 65_535),
    usual: null,
    shown: 'none: they are off',
  },
  lanes: {
    typed: '--lanes <N>',
    help: 'worker threads that execute chunks, 0 = none',
    kind: wholeNumber(0, MAX_LANES),
    usual: defaultLanes(availableParallelism()),
    shown: 'cores − 1',
  },
  cacheMb: {
    typed: '--cache-mb <N>',
    help: 'megabytes for the caches of state',
    kind: wholeNumber(MIN_CACHE_MB, MAX_CACHE_MB),
    usual: 96,
  },
  archive: { typed: '--archive', help: 'keep the state of every block from here on', kind: given, usual: false },
  logLevel: {
    typed: '--log-level <L>',
    help: 'silent, error, warn, info, debug or trace; by module: info,rpc=debug',
    kind: text,
    usual: 'info',
  },
  logFormat: { typed: '--log-format <F>', help: 'human or json', kind: oneOf(['human', 'json']), usual: 'human' },
};

export const VALIDATOR_SETTINGS: FlagTable<ValidatorSettings> = { ...SIGNING_SETTINGS, ...NODE_SETTINGS };
