import { bytesToHex } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { type Address, signTransaction } from '@heddle/types';
import { deriveAccounts } from '../../src/devnet/accounts.ts';
import { DEFAULT_CHAIN_FLAGS } from '../../src/flags/devnet-flags.ts';
import { rpc } from './devnet-process.ts';

/** Between two looks for a receipt. */
const POLL_MS = 2;
/** No receipt after this: the chain stands still. */
const PATIENCE_MS = 60_000;
/** Far above any base fee that a measurement reaches. */
const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

interface Owner {
  readonly address: Address;
  readonly privateKey: Uint8Array;
  nonce: bigint;
}

/** Times transfers between the test accounts, one after the other, from the request to the receipt. Nobody else may use them. */
export class TransferClock {
  readonly #owners: readonly Owner[] = deriveAccounts(DEFAULT_CHAIN_FLAGS.mnemonic, DEFAULT_CHAIN_FLAGS.accounts).map(
    ({ address, privateKey }) => ({ address, privateKey, nonce: 0n }),
  );
  readonly #shards: number;
  #turn = 0;

  constructor(shards: number) {
    this.#shards = shards;
  }

  /** Milliseconds, told to the node at `url`. Throws when there is no receipt after a minute, or it is of a failure. */
  async measure(url: string, way: 'local' | 'across'): Promise<number> {
    const raw = this.#next(way);
    const startMs = performance.now();
    const hash = await rpc(url, 'eth_sendRawTransaction', [raw]);
    for (;;) {
      const receipt = await rpc(url, 'eth_getTransactionReceipt', [hash]);
      const tookMs = performance.now() - startMs;
      if (receipt !== null) {
        if (typeof receipt !== 'object' || !('status' in receipt) || receipt.status !== '0x1')
          throw new Error(`the receipt of ${String(hash)} is ${JSON.stringify(receipt)}`);
        return tookMs;
      }
      if (tookMs > PATIENCE_MS) throw new Error(`no receipt of ${String(hash)} after ${PATIENCE_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** A signed transfer of the account whose turn it is. */
  #next(way: 'local' | 'across'): string {
    const from = this.#owners[this.#turn++ % this.#owners.length];
    const homeOf = ({ address }: Owner): number => home(address, this.#shards);
    const to = this.#owners.find(
      (owner) => owner !== from && from !== undefined && (homeOf(owner) === homeOf(from)) === (way === 'local'),
    );
    if (from === undefined || to === undefined) throw new Error(`no two test accounts are ${way}`);
    const { raw } = signTransaction(
      {
        type: 2,
        chainId: BigInt(DEFAULT_CHAIN_FLAGS.chainId),
        nonce: from.nonce,
        to: to.address,
        value: 1n,
        data: new Uint8Array(),
        gasLimit: 21_000n,
        accessList: [],
        ...FEES,
      },
      from.privateKey,
    );
    from.nonce += 1n;
    return bytesToHex(raw);
  }
}

/** The sample that the share of all samples, 0 … 1, is not above, to a tenth; NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}
