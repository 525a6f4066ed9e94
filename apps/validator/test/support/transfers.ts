import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { signTransaction } from '@heddle/types';
import { deriveAccounts } from '../../src/devnet/accounts.ts';
import { DEFAULT_CHAIN_FLAGS } from '../../src/flags/devnet-flags.ts';
import type { ReadyLine } from './devnet-process.ts';
import { rpcBatch } from './rpc-batch.ts';
import type { SeededNumbers } from './seeded-numbers.ts';

type Hex = `0x${string}`;

/** Far above any base fee that a test reaches. */
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

interface Sender {
  /** Lower case. */
  readonly address: Hex;
  readonly privateKey: Uint8Array;
  nonce: bigint;
}

/** Where transfers are sent, and whose they are. */
export type TransferPlace = Pick<ReadyLine, 'accounts' | 'chainId'> & {
  readonly urls: Pick<ReadyLine['urls'], 'http'>;
};

/** A node of a network that `network create` has made, with the first of the accounts that it funds. */
export function fundedPlace(http: string, count: number = DEFAULT_CHAIN_FLAGS.accounts): TransferPlace {
  const { mnemonic, chainId } = DEFAULT_CHAIN_FLAGS;
  const accounts = deriveAccounts(mnemonic, count).map(({ address, privateKey }) => ({
    address,
    privateKey: bytesToHex(privateKey),
    shard: 0,
  }));
  return { urls: { http }, accounts, chainId };
}

/** Transfers between the accounts of a devnet, so between all shards that have any. Counts nonces itself. */
export class Transfers {
  readonly #url: string;
  readonly #chainId: bigint;
  readonly #senders: readonly Sender[];
  readonly #random: SeededNumbers;

  private constructor(ready: TransferPlace, random: SeededNumbers, nonces: readonly unknown[]) {
    this.#url = ready.urls.http;
    this.#chainId = BigInt(ready.chainId);
    this.#random = random;
    this.#senders = ready.accounts.map(({ address, privateKey }, i) => ({
      address: `0x${address.slice(2).toLowerCase()}`,
      privateKey: hexToBytes(privateKey),
      nonce: BigInt(String(nonces[i])),
    }));
  }

  /** Goes on from the nonces that the chain has. */
  static async create(ready: TransferPlace, random: SeededNumbers): Promise<Transfers> {
    const calls = ready.accounts.map(({ address }) => ({
      method: 'eth_getTransactionCount',
      params: [address, 'pending'],
    }));
    return new Transfers(ready, random, await rpcBatch(ready.urls.http, calls));
  }

  get senders(): number {
    return this.#senders.length;
  }

  /**
   * Hands that many from random accounts to the devnet in one request; resolves to their hashes when all have been
   * answered. Requests may overtake one another: nobody else should be sending meanwhile.
   */
  send(count: number): Promise<readonly string[]> {
    return this.#submit(Array.from({ length: count }, () => this.#sign(this.#random.pick(this.#senders))));
  }

  /** The same from one account, so that others may send at the same time. */
  sendFrom(index: number, count: number): Promise<readonly string[]> {
    const sender = this.#senders[index];
    if (sender === undefined) throw new RangeError(`there is no account ${index}`);
    return this.#submit(Array.from({ length: count }, () => this.#sign(sender)));
  }

  async #submit(raws: readonly Hex[]): Promise<readonly string[]> {
    const calls = raws.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] }));
    return (await rpcBatch(this.#url, calls)).map(String);
  }

  /** With the project's own signing: senders have to be faster than the devnet. */
  #sign(sender: Sender): Hex {
    const { raw } = signTransaction(
      {
        type: 2,
        chainId: this.#chainId,
        nonce: sender.nonce,
        to: this.#random.pick(this.#senders).address,
        value: 1n,
        data: new Uint8Array(),
        gasLimit: 21_000n,
        accessList: [],
        ...FEES,
      },
      sender.privateKey,
    );
    sender.nonce += 1n;
    return bytesToHex(raw);
  }
}
