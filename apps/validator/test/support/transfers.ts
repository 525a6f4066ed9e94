import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import type { ReadyLine } from './devnet-process.ts';
import { rpcBatch } from './rpc-batch.ts';
import type { SeededNumbers } from './seeded-numbers.ts';

type Hex = `0x${string}`;

/** Far above any base fee that a test reaches. */
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** Transfers between the accounts of a devnet, so between all shards that have any. Counts nonces itself. */
export class Transfers {
  readonly #url: string;
  readonly #chainId: number;
  readonly #accounts: readonly PrivateKeyAccount[];
  readonly #random: SeededNumbers;
  readonly #nonces = new Map<Hex, number>();

  private constructor(ready: ReadyLine, random: SeededNumbers) {
    this.#url = ready.urls.http;
    this.#chainId = ready.chainId;
    this.#accounts = ready.accounts.map(({ privateKey }) => privateKeyToAccount(privateKey));
    this.#random = random;
  }

  /** Goes on from the nonces that the chain has. */
  static async create(ready: ReadyLine, random: SeededNumbers): Promise<Transfers> {
    const transfers = new Transfers(ready, random);
    const nonces = await rpcBatch(
      ready.urls.http,
      ready.accounts.map(({ address }) => ({ method: 'eth_getTransactionCount', params: [address, 'pending'] })),
    );
    for (const [i, { address }] of transfers.#accounts.entries()) transfers.#nonces.set(address, Number(nonces[i]));
    return transfers;
  }

  /** Hands that many to the devnet in one request; resolves to their hashes when all have been taken. */
  async send(count: number): Promise<readonly string[]> {
    const raws = await Promise.all(Array.from({ length: count }, () => this.#sign()));
    const hashes = await rpcBatch(
      this.#url,
      raws.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })),
    );
    return hashes.map(String);
  }

  #sign(): Promise<Hex> {
    const from = this.#random.pick(this.#accounts);
    const to = this.#random.pick(this.#accounts);
    const nonce = this.#nonces.get(from.address) ?? 0;
    this.#nonces.set(from.address, nonce + 1);
    const terms = { chainId: this.#chainId, nonce, to: to.address, value: 1n, gas: 21_000n };
    return from.signTransaction({ type: 'eip1559', ...terms, ...FEES });
  }
}
