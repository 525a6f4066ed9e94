import {
  bigintToBytes,
  bytesToHex,
  keccak256,
  keccak256Hex,
  privateKeyToAddress,
  utf8ToBytes,
} from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { type Account, createLayer, type StateChanges, type StateSnapshot } from '@heddle/state';
import { type Address, delegationCode, EMPTY_CODE_HASH, type Hash, type ShardId } from '@heddle/types';
import { ChunkNetwork, type NetworkOptions } from '../../test/support/chunk-network.ts';
import { allowanceSlot, balanceSlot, pairWords } from '../../test/support/workload/calls.ts';
import type { WorkloadCode } from '../../test/support/workload/compile.ts';
import { Random } from '../random.ts';
import { randomProgram } from '../random-program.ts';
import { PROGRAM_NAMES, PROGRAMS, type ProgramName } from './programs.ts';

/** An account whose key is known. */
export interface Wallet {
  readonly address: Address;
  readonly key: Uint8Array;
}

/** The state that blocks start from, and who is in it. */
export interface Arena {
  readonly shard: ShardId;
  readonly shardCount: number;
  /** Gives contexts with real ancestors. Its blocks are not those that are tried. */
  readonly network: ChunkNetwork;
  readonly state: StateSnapshot;
  /** At home on this shard. The last of them have hardly any ether. */
  readonly wallets: readonly Wallet[];
  /** At home elsewhere; none with one shard. */
  readonly foreigners: readonly Wallet[];
  readonly tokens: readonly [Address, Address];
  readonly pair: Address;
  readonly programs: ReadonlyMap<ProgramName, Address>;
  readonly randomPrograms: readonly Address[];
  /** Contracts of another shard, at home anywhere: some are listed here, of others this shard knows their home only. */
  readonly remoteContracts: readonly Address[];
  /** At home on this shard, with a balance, without a key, code or nonce. */
  readonly keyless: readonly Address[];
}

/** States of one shard count differ in their random programs and in which heights the shard missed. */
export const ARENA_VARIANTS = 4;

const WALLETS = 28;
const POOR_WALLETS = 3;
const DELEGATED_WALLETS = 3;
const FOREIGNERS = 6;
const RANDOM_PROGRAMS = 14;
const REMOTE_CONTRACTS = 6;
const KEYLESS = 4;
const ANCESTORS = 4;
const ETHER = 10n ** 18n;
const WEALTH: bigint = 1_000n * ETHER;
const POVERTY: bigint = 10n ** 15n;
const TOKENS_EACH = 10n ** 12n;

export function createArena(shardCount: number, variant: number, code: WorkloadCode): Arena {
  const shard = shardCount >> 1;
  const cast = createCast(shard, shardCount, variant);
  const { wallets, foreigners, tokens, pair, programs, randomPrograms, keyless } = cast;
  const random = new Random(shardCount * 1_000 + variant);
  const addresses = whatProgramsKnow(cast);
  const here = (address: Address, bytes: Uint8Array): GenesisContract => ({ address, shard, code: bytes });
  const network = new ChunkNetwork({
    shardCount,
    balances: new Map([
      ...wallets.map(({ address }, i) => [address, i < WALLETS - POOR_WALLETS ? WEALTH : POVERTY] as const),
      ...foreigners.map(({ address }) => [address, WEALTH] as const),
      ...keyless.map((address) => [address, ETHER] as const),
      ...randomPrograms.map((address) => [address, 5_000n] as const),
    ]),
    contracts: [
      ...tokens.map((address) => here(address, code.token)),
      here(pair, code.pair),
      ...[...programs].map(([name, address]) => here(address, PROGRAMS[name])),
      ...randomPrograms.map((address) => here(address, randomProgram(random, { addresses }))),
      ...cast.remoteContracts.map((address) => ({
        address,
        shard: (shard + 1) % shardCount,
        code: PROGRAMS.counter,
      })),
    ],
    gasLimit: 30_000_000n,
    baseFeePerGas: 1_000_000_000n,
    dispatch: true,
  });
  growHistory(network, shard, variant);
  const before = network.state(shard);
  return { shard, shardCount, network, state: createLayer(before, holdings(before, cast)), ...cast };
}

type GenesisContract = NetworkOptions['contracts'][number];
type Cast = Omit<Arena, 'shard' | 'shardCount' | 'network' | 'state'>;

function createCast(shard: ShardId, shardCount: number, variant: number): Cast {
  const named = (name: string): Address => bytesToHex(keccak256(utf8ToBytes(`${name} ${variant}`)).subarray(12));
  const numbered = (name: string, count: number): readonly Address[] =>
    Array.from({ length: count }, (_, i) => named(`${name} ${i}`));
  return {
    ...findWallets(shard, shardCount),
    tokens: [named('first token'), named('second token')],
    pair: named('pair'),
    programs: new Map(PROGRAM_NAMES.map((name) => [name, named(name)])),
    randomPrograms: numbered('random program', RANDOM_PROGRAMS),
    remoteContracts: shardCount === 1 ? [] : numbered('remote contract', REMOTE_CONTRACTS),
    keyless: numbered('keyless', KEYLESS * shardCount * 4)
      .filter((address) => home(address, shardCount) === shard)
      .slice(0, KEYLESS),
  };
}

/** Whom random programs look at and call. */
function whatProgramsKnow(cast: Cast): readonly Address[] {
  const precompiles = [1, 2, 3, 4, 5, 9].map((n): Address => `0x${n.toString(16).padStart(40, '0')}`);
  const people = [...cast.wallets.slice(0, 6), ...cast.foreigners.slice(0, 2)].map(({ address }) => address);
  const contracts = [...cast.randomPrograms, ...cast.programs.values(), ...cast.remoteContracts, ...cast.tokens];
  return [...people, ...contracts, ...cast.keyless, ...precompiles];
}

/** Ancestors for BLOCKHASH; in one variant of four the shard has missed the last two heights. */
function growHistory(network: ChunkNetwork, shard: ShardId, variant: number): void {
  for (let height = 1; height <= ANCESTORS; height += 1) {
    const missing = new Set(variant === ARENA_VARIANTS - 1 && height > ANCESTORS - 2 ? [shard] : []);
    network.addBlock({ candidates: [], missing, coinbases: [] });
  }
}

function findWallets(shard: ShardId, shardCount: number): Pick<Arena, 'wallets' | 'foreigners'> {
  const wallets: Wallet[] = [];
  const foreigners: Wallet[] = [];
  const foreignersWanted = shardCount === 1 ? 0 : FOREIGNERS;
  for (let n = 1n; wallets.length < WALLETS || foreigners.length < foreignersWanted; n += 1n) {
    const key = bigintToBytes(n, 32);
    const address = privateKeyToAddress(key);
    if (home(address, shardCount) === shard) {
      if (wallets.length < WALLETS) wallets.push({ address, key });
    } else if (foreigners.length < foreignersWanted) foreigners.push({ address, key });
  }
  return { wallets, foreigners };
}

/** Token balances, allowances, reserves, and wallets that are delegated from the start (EIP-7702). */
function holdings(state: StateSnapshot, { wallets, tokens, pair, programs }: Cast): StateChanges {
  const tokenWords = new Map<bigint, bigint>([[balanceSlot(pair), TOKENS_EACH * 1_000n]]);
  for (const { address } of wallets) {
    tokenWords.set(balanceSlot(address), TOKENS_EACH);
    tokenWords.set(allowanceSlot(address, pair), 2n ** 256n - 1n);
    for (const { address: spender } of wallets) tokenWords.set(allowanceSlot(address, spender), 5_000n);
  }
  const storage = new Map<Address, ReadonlyMap<bigint, bigint>>(tokens.map((token) => [token, tokenWords] as const));
  storage.set(pair, new Map(pairWords(...tokens, TOKENS_EACH * 1_000n)));
  const accounts = new Map<Address, Pick<Account, 'nonce' | 'balance' | 'codeHash'>>();
  for (const token of tokens) keep(accounts, state, token);
  keep(accounts, state, pair);
  const codes = new Map<Hash, Uint8Array>();
  const targets = [...programs.values()];
  for (const [i, { address }] of wallets.slice(0, DELEGATED_WALLETS).entries()) {
    const code = delegationCode(targets[i] ?? pair);
    const codeHash = keccak256Hex(code);
    codes.set(codeHash, code);
    accounts.set(address, { nonce: 1n, balance: state.account(address)?.balance ?? 0n, codeHash });
  }
  return { accounts, storage, codes };
}

function keep(
  accounts: Map<Address, Pick<Account, 'nonce' | 'balance' | 'codeHash'>>,
  state: StateSnapshot,
  address: Address,
): void {
  const { nonce, balance, codeHash } = state.account(address) ?? { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH };
  accounts.set(address, { nonce, balance, codeHash });
}
