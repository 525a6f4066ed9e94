import { devnetFeeRecipients } from '@heddle/node';
import { rpc } from './devnet-process.ts';

type Hex = `0x${string}`;

/** What shard_getSupply answers. */
export interface Supply {
  readonly blockNumber: Hex;
  readonly burned: Hex;
  readonly inFlight: Hex;
}

function isSupply(value: unknown): value is Supply {
  return (
    typeof value === 'object' && value !== null && 'burned' in value && 'inFlight' in value && 'blockNumber' in value
  );
}

/** Wei that no account holds at the head. */
export async function readSupply(url: string): Promise<Supply> {
  const supply = await rpc(url, 'shard_getSupply');
  if (!isSupply(supply)) throw new Error(`shard_getSupply answered ${JSON.stringify(supply)}`);
  return supply;
}

/**
 * Counts all wei of a devnet from outside: balances of every address that the test has named, what is in flight, what
 * was burned. Conservation says that the sum is the genesis supply after every block (protocol.md, Messages).
 */
export class SupplyAudit {
  readonly #url: string;
  readonly #supply: bigint;
  readonly #addresses = new Set<Hex>();
  #checked = 0;

  constructor(
    url: string,
    supply: bigint,
    { validators, shards }: { readonly validators: number; readonly shards: number },
  ) {
    this.#url = url;
    this.#supply = supply;
    this.watch(...devnetFeeRecipients(validators, shards).flat());
  }

  /** Blocks whose sum was right. */
  get checked(): number {
    return this.#checked;
  }

  watch(...addresses: readonly Hex[]): void {
    for (const address of addresses) this.#addresses.add(address);
  }

  /** Throws when a wei is missing or too many at the head. */
  async check(): Promise<void> {
    const supply = await readSupply(this.#url);
    let total = BigInt(supply.burned) + BigInt(supply.inFlight);
    for (const address of this.#addresses) {
      total += BigInt(String(await rpc(this.#url, 'eth_getBalance', [address, supply.blockNumber])));
    }
    if (total !== this.#supply) {
      throw new Error(
        `block ${BigInt(supply.blockNumber)}: ${total} wei instead of ${this.#supply} (${total - this.#supply})`,
      );
    }
    this.#checked += 1;
  }
}
