import { encodeRlp, type Hex, hexToBytes, isHex, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { createLayer, genesisLayer } from '@heddle/state';
import {
  type Address,
  decodeTransaction,
  type Hash,
  InvalidTransactionEncodingError,
  type Log,
  type RecoveredTransaction,
  recoverTransaction,
} from '@heddle/types';
import {
  type BlockEnvironment,
  executeTransaction,
  InvalidSectionError,
  InvalidTransactionError,
  World,
} from '../src/index.ts';
import { blobBaseFee } from './blob-base-fee.ts';
import { type FlatAccount, FlatState } from './spread-state.ts';
import { executeOnMany, type Spread } from './spread-test.ts';
import type { FixturePost, StateFixture } from './state-fixture.ts';

export type TestResult = { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly reason: string };

/** What a transaction of a fixture left. */
interface Effects {
  readonly logs: readonly Log[];
  readonly stateRoot: Hash;
}

/** Why the transaction was not executed. */
interface Refusal {
  readonly refused: string;
}

/** Runs one transaction of a fixture and compares state root and logs hash. */
export function runStateTest(fixture: StateFixture, post: FixturePost, spread: Spread): TestResult {
  const effects = tryExecute(fixture, post, spread);
  if ('refused' in effects) {
    return post.exception === null ? { kind: 'failed', reason: `refused: ${effects.refused}` } : PASSED;
  }
  const { logs, stateRoot } = effects;
  if (post.exception !== null) {
    return { kind: 'failed', reason: `must be refused (${post.exception}) and was executed` };
  }
  const logsHash = hashLogs(logs);
  if (logsHash !== post.logsHash) return { kind: 'failed', reason: `logs hash ${logsHash}, want ${post.logsHash}` };
  if (stateRoot !== post.stateRoot) {
    return { kind: 'failed', reason: `state root ${stateRoot}, want ${post.stateRoot}` };
  }
  return PASSED;
}

const PASSED: TestResult = { kind: 'passed' };

function tryExecute(fixture: StateFixture, post: FixturePost, spread: Spread): Effects | Refusal {
  try {
    const transaction = recover(post.transaction);
    if (transaction === null) return { refused: 'no key made the signature' };
    const environment = environmentOf(fixture);
    const accounts = preState(fixture);
    return spread.shards === 1
      ? executeOnOne(accounts, environment, transaction)
      : executeOnMany(accounts, environment, transaction, spread);
  } catch (error) {
    if (
      error instanceof InvalidTransactionError ||
      error instanceof InvalidTransactionEncodingError ||
      error instanceof InvalidSectionError
    )
      return { refused: error.facts.reason };
    throw error;
  }
}

function executeOnOne(
  accounts: ReadonlyMap<Address, FlatAccount>,
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
): Effects {
  const flat = new FlatState();
  for (const [address, account] of accounts) flat.put(address, account);
  const state = genesisLayer(flat);
  const world = new World(state);
  world.beginIndex(1);
  const { outcome } = executeTransaction(world, environment, transaction);
  return { logs: outcome.logs, stateRoot: createLayer(state, world.changes()).root };
}

function recover(raw: string): RecoveredTransaction | null {
  return recoverTransaction(decodeTransaction(hexToBytes(raw)));
}

function preState(fixture: StateFixture): ReadonlyMap<Address, FlatAccount> {
  return new Map(
    fixture.pre.map(({ address, nonce, balance, code, storage }) => [
      hex(address),
      { nonce, balance, code: hexToBytes(code), storage: new Map(storage) },
    ]),
  );
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
