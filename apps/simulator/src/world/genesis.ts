import type { PeerId } from '@heddle/network';
import { type BuiltGenesis, buildGenesis, createDevnetGenesis, devnetFeeRecipients, peerOf } from '@heddle/node';
import {
  ADDRESS_BYTES,
  bigintToBytes,
  bytesToHex,
  hexToBytes,
  keccak256,
  privateKeyToAddress,
} from '@heddle/primitives';
import { home } from '@heddle/sharding';
import {
  type Address,
  type Genesis,
  type GenesisAccount,
  type ShardId,
  type Validator,
  ZERO_ADDRESS,
} from '@heddle/types';
import { UnknownNameError } from '../errors.ts';
import { ACCOUNTS_PER_SHARD, CACHED_GENESES } from '../limits.ts';

export const START_SECONDS = 1_700_000_000n;
const CHAIN_ID = 31_337n;
/** Where the validator registry resides. */
const REGISTRY_SHARD = 0;
const BALANCE_WEI = 10n ** 21n;

/** Turns its first slot from zero to one and back: PUSH0 SLOAD ISZERO PUSH0 SSTORE STOP. */
const FIRST_SWITCH = 0x5317c800_0000n;
const SWITCH_CODE = hexToBytes('0x5f54155f5500');

/** Adds one to its first slot, whatever it is sent: PUSH0 SLOAD PUSH1 1 ADD PUSH0 SSTORE STOP. */
const COUNTER_CODE = hexToBytes('0x5f546001015f5500');
const COUNTER: Address = '0x00000000000000000000000000000000c0047e12';

/** A funded account, at home on its shard. */
export interface UserAccount {
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
  readonly accounts: readonly UserAccount[];
  /** Owns the validator registry and sends nothing else. At home on the registry's shard. */
  readonly registrar: UserAccount;
  readonly counter: Address;
  /** One on each shard, for users who mean harm; at home on their shards. */
  readonly hostile: readonly UserAccount[];
  /** Contracts that clear a slot with every second call, by shard. */
  readonly switches: readonly Address[];
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
  const { accounts, registrar, hostile } = fundedAccounts(shards);
  const switches = Array.from({ length: shards }, (_, shard) => switchOn(shard));
  const { genesis: devnet, validatorSecretKeys } = createDevnetGenesis({
    chainId: CHAIN_ID,
    shardCount: shards,
    validatorCount: validators + spares,
    accounts: [...accounts, ...hostile, registrar].map(({ address }) => address),
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
    alloc: new Map([...devnet.alloc, [COUNTER, counter], ...switches.map(switchAccount)]),
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
    hostile,
    switches,
    feeRecipients,
    holders: [...new Set([...genesis.alloc.keys(), ...feeRecipients.flat(), ZERO_ADDRESS])],
    supply: [...genesis.alloc.values()].reduce((sum, { balance }) => sum + balance, 0n),
  };
}

function switchOn(shard: ShardId): Address {
  return bytesToHex(bigintToBytes(FIRST_SWITCH + BigInt(shard), ADDRESS_BYTES));
}

function switchAccount(address: Address, shard: ShardId): readonly [Address, GenesisAccount] {
  return [address, { balance: 0n, nonce: 1n, code: SWITCH_CODE, storage: new Map(), shard }];
}

/** Accounts with fixed keys, the same number on each shard; one more on each, and another one on the first. */
function fundedAccounts(shards: number): Pick<SimulatedGenesis, 'accounts' | 'registrar' | 'hostile'> {
  const byShard = Array.from({ length: shards }, (): UserAccount[] => []);
  const wanted = (shard: ShardId): number => ACCOUNTS_PER_SHARD + (shard === REGISTRY_SHARD ? 2 : 1);
  for (let number = 1n; byShard.some((found, shard) => found.length < wanted(shard)); number++) {
    const privateKey = keccak256(bigintToBytes(number, 32));
    const address = privateKeyToAddress(privateKey);
    const shard = home(address, shards);
    const found = byShard[shard];
    if (found !== undefined && found.length < wanted(shard)) found.push({ address, privateKey, shard });
  }
  const [first] = byShard;
  const registrar = first?.[ACCOUNTS_PER_SHARD + 1];
  if (registrar === undefined) throw new UnknownNameError('account', ACCOUNTS_PER_SHARD + 1);
  return {
    accounts: byShard.flatMap((found) => found.slice(0, ACCOUNTS_PER_SHARD)),
    hostile: byShard.flatMap((found) => found.slice(ACCOUNTS_PER_SHARD, ACCOUNTS_PER_SHARD + 1)),
    registrar,
  };
}
