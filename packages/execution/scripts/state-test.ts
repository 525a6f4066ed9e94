import { encodeRlp, type Hex, hexToBytes, isHex, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { createLayer, genesisLayer, type StateSnapshot } from '@heddle/state';
import {
  type Address,
  decodeTransaction,
  type Hash,
  InvalidTransactionEncodingError,
  type Log,
  type RecoveredTransaction,
  recoverTransaction,
} from '@heddle/types';
import { type BlockEnvironment, executeTransaction, InvalidTransactionError, World } from '../src/index.ts';
import { blobBaseFee } from './blob-base-fee.ts';
import type { FixturePost, StateFixture } from './state-fixture.ts';

export type TestResult = { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly reason: string };

/** Runs one transaction of a fixture and compares state root and logs hash. */
export function runStateTest(fixture: StateFixture, post: FixturePost): TestResult {
  const state = preState(fixture);
  const world = new World(state);
  world.beginIndex(1);
  const logs: Log[] = [];
  const rejection = tryExecute(world, fixture, post, logs);
  if (post.exception !== null && rejection === null) {
    return { kind: 'failed', reason: `must be refused (${post.exception}) and was executed` };
  }
  if (post.exception === null && rejection !== null) return { kind: 'failed', reason: `refused: ${rejection}` };
  const logsHash = hashLogs(logs);
  if (logsHash !== post.logsHash) return { kind: 'failed', reason: `logs hash ${logsHash}, want ${post.logsHash}` };
  const { root } = createLayer(state, world.changes());
  if (root !== post.stateRoot) return { kind: 'failed', reason: `state root ${root}, want ${post.stateRoot}` };
  return { kind: 'passed' };
}

/** Why the transaction was refused, or `null` when it executed. */
function tryExecute(world: World, fixture: StateFixture, post: FixturePost, logs: Log[]): string | null {
  try {
    const transaction = recover(post.transaction);
    if (transaction === null) return 'no key made the signature';
    const { outcome } = executeTransaction(world, environmentOf(fixture), transaction);
    logs.push(...outcome.logs);
    return null;
  } catch (error) {
    if (error instanceof InvalidTransactionError || error instanceof InvalidTransactionEncodingError)
      return error.facts.reason;
    throw error;
  }
}

function recover(raw: string): RecoveredTransaction | null {
  return recoverTransaction(decodeTransaction(hexToBytes(raw)));
}

function preState(fixture: StateFixture): StateSnapshot {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash }>();
  const storage = new Map<Address, ReadonlyMap<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  for (const account of fixture.pre) {
    const { nonce, balance } = account;
    const address = hex(account.address);
    const code = hexToBytes(account.code);
    const codeHash = keccak256Hex(code);
    accounts.set(address, { nonce, balance, codeHash });
    codes.set(codeHash, code);
    storage.set(address, new Map(account.storage.filter(([, value]) => value !== 0n)));
  }
  return genesisLayer({ accounts, storage, codes });
}

function environmentOf(fixture: StateFixture): BlockEnvironment {
  const { environment, chainId } = fixture;
  return {
    chainId,
    number: environment.number,
    timestamp: environment.timestamp,
    coinbase: hex(environment.coinbase),
    gasLimit: environment.gasLimit,
    baseFeePerGas: environment.baseFee,
    prevRandao: hex(`0x${BigInt(environment.prevRandao).toString(16).padStart(64, '0')}`),
    blobBaseFee: blobBaseFee(environment.excessBlobGas, environment.blobUpdateFraction),
    // The state tests' own convention.
    blockHash: (number) => keccak256Hex(utf8ToBytes(number.toString())),
  };
}

function hashLogs(logs: readonly Log[]): string {
  const items = logs.map((log) => [hexToBytes(log.address), log.topics.map((topic) => hexToBytes(topic)), log.data]);
  return keccak256Hex(encodeRlp(items));
}

function hex(value: string): Hex {
  const lower = value.toLowerCase();
  if (!isHex(lower)) throw new Error(`not hex: ${value}`);
  return lower;
}
