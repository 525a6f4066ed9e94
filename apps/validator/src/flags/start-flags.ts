import { type FlagTable, given, path, wholeNumber } from '@heddle/command-line';
import { MAX_INTERVAL_SECONDS } from '../limits.ts';
import { timestamp } from './kinds.ts';

/** What a devnet begins with beside its chain flags, how it makes blocks, and what is left of it. */
export interface StartFlags {
  /** geth's genesis.json, absolute. */
  readonly init: string | null;
  /** Of genesis, seconds; null is what --init says, else now. */
  readonly timestamp: bigint | null;
  /** Absolute; each of these two may come from --state. */
  readonly loadState: string | null;
  readonly dumpState: string | null;
  readonly state: string | null;
  readonly noMining: boolean;
  /** Seconds between blocks that are made whatever there is; null makes them when there is work. */
  readonly intervalSeconds: number | null;
  readonly autoImpersonate: boolean;
  /** Absolute. */
  readonly configOut: string | null;
}

export const START_FLAGS: FlagTable<StartFlags> = {
  init: {
    typed: '--init <FILE>',
    help: "geth's genesis.json to begin with: alloc, timestamp, baseFeePerGas, gasLimit, chain ID",
    more: '; flags win over it',
    kind: path,
    usual: null,
  },
  timestamp: {
    typed: '--timestamp <SECONDS>',
    help: 'timestamp of the genesis block',
    more: '; with the same flags and timestamp, genesis is the same',
    kind: timestamp,
    usual: null,
    shown: 'now',
  },
  loadState: {
    typed: '--load-state <FILE>',
    help: "begin with what --dump-state wrote, or with the accounts of anvil's own dump",
    kind: path,
    usual: null,
  },
  dumpState: {
    typed: '--dump-state <FILE>',
    help: 'write the chain to this file when stopped in order',
    kind: path,
    usual: null,
  },
  state: {
    typed: '--state <FILE>',
    help: 'both: begin with this file if it is there, and write it at the end',
    kind: path,
    usual: null,
  },
  noMining: {
    typed: '--no-mining',
    help: 'make blocks only when asked to (evm_mine)',
    kind: given,
    usual: false,
  },
  intervalSeconds: {
    typed: '--interval-mining <SECONDS>',
    help: 'make a block every so many seconds, whatever there is',
    kind: wholeNumber(1, MAX_INTERVAL_SECONDS),
    usual: null,
  },
  autoImpersonate: {
    typed: '--auto-impersonate',
    help: 'send for any account without its key',
    kind: given,
    usual: false,
  },
  configOut: {
    typed: '--config-out <FILE>',
    help: "write accounts, keys and fees to this file, as anvil's JSON",
    kind: path,
    usual: null,
  },
};
