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
  type PublicClient,
  type TransactionReceipt,
  type WalletClient,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { rpc, startDevnetProcess } from '../devnet-process.ts';
import { findAnvil, startAnvil } from './anvil-process.ts';
import { COMPOSED_SHARD_COUNTS } from './shard-counts.ts';
import { FUNDED_ACCOUNTS, fundedUsers } from './users.ts';

const CHAIN_ID = 31_337;
const RECEIPT_TIMEOUT_MS = 20_000;

/** What a suite runs on: Ethereum itself, or a devnet of so many shards. */
export type NetworkKind =
  | { readonly name: string; readonly anvil: string }
  | { readonly name: string; readonly shards: number };

/**
 * Ethereum first: what it answers, the others have to answer too. Where npm has no anvil for this machine, a devnet of one
 * shard stands for it.
 */
export function networkKinds(): readonly NetworkKind[] {
  const anvil = findAnvil();
  const devnets = COMPOSED_SHARD_COUNTS.map(devnetOf);
  return [anvil === null ? devnetOf(1) : { name: 'anvil', anvil }, ...devnets];
}

function devnetOf(shards: number): NetworkKind {
  return { name: `a devnet of ${shards} shard(s)`, shards };
}

/** What a transaction did, without where and at what price. */
export interface Outcome {
  readonly what: string;
  readonly status: TransactionReceipt['status'];
  /** `null` where it depends on when the block was made. */
  readonly gasUsed: bigint | null;
  readonly created: Hex | null;
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[];
}

interface Backend {
  readonly url: string;
  /** Ends the process; throws when it did not go well. */
  close(): Promise<void>;
}

/** A network of its own for one suite, its users, and what their transactions came to. */
export class Network {
  readonly url: string;
  readonly chain: Chain;
  readonly reader: PublicClient<HttpTransport, Chain>;
  /** Without an account: who sends is said with each transaction. */
  readonly writer: WalletClient<HttpTransport, Chain>;
  /** Both, as viem's `getContract` takes them. */
  readonly client: {
    readonly public: PublicClient<HttpTransport, Chain>;
    readonly wallet: WalletClient<HttpTransport, Chain>;
  };
  /** Two of each of four shards; see {@link fundedUsers}. */
  readonly users: readonly PrivateKeyAccount[];
  readonly #outcomes: Outcome[] = [];
  readonly #backend: Backend;

  private constructor(backend: Backend) {
    this.#backend = backend;
    this.url = backend.url;
    this.users = fundedUsers();
    this.chain = defineChain({
      id: CHAIN_ID,
      name: 'compose',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [backend.url] } },
    });
    const transport = http(backend.url);
    this.reader = createPublicClient({ chain: this.chain, transport, pollingInterval: 15, cacheTime: 0 });
    this.writer = createWalletClient({ chain: this.chain, transport });
    this.client = { public: this.reader, wallet: this.writer };
  }

  static async open(kind: NetworkKind): Promise<Network> {
    return new Network('anvil' in kind ? await openAnvil(kind.anvil) : await openDevnet(kind.shards));
  }

  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  user(index: number): PrivateKeyAccount {
    return at(this.users, index);
  }

  /** Waits for the receipt and keeps what it says under a name. Throws when the transaction failed. */
  async mined(what: string, hash: Hash | Promise<Hash>): Promise<TransactionReceipt> {
    const receipt = await this.#receipt(hash);
    this.#outcomes.push(outcome(what, receipt, receipt.gasUsed));
    return expectStatus(what, receipt, 'success');
  }

  /** The same for one that has to fail. */
  async reverted(what: string, hash: Hash | Promise<Hash>): Promise<TransactionReceipt> {
    const receipt = await this.#receipt(hash);
    this.#outcomes.push(outcome(what, receipt, receipt.gasUsed));
    return expectStatus(what, receipt, 'reverted');
  }

  /** The same for one whose gas depends on whether a contract has seen the block's timestamp before. */
  async minedAnytime(what: string, hash: Hash | Promise<Hash>): Promise<TransactionReceipt> {
    const receipt = await this.#receipt(hash);
    this.#outcomes.push(outcome(what, receipt, null));
    return expectStatus(what, receipt, 'success');
  }

  /** Creates a contract. */
  async deploy(what: string, account: Account, initCode: Hex, value = 0n): Promise<Hex> {
    const { contractAddress } = await this.mined(what, this.writer.sendTransaction({ account, data: initCode, value }));
    if (contractAddress === null || contractAddress === undefined) throw new Error(`${what}: nothing was created`);
    return contractAddress;
  }

  /** Makes a block with a timestamp of its own: what some contracts do depends on whether they have seen it before. */
  async nextSecond(): Promise<void> {
    // Of whatever block there is, or is being made: none of them is later than now.
    const seen = Math.max(Number((await this.reader.getBlock()).timestamp), Math.floor(Date.now() / 1_000));
    do {
      const waitMs = (seen + 1) * 1_000 - Date.now();
      // A timer may come a millisecond early.
      await new Promise((resolve) => setTimeout(resolve, Math.max(5, waitMs + 5)));
      // An estimate is made at the head's timestamp.
      await rpc(this.url, 'evm_mine');
    } while (Number((await this.reader.getBlock()).timestamp) <= seen);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  async #receipt(hash: Hash | Promise<Hash>): Promise<TransactionReceipt> {
    return this.reader.waitForTransactionReceipt({ hash: await hash, timeout: RECEIPT_TIMEOUT_MS });
  }
}

function outcome(what: string, receipt: TransactionReceipt, gasUsed: bigint | null): Outcome {
  const logs = receipt.logs.map(({ address, topics, data }) => ({ address, topics, data }));
  return { what, status: receipt.status, gasUsed, created: receipt.contractAddress ?? null, logs };
}

function expectStatus(
  what: string,
  receipt: TransactionReceipt,
  status: TransactionReceipt['status'],
): TransactionReceipt {
  if (receipt.status !== status) throw new Error(`${what}: ${receipt.status}, gas used ${receipt.gasUsed}`);
  return receipt;
}

/** The item, which has to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}

async function openAnvil(binary: string): Promise<Backend> {
  const { url, stop } = await startAnvil(binary, FUNDED_ACCOUNTS);
  return { url, close: stop };
}

async function openDevnet(shards: number): Promise<Backend> {
  const devnet = await startDevnetProcess(['--shards', String(shards), '--accounts', String(FUNDED_ACCOUNTS)]);
  return {
    url: devnet.ready.urls.http,
    close: async () => {
      const code = await devnet.stop();
      if (code !== 0 || devnet.log().includes('error'))
        throw new Error(`the devnet ended with ${code}: ${devnet.log()}`);
    },
  };
}
