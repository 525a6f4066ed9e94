import { findAnvil } from './compose/anvil-process.ts';
import { startDevnetProcess } from './devnet-process.ts';
import { startQuietAnvil } from './quiet-anvil.ts';

/** What Heddle is measured on, and what it is compared with. */
export const NETWORKS = ['s1', 's2', 's4', 'anvil'] as const;

export type NetworkName = (typeof NETWORKS)[number];

/** A network with nothing on it but its funded accounts. */
export interface ComparedNetwork {
  readonly name: NetworkName;
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Of the process that answers. */
  readonly pid: number;
  stop(): Promise<void>;
}

const SHARDS: Readonly<Record<string, number>> = { s1: 1, s2: 2, s4: 4 };

/** Throws where npm has no anvil for this machine and it is asked for. */
export async function startNetwork(name: NetworkName, accounts: number): Promise<ComparedNetwork> {
  const { [name]: shards } = SHARDS;
  return shards === undefined ? startAnvil(accounts) : startHeddle(name, shards, accounts);
}

async function startAnvil(accounts: number): Promise<ComparedNetwork> {
  const binary = findAnvil();
  if (binary === null) throw new Error('there is no anvil for this machine: leave it out with --networks s1,s2');
  const rules = ['--hardfork', 'osaka', '--enable-tx-gas-limit', '--accounts', String(accounts)];
  const { url, pid, stop } = await startQuietAnvil(binary, 0, rules);
  return { name: 'anvil', ...addressOf(url), url, pid, stop };
}

async function startHeddle(name: NetworkName, shards: number, accounts: number): Promise<ComparedNetwork> {
  const devnet = await startDevnetProcess(['--shards', String(shards), '--accounts', String(accounts)]);
  const { ready } = devnet;
  return {
    name,
    ...addressOf(ready.urls.http),
    url: ready.urls.http,
    pid: ready.pid,
    stop: async () => {
      const code = await devnet.stop();
      if (code !== 0) throw new Error(`the devnet ${name} ended with ${code}: ${devnet.log()}`);
    },
  };
}

function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
