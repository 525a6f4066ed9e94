import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hash,
  type Hex,
  type HttpTransport,
  http,
  isHex,
  type PublicClient,
  type TransactionReceipt,
  type WalletClient,
} from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import type { Subject } from './check.ts';

export const MNEMONIC = 'test test test test test test test test test test test junk';
export const CHAIN_ID = 31_337;
/** Where ether goes that nobody needs. */
export const SINK: Hex = '0x000000000000000000000000000000000000dEaD';

/** One of the ten accounts that every devnet funds. */
export function account(index: number): HDAccount {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index });
}

export function privateKey(index: number): Hex {
  const { privateKey: key } = account(index).getHdKey();
  if (key === null) throw new Error('a funded account has a key');
  return `0x${Buffer.from(key).toString('hex')}`;
}

/** The network as viem's clients see it. */
export interface World {
  readonly url: string;
  readonly ws: string;
  readonly chain: Chain;
  readonly reader: PublicClient<HttpTransport, Chain>;
  /** Signs here, with the key of one of the accounts. */
  wallet(index: number): WalletClient<HttpTransport, Chain, HDAccount>;
  /** Lets the node sign. */
  unlocked(address: Hex): WalletClient<HttpTransport, Chain, Account>;
  /** The receipt of what succeeded. Throws for what was reverted. */
  done(hash: Hash | Promise<Hash>): Promise<TransactionReceipt>;
}

/** Polls often and caches nothing: the network is measured, not the client's patience. */
export function openWorld({ http: url, ws }: Subject): World {
  const chain = defineChain({
    id: CHAIN_ID,
    name: 'scoreboard',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url], webSocket: [ws] } },
  });
  const transport = http(url);
  const reader = createPublicClient({ chain, transport, pollingInterval: 50, cacheTime: 0 });
  return {
    url,
    ws,
    chain,
    reader,
    wallet: (index) =>
      createWalletClient({ chain, transport, account: account(index), pollingInterval: 50, cacheTime: 0 }),
    unlocked: (address) =>
      createWalletClient({
        chain,
        transport,
        account: { address, type: 'json-rpc' },
        pollingInterval: 50,
        cacheTime: 0,
      }),
    done: async (hash) => {
      const receipt = await reader.waitForTransactionReceipt({ hash: await hash, timeout: 15_000 });
      if (receipt.status !== 'success') throw new Error(`the transaction was reverted with ${receipt.gasUsed} gas`);
      return receipt;
    },
  };
}

interface Compiler {
  compile(input: string): string;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>>
  >;
}

const SOURCE = join(import.meta.dirname, 'contracts', 'Tally.sol');

/** Init code of the contracts in `contracts/Tally.sol`, by name. */
export function compiled(): (name: string) => Hex {
  const solc: Compiler = createRequire(import.meta.url)('solc');
  const input = {
    language: 'Solidity',
    sources: { 'Tally.sol': { content: readFileSync(SOURCE, 'utf8') } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  };
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input)));
  const fatal = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (fatal.length > 0) throw new Error(fatal.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return (name) => {
    const code = `0x${output.contracts['Tally.sol']?.[name]?.evm.bytecode.object ?? ''}`;
    if (!isHex(code) || code.length === 2) throw new Error(`there is no contract ${name}`);
    return code;
  };
}
