import { type BlockEnvironment, simulateCall, World } from '@heddle/execution';
import { hexToBytes, keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { createTracer, type TracerSpec } from '../../src/tracers/create-tracer.ts';
import { JsonText } from '../../src/tracers/json-text.ts';
import { watchOf } from '../../src/tracers/tracer.ts';

export interface TestAccount {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: string;
  readonly storage?: Readonly<Record<string, bigint>>;
}
export type TestState = Readonly<Record<Address, TestAccount>>;

export const SENDER: Address = '0x5e00000000000000000000000000000000000000';
export const CONTRACT: Address = '0xc0de000000000000000000000000000000000000';
export const CALLEE: Address = '0xca11ee0000000000000000000000000000000000';
export const COINBASE: Address = '0xc000000000000000000000000000000000000000';

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

/** State in plain maps. Storage roots are all empty. */
export function readerOf(state: TestState): StateReader {
  const accounts = new Map<string, Account>();
  const codes = new Map<Hash, Uint8Array>();
  const words = new Map<string, bigint>();
  for (const [address, { balance = 0n, nonce = 0n, code = '0x', storage = {} }] of Object.entries(state)) {
    const bytes = hexToBytes(code);
    const codeHash = bytes.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(bytes);
    codes.set(codeHash, bytes);
    accounts.set(address, { balance, nonce, codeHash, storageRoot: EMPTY_TRIE_ROOT });
    for (const [slot, value] of Object.entries(storage)) words.set(`${address}/${BigInt(slot)}`, value);
  }
  return {
    account: (address) => accounts.get(address) ?? null,
    storage: (address, slot) => words.get(`${address}/${slot}`) ?? 0n,
    code: (hash) => codes.get(hash) ?? new Uint8Array(0),
  };
}

export interface TracedCallOptions {
  readonly state: TestState;
  readonly spec: TracerSpec;
  readonly to?: Address | null;
  readonly data?: Uint8Array;
  readonly value?: bigint;
  readonly gas?: number;
  readonly limitBytes?: number;
}

/** The parsed result of tracing a call of CONTRACT by SENDER. */
export function traceCall(options: TracedCallOptions): unknown {
  const { state, spec, to = CONTRACT, data = new Uint8Array(0), value = 0n, gas = 1_000_000 } = options;
  const world = new World(readerOf({ [SENDER]: { balance: 10n ** 20n }, ...state }));
  const limit = options.limitBytes ?? 10_000_000;
  const message = { from: SENDER, to, value, input: data, gasLimit: gas, place: null };
  const tracer = createTracer(spec, message, limit);
  const call = { from: SENDER, to, data, value, gas, gasPrice: 0n, accessList: [], authorizationList: [] };
  const result = simulateCall(world, environment, call, watchOf(tracer));
  world.finishTransaction();
  const out = new JsonText(limit);
  const failure = result.status === 'success' ? null : result.reason;
  tracer.finish({ gasUsed: result.gasUsed, failure, output: result.returnData, world, coinbase: COINBASE }, out);
  return JSON.parse(out.toString());
}

/** Hex of a PUSH20. */
export function pushAddress(address: Address): string {
  return `73${address.slice(2)}`;
}
