import { bigintToBytes, hexToBytes } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import type { StateSnapshot } from '@heddle/state';
import { type Address, type RecoveredTransaction, signTransaction } from '@heddle/types';
import type { ChunkTask } from '../../src/chunk/chunk-run.ts';
import { type ChunkOutcome, executeChunk } from '../../src/index.ts';
import { ChunkNetwork } from './chunk-network.ts';
import { addressOf, type Person, personOf } from './chunk-people.ts';
import { COUNTER, creationAddress, FACTORY, initCodeOf, wordOf } from './chunk-programs.ts';

/**
 * A token: moves one unit from the caller to the argument. Balances are at keccak256(address ‖ 0), logs as ERC-20 does.
 * mstore(0, caller) slot = keccak(0, 64); slot −= 1; mstore(0, argument) … += 1; log3(0, 0, argument, caller, 'Transfer').
 */
const TOKEN: Uint8Array = hexToBytes(
  '0x33 5f52 60405f20 805460019003 9055 5f35 5f52 60405f20 8054600101 9055 60015f52 5f35 33 61ddf2 60205f a3 00'.replaceAll(
    ' ',
    '',
  ),
);

/** A chunk with signed transactions of one shard, executed sequentially. */
export interface SignedChunk {
  readonly task: ChunkTask;
  readonly state: StateSnapshot;
  readonly transactions: readonly RecoveredTransaction[];
  readonly outcome: ChunkOutcome;
}

export interface SignedChunkOptions {
  readonly shardCount: number;
  readonly senders: number;
  /** How many from each sender. */
  readonly rounds: number;
  readonly kind: 'tokens' | 'mixed';
}

/** Transfers of a token; 'mixed' adds plain transfers, counters, creations, failures, and with several shards dispatches. */
export function signedChunk(options: SignedChunkOptions): SignedChunk {
  const { shardCount, senders, rounds } = options;
  const people = peopleOf(shardCount, senders);
  const contracts = [TOKEN, COUNTER, FACTORY].map((code, i) => ({
    address: addressOf(0, shardCount, i),
    shard: 0,
    code,
  }));
  const network = new ChunkNetwork({
    shardCount,
    balances: new Map(people.map(({ address }) => [address, 10n ** 21n])),
    contracts,
    gasLimit: 10_000_000_000n,
    baseFeePerGas: 1_000_000_000n,
    dispatch: true,
  });
  const [token, counter, factory] = contracts.map(({ address }) => address);
  if (token === undefined || counter === undefined || factory === undefined) throw new Error('contracts are missing');
  const far = addressOf(shardCount - 1, shardCount, 99);
  const kinds = (
    person: Person,
    i: number,
    created: Address,
  ): { to: Address | null; data: Uint8Array; value: bigint } => {
    const pick = options.kind === 'tokens' ? 0 : i % 7;
    const other = addressOf(0, shardCount, 10 + (i % 50));
    if (pick === 1) return { to: counter, data: new Uint8Array(0), value: 0n };
    if (pick === 2) return { to: other, data: new Uint8Array(0), value: 5n };
    // With several shards a creation away from home is for the section, and so may be one by the factory.
    const isAway = home(created, shardCount) !== 0;
    if (shardCount > 1 && [3, 4, 6].includes(pick)) {
      return isAway
        ? { to: counter, data: new Uint8Array(0), value: 0n }
        : { to: null, data: initCodeOf(COUNTER), value: 0n };
    }
    if (pick === 3) return { to: null, data: initCodeOf(COUNTER), value: 0n };
    if (pick === 4) return { to: factory, data: initCodeOf(TOKEN), value: 1n };
    if (pick === 5) return { to: far, data: new Uint8Array(0), value: 7n };
    return { to: token, data: wordOf(person.address), value: 0n };
  };
  const transactions = Array.from({ length: rounds }, (_, round) =>
    people.map((person, i) =>
      signTransaction(
        {
          type: 2,
          chainId: 31_337n,
          nonce: BigInt(round),
          gasLimit: 400_000n,
          maxFeePerGas: 100n * 10n ** 9n,
          maxPriorityFeePerGas: 10n ** 9n,
          accessList: [],
          ...kinds(
            options.kind === 'tokens' ? (people[(i + 1) % people.length] ?? person) : person,
            i + round,
            creationAddress(person.address, BigInt(round)),
          ),
        },
        person.privateKey,
      ),
    ),
  ).flat();
  const context = network.context(0, addressOf(0, shardCount, 77));
  const [rules] = network.rules;
  if (rules === undefined) throw new Error('there is no shard 0');
  const state = network.state(0);
  return {
    task: { context, rules },
    state,
    transactions,
    outcome: executeChunk(context, state, rules, transactions),
  };
}

/** `personOf` counts from the first key each time. */
function peopleOf(shardCount: number, count: number): readonly Person[] {
  if (shardCount > 1) return Array.from({ length: count }, (_, n) => personOf(0, shardCount, n));
  return Array.from({ length: count }, (_, n) => personWithKey(bigintToBytes(BigInt(n + 1), 32)));
}

function personWithKey(privateKey: Uint8Array): Person {
  return { address: signTransaction(EMPTY, privateKey).sender, privateKey };
}

const EMPTY = {
  type: 0,
  chainId: null,
  nonce: 0n,
  gasPrice: 0n,
  gasLimit: 0n,
  to: null,
  value: 0n,
  data: new Uint8Array(0),
} as const;
