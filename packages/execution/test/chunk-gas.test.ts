import { hexToBytes, signDigest } from '@heddle/primitives';
import { home, messageWeight } from '@heddle/sharding';
import { type Address, authorizationDigest, type RecoveredTransaction, signTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import {
  type ChunkContext,
  type ChunkOutcome,
  executeChunk,
  gasTarget,
  InvalidChunkError,
  produceChunk,
  sendAllowances,
} from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, type Person, personOf } from './support/chunk-people.ts';
import { COUNTER } from './support/chunk-programs.ts';
import { type TestTransaction, transactionOf } from './support/chunk-transactions.ts';

const ETHER = 10n ** 18n;
const GWEI = 10n ** 9n;
const SHARD_COUNTS = [1, 2, 4, 8];
/** Sets slot 0 to the length of the call data. */
const KEEPER: Uint8Array = hexToBytes('0x365f5500');
/** Jumps in a circle until its gas is gone. */
const BURNER: Uint8Array = hexToBytes('0x5b5f56');

/** Somebody of shard 0, and an address of the last shard: with one shard they are neighbours. */
function networkOf(
  shardCount: number,
  code: Uint8Array | null,
  options: Partial<ConstructorParameters<typeof ChunkNetwork>[0]> = {},
): { readonly network: ChunkNetwork; readonly alice: Person; readonly target: Address } {
  const alice = personOf(0, shardCount, 0);
  const shard = shardCount - 1;
  const target = addressOf(shard, shardCount, 0);
  const network = new ChunkNetwork({
    shardCount,
    balances: new Map([[alice.address, 1_000n * ETHER]]),
    contracts: code === null ? [] : [{ address: target, shard, code }],
    gasLimit: 40_000_000n,
    baseFeePerGas: GWEI,
    dispatch: true,
    ...options,
  });
  return { network, alice, target };
}

function addBlock(
  network: ChunkNetwork,
  candidates: readonly RecoveredTransaction[],
  missing: readonly number[] = [],
): readonly (ChunkOutcome | null)[] {
  const of = (shard: number): readonly RecoveredTransaction[] =>
    candidates.filter(({ sender }) => home(sender, network.shardCount) === shard);
  const shards = Array.from({ length: network.shardCount }, (_, shard) => shard);
  return network.addBlock({ candidates: shards.map(of), missing: new Set(missing), coinbases: [] });
}

/** The receipt's gas of a transaction, wherever it executes in the next blocks: just that is what its sender pays. */
function gasOf(network: ChunkNetwork, transaction: RecoveredTransaction): bigint {
  const before = network.balance(transaction.sender);
  addBlock(network, [transaction]);
  network.drain();
  const executed = network.blocks.flatMap(({ outcomes, section }) =>
    [...outcomes, section].flatMap((outcome) => outcome?.executed ?? []),
  );
  const found = executed.find(({ transaction: { hash } }) => hash === transaction.hash);
  if (found === undefined) throw new Error('it was not executed');
  expect(found.receipt.status).toBe(1);
  expect(before - network.balance(transaction.sender)).toBe(found.gasUsed * found.effectiveGasPrice);
  return found.gasUsed;
}

const FIELDS = { chainId: 31_337n, value: 0n, data: new Uint8Array(0), maxFeePerGas: 9n * GWEI } as const;

function call(
  from: Address,
  nonce: bigint,
  to: Address,
  gasLimit: bigint,
  data: Uint8Array = new Uint8Array(0),
): RecoveredTransaction {
  const terms: TestTransaction = { ...FIELDS, from, nonce, to, data, gasLimit, maxPriorityFeePerGas: GWEI };
  return transactionOf(terms);
}

describe('a refund that exceeds the work at the target', () => {
  test.each(SHARD_COUNTS)('delegating an existing account costs 36,800 gas with %i shards', (shardCount) => {
    const { network, alice, target } = networkOf(shardCount, null);
    const unsigned = { chainId: 31_337n, address: `0x${'00'.repeat(20)}`, nonce: 1n } as const;
    const authorization = { ...unsigned, ...signDigest(authorizationDigest(unsigned), alice.privateKey) };
    const transaction = signTransaction(
      {
        ...FIELDS,
        type: 4,
        nonce: 0n,
        to: target,
        gasLimit: 46_000n,
        maxPriorityFeePerGas: GWEI,
        accessList: [],
        authorizationList: [authorization],
      },
      alice.privateKey,
    );
    expect(gasOf(network, transaction)).toBe(36_800n);
  });

  /** With gas that it needs, and with some to spare: so little reserves nothing and is not burned. */
  test.each(SHARD_COUNTS.flatMap((shardCount) => [28_204n, 28_300n].map((gas) => [shardCount, gas] as const)))(
    'clearing a listed slot costs 23,404 gas with %i shards and a limit of %i',
    (shardCount, gasLimit) => {
      const { network, alice, target } = networkOf(shardCount, KEEPER);
      addBlock(network, [call(alice.address, 0n, target, 60_000n, Uint8Array.of(1))]);
      network.drain();
      const transaction = signTransaction(
        {
          ...FIELDS,
          type: 1,
          nonce: 1n,
          to: target,
          gasLimit,
          gasPrice: 2n * GWEI,
          accessList: [{ address: target, storageKeys: [`0x${'00'.repeat(32)}`] }],
        },
        alice.privateKey,
      );
      expect(gasOf(network, transaction)).toBe(23_404n);
    },
  );
});

describe('the base fee of a shard', () => {
  /** One after the other, as many as the chunk takes. */
  const heavy = (from: Person, count: number, to: Address): readonly RecoveredTransaction[] =>
    Array.from({ length: count }, (_, i) => call(from.address, BigInt(i), to, 16_777_216n));

  test('rises at home with what dispatched transactions declare, whatever they use', () => {
    const { network, alice, target } = networkOf(2, COUNTER);
    const [source] = addBlock(network, heavy(alice, 3, target));
    expect(source?.dispatched).toHaveLength(2);
    expect(source?.gasUsed).toBe(2n * 16_777_216n);
    expect(network.chunks[0]?.gasUsed).toBe(2n * 16_777_216n);
    const [first = 0n, second = 0n] = network.context(0, alice.address).baseFees;
    expect(first).toBeGreaterThan(((network.chunks[0]?.baseFeePerGas ?? 0n) * 108n) / 100n);
    // Nothing was asked of the other shard yet.
    expect(second).toBe(((network.chunks[1]?.baseFeePerGas ?? 0n) * 7n) / 8n);
  });

  test('rises at the target while a queue waits there, by 1/8 a chunk at most, and falls when it is gone', () => {
    const { network, alice, target } = networkOf(2, BURNER);
    let nonce = 0n;
    const fees: bigint[] = [];
    for (let block = 0; block < 8; block += 1) {
      const candidates = [nonce, nonce + 1n].map((n) => call(alice.address, n, target, 16_777_216n));
      const [source] = addBlock(network, candidates);
      nonce += BigInt(source?.dispatched.length ?? 0);
      fees.push(network.context(0, alice.address).baseFees[1] ?? 0n);
    }
    // A message that uses all its gas takes its part of the budget: one a block, while two arrive.
    expect(network.chunks[1]?.queuedWeight).toBeGreaterThan(40_000_000n);
    const rising = fees.slice(3);
    for (const [i, fee] of rising.entries()) {
      const before = rising[i - 1];
      if (before !== undefined) expect(fee).toBe(before + before / 8n);
    }
    network.drain();
    const standing = network.chunks[1]?.baseFeePerGas ?? 0n;
    addBlock(network, []);
    addBlock(network, []);
    expect(network.chunks[1]?.baseFeePerGas).toBeLessThan(standing);
  });

  test('with one shard is what receipts say, as on Ethereum', () => {
    const { network, alice, target } = networkOf(1, COUNTER);
    const [outcome] = addBlock(network, heavy(alice, 2, target));
    expect(outcome?.executed).toHaveLength(2);
    expect(outcome?.gasUsed).toBe(outcome?.executed.at(-1)?.receipt.cumulativeGasUsed);
  });
});

describe('deliveries', () => {
  /** So many Calls of 5 million declared gas from shard 0, in one chunk; what shard 1 delivers of them in the next. */
  const deliveredOf = (code: Uint8Array, missed: number): ChunkOutcome => {
    const { network, alice, target } = networkOf(2, code);
    addBlock(
      network,
      Array.from({ length: 7 }, (_, i) => call(alice.address, BigInt(i), target, 5_000_000n)),
    );
    for (let height = 0; height < missed; height += 1) addBlock(network, [], [1]);
    const [, outcome] = addBlock(network, []);
    if (!outcome) throw new Error('shard 1 makes a chunk');
    return outcome;
  };

  test('take of their budget what they really use: declared gas blocks nobody', () => {
    const { delivered, gasUsed } = deliveredOf(COUNTER, 0);
    expect(delivered).toHaveLength(7);
    expect(gasUsed).toBeLessThan(200_000n);
  });

  test('stop where the whole weight of the next one would exceed 3/4 of the gas limit', () => {
    const { delivered, gasUsed } = deliveredOf(BURNER, 0);
    expect(delivered).toHaveLength(6);
    expect(gasUsed).toBeLessThanOrEqual(30_000_000n);
  });

  test('have a smaller budget after missed heights, but always take the first message', () => {
    expect(deliveredOf(BURNER, 1).delivered).toHaveLength(3);
    expect(deliveredOf(BURNER, 6).delivered).toHaveLength(1);
    // The first takes some 23,000 of 468,750, and 5 million do not fit behind it.
    expect(deliveredOf(COUNTER, 6).delivered).toHaveLength(1);
  });
});

describe('a full queue', () => {
  const shardOf = (network: ChunkNetwork, queuedWeight: bigint): ChunkNetwork => {
    network.chunks = network.chunks.map((chunk) => (chunk.shard === 1 ? { ...chunk, queuedWeight } : chunk));
    return network;
  };

  test('takes nothing: the transaction waits, and a chunk that dispatches it all the same is invalid', () => {
    const { network, alice, target } = networkOf(2, COUNTER);
    // Height 1 is the turn of shard 1.
    shardOf(network, 160_000_000n);
    const context = network.context(0, alice.address);
    expect(context.allowances[1]).toBe(0n);
    const transaction = call(alice.address, 0n, target, 100_000n);
    const [rules] = network.rules;
    if (rules === undefined) throw new Error('there is no shard 0');
    const produced = produceChunk(context, network.state(0), rules, [transaction], context.gasLimit);
    expect(produced.dispatched).toEqual([]);
    expect(produced.rejected).toMatchObject([{ permanent: false }]);
    expect(produced.rejected[0]?.reason).toMatch(/^shard 1 is congested: weight \d+, allowance left 0$/);
    expect(() => executeChunk(context, network.state(0), rules, [transaction])).toThrow(InvalidChunkError);
  });

  test('counts what the chunk itself sends', () => {
    const { network, alice, target } = networkOf(2, COUNTER);
    const context: ChunkContext = { ...network.context(0, alice.address), allowances: [0n, 150_000n] };
    const [rules] = network.rules;
    if (rules === undefined) throw new Error('there is no shard 0');
    const calls = [0n, 1n].map((nonce) => call(alice.address, nonce, target, 100_000n));
    const produced = produceChunk(context, network.state(0), rules, calls, context.gasLimit);
    expect(produced.dispatched).toEqual(calls.slice(0, 1));
    expect(() => executeChunk(context, network.state(0), rules, calls)).toThrow(/shard 1 is congested/);
  });

  test('does not grow without a bound, whatever is offered, and what is offered gets through in the end', () => {
    const { network, alice, target } = networkOf(2, BURNER);
    let nonce = 0n;
    let longest = 0n;
    const weightOf = (shard: number): bigint =>
      (network.queues[shard] ?? []).reduce((sum, m) => sum + messageWeight(m), 0n);
    for (let block = 0; block < 40; block += 1) {
      const candidates = [nonce, nonce + 1n].map((n) =>
        transactionOf({
          ...FIELDS,
          from: alice.address,
          nonce: n,
          to: target,
          gasLimit: 16_777_216n,
          maxFeePerGas: 1_000n * GWEI,
          maxPriorityFeePerGas: 1n,
        }),
      );
      const [source] = addBlock(network, candidates);
      nonce += BigInt(source?.dispatched.length ?? 0);
      const weight = weightOf(1);
      if (weight > longest) longest = weight;
    }
    // Full is 160 million; headers know nothing of what their own block sends.
    expect(longest).toBeLessThan(260_000_000n);
    expect(nonce).toBeGreaterThan(30n);
    network.drain();
  });
});

describe('what a chunk may send a shard', () => {
  const FULL = 160_000_000n;
  const header = (changes: Partial<ChunkContext['parentChunk']>): ChunkContext['parentChunk'] => ({
    ...networkOf(2, null).network.context(0, `0x${'aa'.repeat(20)}`).parentChunk,
    height: 99n,
    ...changes,
  });
  const allowance = (shardCount: number, source: number, height: bigint, target: ChunkContext['parentChunk']): bigint =>
    sendAllowances({ shard: source, height }, [target, ...Array.from({ length: shardCount - 1 }, () => target)])[0] ??
    -1n;

  test('is its part of the room: all sources together never send more, but for one message', () => {
    for (const shardCount of [2, 4, 16, 64]) {
      for (const queuedWeight of [0n, 50_000_000n, 159_999_999n]) {
        const shares = Array.from({ length: shardCount }, (_, source) =>
          allowance(shardCount, source, 100n, header({ queuedWeight })),
        );
        const sum = shares.reduce((total, share) => total + share, 0n);
        expect(sum).toBeLessThanOrEqual(FULL - queuedWeight + 20_000_000n);
        expect(shares[100 % shardCount]).toBeGreaterThanOrEqual(20_000_000n);
      }
    }
  });

  test('is one maximal message in turn when the queue is full', () => {
    const full = header({ queuedWeight: FULL });
    expect([0, 1, 2, 3].map((source) => allowance(4, source, 100n, full))).toEqual([20_000_000n, 0n, 0n, 0n]);
    expect([0, 1, 2, 3].map((source) => allowance(4, source, 103n, { ...full, height: 102n }))).toEqual([
      0n,
      0n,
      0n,
      20_000_000n,
    ]);
  });

  test('shrinks by a fifth of a full queue with each height without a chunk, down to nothing', () => {
    const parts = [99n, 98n, 97n, 96n, 95n, 94n, 1n].map((height) => allowance(2, 1, 100n, header({ height })));
    expect(parts).toEqual([80n, 64n, 48n, 32n, 16n, 0n, 0n].map((millions) => millions * 1_000_000n));
    // Not even in turn: nobody knows whether that shard ever comes back.
    expect(allowance(2, 0, 100n, header({ height: 94n }))).toBe(0n);
    expect(allowance(2, 0, 100n, header({ height: 95n, queuedWeight: 30_000_000n }))).toBe(20_000_000n);
  });
});

describe('a producer whose shard has missed heights', () => {
  test('lets what declares more than the reduced target wait; the target recovers with the next chunk', () => {
    const { network, alice, target } = networkOf(1, COUNTER);
    const context = network.context(0, alice.address);
    const [rules] = network.rules;
    if (rules === undefined) throw new Error('there is no shard 0');
    const offer = (missed: bigint): ChunkOutcome =>
      produceChunk(
        context,
        network.state(0),
        rules,
        [call(alice.address, 0n, target, 16_000_000n)],
        gasTarget(context.gasLimit, missed),
      );
    expect(offer(2n).rejected).toMatchObject([{ permanent: false }]);
    expect(offer(2n).rejected[0]?.reason).toMatch(/^gas target reduced after missed heights/);
    expect(offer(1n).included).toHaveLength(1);
    expect(offer(0n).included).toHaveLength(1);
  });
});
