import { createMempool } from '@heddle/mempool';
import { home } from '@heddle/sharding';
import { openValidatorStorage, type ValidatorStorage } from '@heddle/storage';
import { type Address, type Genesis, type RecoveredTransaction, signTransaction } from '@heddle/types';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Chain } from '../src/chain/chain.ts';
import { createDevnetGenesis } from '../src/genesis/devnet-genesis.ts';
import { buildGenesis } from '../src/genesis/genesis-block.ts';
import { Routes } from '../src/pool/routes.ts';
import { congestedShard, TipAccounts } from '../src/pool/tip-accounts.ts';

const KEY = new Uint8Array(32).fill(7);
const SENDER: Address = signed({}).sender;
const MOST_GAS = 2n ** 24n;

let storage: ValidatorStorage | null = null;

afterEach(async () => {
  await storage?.close();
});

function signed(fields: {
  readonly to?: Address;
  readonly gasLimit?: bigint;
  readonly data?: Uint8Array;
}): RecoveredTransaction {
  const common = { type: 2, chainId: 31_337n, nonce: 0n, value: 0n, maxFeePerGas: 10n ** 9n, accessList: [] } as const;
  const { to = `0x${'11'.repeat(20)}`, gasLimit = 21_000n, data = new Uint8Array() } = fields;
  return signTransaction({ ...common, maxPriorityFeePerGas: 0n, to, gasLimit, data }, KEY);
}

function devnet(shardCount: number): Genesis {
  return createDevnetGenesis({
    chainId: 31_337n,
    shardCount,
    validatorCount: 1,
    accounts: [SENDER],
    balanceWei: 10n ** 24n,
    blockTimeMs: 0,
    timestamp: 0n,
  }).genesis;
}

/** Two shards that send each other calls. */
function dispatching(): Genesis {
  return { ...devnet(2), dispatch: true };
}

/** What the pool of a validator says to a transaction on the genesis block. */
async function submit(genesis: Genesis, transaction: RecoveredTransaction): Promise<string | null> {
  const chain = await openChain(genesis);
  const accounts = new TipAccounts(chain, new Routes(genesis), () => chain.tree.root);
  const added = createMempool(accounts.poolRules(), accounts).add(transaction);
  return added.ok ? null : added.reason;
}

/** A chain at its genesis block. */
async function openChain(genesis: Genesis): Promise<Chain> {
  const built = buildGenesis(genesis);
  storage = await openValidatorStorage({ directory: null, genesis: built.write });
  return new Chain(built, storage.chain, () => null);
}

/** An address whose home is, or is not, the sender's. */
function neighbour(isAtHome: boolean): Address {
  for (let i = 1; ; i++) {
    const address: Address = `0x${i.toString(16).padStart(40, '0')}`;
    if (i > 0x200 && (home(address, 2) === home(SENDER, 2)) === isAtHome) return address;
  }
}

describe('the pool of a sharded network', () => {
  test('refuses a call to another shard that no message could carry', async () => {
    const genesis = { ...dispatching(), chunkGasLimit: 30_000_000n };
    const heavy = { gasLimit: 15_100_000n };
    expect(await submit(genesis, signed({ ...heavy, to: neighbour(false) }))).toMatch(
      /^exceeds block gas limit: 0x[0-9a-f]{40} is on another shard, for which gas 15100000 is \d+ too much$/,
    );
    expect(await submit(genesis, signed({ ...heavy, to: neighbour(true) }))).toBeNull();
    expect(await submit(genesis, signed({ gasLimit: 15_000_000n, to: neighbour(false) }))).toBeNull();
    const local = { chunkGasLimit: 30_000_000n, dispatch: false };
    expect(await submit({ ...devnet(2), ...local }, signed({ ...heavy, to: neighbour(false) }))).toBeNull();
    expect(await submit({ ...devnet(1), ...local }, signed(heavy))).toBeNull();
  });

  test('a devnet takes the heaviest transaction there can be for any shard', async () => {
    const data = new Uint8Array(130_000);
    expect(await submit(devnet(2), signed({ gasLimit: MOST_GAS, data, to: neighbour(false) }))).toBeNull();
  });
});

describe('a pending transaction', () => {
  test('waits for the shard whose queue is full, and for none while there is room', async () => {
    const chain = await openChain(dispatching());
    const { root } = chain.tree;
    const full = {
      ...root,
      shards: root.shards.map((tip) => ({ ...tip, header: { ...tip.header, queuedWeight: 160_000_000n } })),
    };
    const target = neighbour(false);
    const away = signed({ to: target });
    // In turn a full queue takes one message.
    const isTurn = (height: bigint): boolean => (height + 1n) % 2n === BigInt(home(SENDER, 2));
    const waiting = [0n, 1n].map((height) =>
      congestedShard(
        chain,
        { ...full, height, shards: full.shards.map((tip) => ({ ...tip, header: { ...tip.header, height } })) },
        away,
      ),
    );
    expect(waiting).toEqual([0n, 1n].map((height) => (isTurn(height) ? null : home(target, 2))));
    expect(congestedShard(chain, root, away)).toBeNull();
    expect(congestedShard(chain, full, signed({ to: neighbour(true) }))).toBeNull();
  });
});
