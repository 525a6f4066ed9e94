import { hexToBytes, keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_BLOOM, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { type BlockEnvironment, type SimulationResult, simulateCall, World } from '../../src/index.ts';

/** An account of a test's parent state. */
export interface TestAccount {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: string;
  readonly storage?: Readonly<Record<string, bigint>>;
}

export type TestState = Readonly<Record<Address, TestAccount>>;

/** State in plain maps. Storage roots only tell whether there is any storage. */
export function testReader(state: TestState): StateReader {
  const accounts = new Map<string, Account>();
  const codes = new Map<Hash, Uint8Array>();
  const words = new Map<string, bigint>();
  for (const [address, { balance = 0n, nonce = 0n, code = '0x', storage = {} }] of Object.entries(state)) {
    const bytes = hexToBytes(code);
    const codeHash = bytes.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(bytes);
    codes.set(codeHash, bytes);
    const entries = Object.entries(storage);
    const storageRoot = entries.length === 0 ? EMPTY_TRIE_ROOT : keccak256Hex(EMPTY_BLOOM);
    accounts.set(address, { balance, nonce, codeHash, storageRoot });
    for (const [slot, value] of entries) words.set(`${address}/${BigInt(slot)}`, value);
  }
  return {
    account: (address) => accounts.get(address) ?? null,
    storage: (address, slot) => words.get(`${address}/${slot}`) ?? 0n,
    code: (hash) => {
      const code = codes.get(hash);
      if (code === undefined) throw new Error(`no code ${hash}`);
      return code;
    },
  };
}

/** A world at index 1. */
export function testWorld(state: TestState): World {
  const world = new World(testReader(state));
  world.beginIndex(1);
  return world;
}

export const COINBASE: Address = '0xc000000000000000000000000000000000000000';
export const SENDER: Address = '0x5e00000000000000000000000000000000000000';
export const CONTRACT: Address = '0xc0de000000000000000000000000000000000000';

export const environment: BlockEnvironment = {
  chainId: 31337n,
  number: 100n,
  timestamp: 1_700_000_000n,
  coinbase: COINBASE,
  gasLimit: 60_000_000n,
  baseFeePerGas: 7n,
  prevRandao: `0x${'ab'.repeat(32)}`,
  blobBaseFee: 1n,
  blockHash: () => null,
};

export interface CallCode {
  readonly code: string;
  readonly data?: Uint8Array;
  readonly value?: bigint;
  readonly gas?: number;
  readonly state?: TestState;
}

/** Runs `code` as a contract, called by a rich sender. */
export function callCode(options: CallCode): SimulationResult & { readonly world: World } {
  const { code, data = new Uint8Array(0), value = 0n, gas = 5_000_000, state = {} } = options;
  const world = testWorld({ [SENDER]: { balance: 10n ** 18n }, [CONTRACT]: { code, nonce: 1n }, ...state });
  const call = { from: SENDER, to: CONTRACT, data, value, gas, gasPrice: 0n, accessList: [], authorizationList: [] };
  return { ...simulateCall(world, environment, call), world };
}

/** Hex of a PUSH32. */
export function push32(word: bigint): string {
  return `7f${BigInt.asUintN(256, word).toString(16).padStart(64, '0')}`;
}

/** MSTORE the top of the stack and RETURN it. */
export const RETURN_TOP = '5f5260205ff3';
