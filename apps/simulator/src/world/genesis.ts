import { type PeerId, peerOf } from '@heddle/network';
import { type BuiltGenesis, buildGenesis, createDevnetGenesis, devnetFeeRecipients } from '@heddle/node';
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
  type ValidatorIndex,
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

/**
 * Calls the address in the first 20 bytes of its data with the value that it gets, and reverts if that fails: PUSH0 ×4
 * CALLVALUE PUSH0 CALLDATALOAD PUSH1 96 SHR GAS CALL PUSH1 18 JUMPI PUSH0 PUSH0 REVERT JUMPDEST STOP.
 */
const RELAY_CODE = hexToBytes('0x5f5f5f5f345f3560601c5af16012575f5ffd5b00');
const FIRST_RELAY = 0x4e1a_0000_0000n;
/** Takes whatever comes: STOP. */
const SINK_CODE = hexToBytes('0x00');
const FIRST_SINK = 0x516c_0000_0000n;

/** What users deploy: the counter's code. PUSH8 code PUSH0 MSTORE PUSH1 8 PUSH1 24 RETURN. */
export const COUNTER_INIT_CODE: Uint8Array = hexToBytes('0x675f546001015f55005f5260086018f3');
/**
 * Creates a counter by CREATE2 under the salt in its data, and reverts if there is one: PUSH16 init code PUSH0 MSTORE PUSH0
 * CALLDATALOAD PUSH1 16 PUSH1 16 CALLVALUE CREATE2 PUSH1 33 JUMPI PUSH0 PUSH0 REVERT JUMPDEST STOP.
 */
const FACTORY_CODE = hexToBytes('0x6f675f546001015f55005f5260086018f35f525f356010601034f56021575f5ffd5b00');
const FACTORY: Address = '0x0000000000000000000000000000000000fac704';

/** A funded account, at home on its shard. */
export interface UserAccount {
  readonly address: Address;
  readonly privateKey: Uint8Array;
  readonly shard: ShardId;
}

export interface GenesisTerms {
  readonly validators: number;
  readonly shards: number;
  readonly dispatch: boolean;
  readonly devnet: boolean;
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
  /** Contracts that call whom they are told to, by shard. */
  readonly relays: readonly Address[];
  /** Contracts that take whatever comes, by shard: what accounts delegate to. */
  readonly sinks: readonly Address[];
  /** Creates counters for whoever asks. */
  readonly factory: Address;
  /** One on each shard, without money: their owners sign authorizations and nothing else (EIP-7702). */
  readonly authorities: readonly UserAccount[];
  readonly feeRecipients: readonly (readonly Address[])[];
  /** Every address that can hold wei at the start, or is paid for blocks. */
  readonly holders: readonly Address[];
  readonly supply: bigint;
}

const known = new Map<string, SimulatedGenesis>();

/** Keys, proofs of possession and state tries cost more than a whole run, so they are made once a process. */
export function simulatedGenesis(terms: GenesisTerms): SimulatedGenesis {
  const { validators, spares, shards, dispatch, devnet, blockTimeMs, maxIdleMs, chunkDeadlineMs, epochLength } = terms;
  const name = [
    validators,
    spares,
    shards,
    dispatch,
    devnet,
    blockTimeMs,
    maxIdleMs,
    chunkDeadlineMs,
    epochLength,
  ].join('/');
  const cached = known.get(name) ?? make(terms);
  if (known.size >= CACHED_GENESES) known.clear();
  known.set(name, cached);
  return cached;
}

function make(terms: GenesisTerms): SimulatedGenesis {
  const { validators, spares, shards } = terms;
  const { accounts, registrar, hostile, authorities } = knownAccounts(shards);
  const switches = addressesFrom(FIRST_SWITCH, shards);
  const relays = addressesFrom(FIRST_RELAY, shards);
  const sinks = addressesFrom(FIRST_SINK, shards);
  const { genesis: devnet, validatorSecretKeys } = createDevnetGenesis({
    chainId: CHAIN_ID,
    shardCount: shards,
    validatorCount: validators + spares,
    accounts: [...accounts, ...hostile, registrar].map(({ address }) => address),
    balanceWei: BALANCE_WEI,
    blockTimeMs: terms.blockTimeMs,
    timestamp: START_SECONDS,
  });
  const genesis: Genesis = {
    ...devnet,
    validators: devnet.validators.slice(0, validators),
    dispatch: terms.dispatch,
    devnet: terms.devnet,
    epochLength: terms.epochLength,
    registryOwner: registrar.address,
    maxIdleMs: terms.maxIdleMs,
    chunkDeadlineMs: terms.chunkDeadlineMs ?? devnet.chunkDeadlineMs,
    alloc: new Map([
      ...devnet.alloc,
      [COUNTER, contract(COUNTER_CODE, null)],
      [FACTORY, contract(FACTORY_CODE, null)],
      ...switches.map((address, shard) => [address, contract(SWITCH_CODE, shard)] as const),
      ...relays.map((address, shard) => [address, contract(RELAY_CODE, shard)] as const),
      ...sinks.map((address, shard) => [address, contract(SINK_CODE, shard)] as const),
    ]),
  };
  const feeRecipients = devnetFeeRecipients(validators + spares, shards).map(paidElsewhere);
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
    relays,
    sinks,
    factory: FACTORY,
    authorities,
    feeRecipients,
    holders: [...new Set([...genesis.alloc.keys(), ...feeRecipients.flat(), ZERO_ADDRESS])],
    supply: [...genesis.alloc.values()].reduce((sum, { balance }) => sum + balance, 0n),
  };
}

function addressesFrom(first: bigint, count: number): readonly Address[] {
  return Array.from({ length: count }, (_, at) => bytesToHex(bigintToBytes(first + BigInt(at), ADDRESS_BYTES)));
}

/** Every other validator is paid on the next shard: a chunk can't credit its tips, and its block's section does. */
function paidElsewhere(recipients: readonly Address[], validator: ValidatorIndex): readonly Address[] {
  return validator % 2 === 0 ? recipients : [...recipients.slice(1), ...recipients.slice(0, 1)];
}

/** `shard`: where it resides; null = at its home. */
function contract(code: Uint8Array, shard: ShardId | null): GenesisAccount {
  return { balance: 0n, nonce: 1n, code, storage: new Map(), shard };
}

/** Accounts with fixed keys, the same number on each shard; two more on each, and another one on the first. */
function knownAccounts(shards: number): Pick<SimulatedGenesis, 'accounts' | 'registrar' | 'hostile' | 'authorities'> {
  const byShard = Array.from({ length: shards }, (): UserAccount[] => []);
  const wanted = (shard: ShardId): number => ACCOUNTS_PER_SHARD + (shard === REGISTRY_SHARD ? 3 : 2);
  for (let number = 1n; byShard.some((found, shard) => found.length < wanted(shard)); number++) {
    const privateKey = keccak256(bigintToBytes(number, 32));
    const address = privateKeyToAddress(privateKey);
    const shard = home(address, shards);
    const found = byShard[shard];
    if (found !== undefined && found.length < wanted(shard)) found.push({ address, privateKey, shard });
  }
  const [first] = byShard;
  const registrar = first?.[ACCOUNTS_PER_SHARD + 2];
  if (registrar === undefined) throw new UnknownNameError('account', ACCOUNTS_PER_SHARD + 2);
  const each = (from: number, to: number): readonly UserAccount[] => byShard.flatMap((found) => found.slice(from, to));
  return {
    accounts: each(0, ACCOUNTS_PER_SHARD),
    hostile: each(ACCOUNTS_PER_SHARD, ACCOUNTS_PER_SHARD + 1),
    authorities: each(ACCOUNTS_PER_SHARD + 1, ACCOUNTS_PER_SHARD + 2),
    registrar,
  };
}
