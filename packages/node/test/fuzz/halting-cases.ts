import { signDigest } from '@heddle/primitives';
import {
  type Address,
  authorizationDigest,
  type Hash,
  type RecoveredTransaction,
  signTransaction,
  ZERO_ADDRESS,
} from '@heddle/types';
import type { TestNetwork } from '../support/network.ts';
import { createCast } from './cast.ts';
import { openNetwork } from './fuzz.ts';

const CHAIN_ID = 31_337n;
const GAS_PRICE = 10n ** 11n;

/** Gas used, by receipt, of transactions that are the same on any number of shards. */
export interface HaltingCases {
  /** Delegates an existing account, sent to an account of another shard (EIP-7702). */
  readonly delegation: string;
  /** Clears a slot of a contract of another shard that its access list names (EIP-2930). */
  readonly refund: string;
}

/** Two transactions whose refund exceeds their work at the target: they ended every validator of two shards or more. */
export async function haltingCases(shardCount: number): Promise<HaltingCases> {
  const { alloc, contracts } = createCast(shardCount, []);
  const network = await openNetwork(shardCount, { alloc }, false);
  try {
    await network.startAll();
    const delegation = await gasOf(network, delegate(network, network.account(shardCount - 1).address));
    // The keeper of the last shard: slot 0 is set at genesis.
    const keeper = contracts.at(-contracts.length / shardCount);
    const refund = await gasOf(network, clear(network, keeper ?? ZERO_ADDRESS));
    return { delegation: String(delegation), refund: String(refund) };
  } finally {
    await network.close();
  }
}

function delegate(network: TestNetwork, to: Address): RecoveredTransaction {
  const { privateKey } = network.account(0);
  const unsigned = { chainId: CHAIN_ID, address: ZERO_ADDRESS, nonce: 1n };
  const authorization = { ...unsigned, ...signDigest(authorizationDigest(unsigned), privateKey) };
  const fees = { maxFeePerGas: GAS_PRICE, maxPriorityFeePerGas: 0n };
  const fields = { chainId: CHAIN_ID, nonce: 0n, to, value: 0n, data: new Uint8Array(0), gasLimit: 46_000n } as const;
  return signTransaction(
    { type: 4, ...fields, ...fees, accessList: [], authorizationList: [authorization] },
    privateKey,
  );
}

function clear(network: TestNetwork, to: Address): RecoveredTransaction {
  const accessList = [{ address: to, storageKeys: [`0x${'00'.repeat(32)}`] }] as const;
  const fields = { chainId: CHAIN_ID, nonce: 2n, to, value: 0n, data: new Uint8Array(0), gasLimit: 28_300n } as const;
  return signTransaction({ type: 1, ...fields, gasPrice: GAS_PRICE, accessList }, network.account(0).privateKey);
}

async function gasOf(network: TestNetwork, transaction: RecoveredTransaction): Promise<bigint> {
  const hash: Hash = network.submitSigned(0, transaction);
  await network.executed(hash);
  const { store } = network.node(0).chain;
  const location = store.transactionLocation(hash);
  if (location?.kind !== 'executed') throw new Error('it is executed');
  return store.executions(location.height)[location.part]?.[location.index]?.gasUsed ?? 0n;
}
