import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type FlagTable, given, list, oneOf, path, several } from '@heddle/command-line';
import { NETWORKS, type NetworkName } from '../../apps/validator/test/support/compared-networks.ts';
import { CHECK_NAMES, type CheckName } from './checks/names.ts';

export interface ScoreboardFlags {
  readonly only: readonly CheckName[];
  readonly networks: readonly NetworkName[];
  readonly openrpc: string;
  readonly work: string;
  readonly openzeppelin: string | null;
  readonly resume: boolean;
  readonly json: boolean;
}

const root = resolve(import.meta.dirname, '../..');

export const FLAGS: FlagTable<ScoreboardFlags> = {
  only: {
    typed: '--only <NAME>',
    help: `checks: ${CHECK_NAMES.join(', ')}`,
    kind: several(oneOf(CHECK_NAMES)),
    usual: CHECK_NAMES,
    shown: 'all',
  },
  networks: {
    typed: '--networks <NAMES>',
    help: NETWORKS.join(', '),
    kind: list(oneOf(NETWORKS)),
    usual: NETWORKS,
    shown: 'all',
  },
  openrpc: {
    typed: '--openrpc <FILE>',
    help: "the execution API's schemas",
    kind: path,
    usual: join(root, '..', 'shared', 'conformance', 'json-rpc', 'openrpc.json'),
    shown: '../shared/conformance/json-rpc/openrpc.json',
  },
  work: {
    typed: '--work <DIR>',
    help: 'where packages are installed and projects made; kept',
    kind: path,
    usual: join(tmpdir(), 'heddle-scoreboard'),
    shown: "in the system's temporary folder",
  },
  openzeppelin: {
    typed: '--openzeppelin <DIR>',
    help: "a checkout of OpenZeppelin's contracts with its packages installed",
    kind: path,
    usual: null,
    shown: 'not run',
  },
  resume: { typed: '--resume', help: 'go on with a run that was interrupted', kind: given, usual: false },
  json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
};
