import { home } from '@heddle/cross-shard';
import type { PeerId } from '@heddle/network';
import { type BuiltGenesis, buildGenesis, createDevnetGenesis, devnetFeeRecipients, peerOf } from '@heddle/node';
import { bigintToBytes, hexToBytes, keccak256, privateKeyToAddress } from '@heddle/primitives';
import {
  type Address,
  type Genesis,
  type GenesisAccount,
  type ShardId,
  type Validator,
  ZERO_ADDRESS,
} from '@heddle/types';
import { ACCOUNTS_PER_SHARD, CACHED_GENESES } from '../limits.ts';

export const START_SECONDS = 1_700_000_000n;
const CHAIN_ID = 31_337n;
/** Where the validator registry resides. */
const REGISTRY_SHARD = 0;
const BALANCE_WEI = 10n ** 21n;

/** Adds one to its first slot, whatever it is sent: PUSH0 SLOAD PUSH1 1 ADD PUSH0 SSTORE STOP. */
const COUNTER_CODE = hexToBytes('0x5f546001015f5500');
const COUNTER: Address = '0x00000000000000000000000000000000c0047e12';

/** A funded account, at home on its shard. */
export interface Account {
  readonly address: Address;
  readonly privateKey: Uint8Array;
  readonly shard: ShardId;
}

export interface GenesisTerms {
  readonly validators: number;
  readonly shards: number;
  readonly blockTimeMs: number;
  /** Null: no heartbeat blocks, as on a devnet. */
  readonly maxIdleMs: number | null;
  /** D, ms; null = a devnet's. */
  readonly chunkDeadlineMs: number | null;
  /** Blocks of an epoch. */
  readonly epochLength: bigint;
  /** Machines whose keys are in no set until they are registered. */
  readonly spares: number;
}

/** What all runs of a process with the same terms share: nothing in it changes. */
export interface SimulatedGenesis {
  readonly genesis: Genesis;
  readonly built: BuiltGenesis;
  /** By machine: first the validators of epoch 0 in their order, then the spares. */
  readonly candidates: readonly Validator[];
  readonly secretKeys: readonly Uint8Array[];
  /** Identities on the network, by machine. */
  readonly peers: readonly PeerId[];
  readonly accounts: readonly Account[];
  /** Owns the validator registry and sends nothing else. At home on the registry's shard. */
  readonly registrar: Account;
  readonly counter: Address;
  readonly feeRecipients: readonly (readonly Address[])[];
  /** Every address that can hold wei. */
  readonly holders: readonly Address[];
  readonly supply: bigint;
}

const known = new Map<string, SimulatedGenesis>();

/** Keys, proofs of possession and state tries cost more than a whole run, so they are made once a process. */
export function simulatedGenesis(terms: GenesisTerms): SimulatedGenesis {
  const { validators, spares, shards, blockTimeMs, maxIdleMs, chunkDeadlineMs, epochLength } = terms;
  const name = [validators, spares, shards, blockTimeMs, maxIdleMs, chunkDeadlineMs, epochLength].join('/');
  const cached = known.get(name) ?? make(terms);
  if (known.size >= CACHED_GENESES) known.clear();
  known.set(name, cached);
  return cached;
}

function make(terms: GenesisTerms): SimulatedGenesis {
  const { validators, spares, shards } = terms;
  const { accounts, registrar } = fundedAccounts(shards);
  const { genesis: devnet, validatorSecretKeys } = createDevnetGenesis({
    chainId: CHAIN_ID,
    shardCount: shards,
    validatorCount: validators + spares,
    accounts: [...accounts, registrar].map(({ address }) => address),
    balanceWei: BALANCE_WEI,
    blockTimeMs: terms.blockTimeMs,
    timestamp: START_SECONDS,
  });
  const counter: GenesisAccount = { balance: 0n, nonce: 1n, code: COUNTER_CODE, storage: new Map(), shard: null };
  const genesis: Genesis = {
    ...devnet,
    validators: devnet.validators.slice(0, validators),
    epochLength: terms.epochLength,
    registryOwner: registrar.address,
    maxIdleMs: terms.maxIdleMs,
    chunkDeadlineMs: terms.chunkDeadlineMs ?? devnet.chunkDeadlineMs,
    alloc: new Map([...devnet.alloc, [COUNTER, counter]]),
  };
  const feeRecipients = devnetFeeRecipients(validators + spares, shards);
  return {
    genesis,
    built: buildGenesis(genesis),
    candidates: devnet.validators,
    secretKeys: validatorSecretKeys,
    peers: devnet.validators.map(({ publicKey }) => peerOf(publicKey)),
    accounts,
    registrar,
    counter: COUNTER,
    feeRecipients,
    holders: [...new Set([...genesis.alloc.keys(), ...feeRecipients.flat(), ZERO_ADDRESS])],
    supply: [...genesis.alloc.values()].reduce((sum, { balance }) => sum + balance, 0n),
  };
}

/** Accounts with fixed keys, the same number on each shard, and one more on the first. */
function fundedAccounts(shards: number): Pick<SimulatedGenesis, 'accounts' | 'registrar'> {
  const accounts: Account[] = [];
  const missing = Array.from({ length: shards }, () => ACCOUNTS_PER_SHARD);
  for (let number = 1n; ; number++) {
    const privateKey = keccak256(bigintToBytes(number, 32));
    const address = privateKeyToAddress(privateKey);
    const account = { address, privateKey, shard: home(address, shards) };
    const count = missing[account.shard] ?? 0;
    if (account.shard === REGISTRY_SHARD && missing.every((left) => left === 0))
      return { accounts, registrar: account };
    if (count === 0) continue;
    missing[account.shard] = count - 1;
    accounts.push(account);
  }
}
