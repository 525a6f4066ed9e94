import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Chain, Hex } from 'viem';
import type { Check } from '../check.ts';
import { type Flow, flow, holds, pause, runFlows, same, until } from '../flows.ts';
import { installed } from '../packages.ts';
import { judged } from '../result.ts';
import { TALLY } from '../tally.ts';
import { account, compiled, openWorld, SINK, type World } from '../world.ts';

/** As much of wagmi's core as is used. */
interface Config {
  readonly connectors: readonly object[];
}

interface Wagmi {
  createConfig(options: object): Config;
  http(url: string): object;
  mock(options: { readonly accounts: readonly Hex[] }): object;
  connect(config: Config, options: object): Promise<unknown>;
  getAccount(config: Config): { readonly status: string };
  getBalance(config: Config, options: object): Promise<{ readonly value: bigint }>;
  sendTransaction(config: Config, options: object): Promise<Hex>;
  waitForTransactionReceipt(config: Config, options: object): Promise<{ readonly status: string }>;
  simulateContract(config: Config, options: object): Promise<{ readonly request: object }>;
  writeContract(config: Config, request: object): Promise<Hex>;
  readContracts(config: Config, options: object): Promise<readonly { readonly status: string }[]>;
  watchContractEvent(config: Config, options: object): () => void;
  signMessage(config: Config, options: object): Promise<Hex>;
  signTypedData(config: Config, options: object): Promise<Hex>;
}

const ROW = 'wagmi core';
const SETTLE_MS = 400;
const USER = 9;
const TYPES = { Vote: [{ name: 'choice', type: 'uint256' }] };

export const wagmiCheck: Check = {
  name: 'wagmi',
  row: ROW,
  run: async (subject) => {
    const folder = join(installed(subject.work, 'clients'), 'node_modules', '@wagmi', 'core', 'dist', 'esm', 'exports');
    const wagmi: Wagmi = await import(pathToFileURL(join(folder, 'index.js')).href);
    const world = openWorld(subject);
    const { contractAddress } = await world.done(world.wallet(1).sendTransaction({ data: compiled()('Tally') }));
    const config = configFor(wagmi, world.chain, subject.http);
    return [judged(ROW, await runFlows(flowsOf(wagmi, config, world, contractAddress ?? SINK)))];
  },
};

function configFor(wagmi: Wagmi, chain: Chain, url: string): Config {
  const connectors = [wagmi.mock({ accounts: [account(USER).address] })];
  return wagmi.createConfig({
    chains: [chain],
    connectors,
    transports: { [chain.id]: wagmi.http(url) },
    pollingInterval: 50,
  });
}

function flowsOf(wagmi: Wagmi, config: Config, world: World, tally: Hex): readonly Flow[] {
  const contract = { address: tally, abi: TALLY } as const;
  const confirmed = async (hash: Hex): Promise<void> => {
    same((await wagmi.waitForTransactionReceipt(config, { hash })).status, 'success', 'status');
  };
  return [
    flow('connect', async () => {
      await wagmi.connect(config, { connector: config.connectors[0] });
      same(wagmi.getAccount(config).status, 'connected', 'status');
    }),
    flow('getBalance', async () => {
      holds((await wagmi.getBalance(config, { address: account(USER).address })).value > 0n, 'there is nothing');
    }),
    flow('sendTransaction', async () => confirmed(await wagmi.sendTransaction(config, { to: SINK, value: 1n }))),
    flow('simulateContract, writeContract', async () => {
      const { request } = await wagmi.simulateContract(config, { ...contract, functionName: 'raise' });
      await confirmed(await wagmi.writeContract(config, request));
    }),
    flow('readContracts', async () => {
      const total = { ...contract, functionName: 'total' };
      const fails = { ...contract, functionName: 'tooHigh', args: [1n] };
      const results = await wagmi.readContracts(config, { contracts: [total, fails] });
      same(
        results.map(({ status }) => status),
        ['success', 'failure'],
        'results',
      );
    }),
    flow('watchContractEvent', async () => {
      let seen = 0;
      const end = wagmi.watchContractEvent(config, {
        ...contract,
        onLogs: (logs: readonly unknown[]) => {
          seen += logs.length;
        },
      });
      await pause(SETTLE_MS);
      await world.done(world.wallet(1).writeContract({ ...contract, functionName: 'raise' }));
      await until(() => seen === 1, 'the log');
      end();
    }),
    flow('signMessage, signTypedData', async () => {
      await wagmi.signMessage(config, { message: 'a message' });
      const message = { domain: { chainId: 31_337 }, types: TYPES, primaryType: 'Vote', message: { choice: 1n } };
      await wagmi.signTypedData(config, message);
    }),
  ];
}
