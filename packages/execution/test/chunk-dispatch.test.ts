import { signDigest } from '@heddle/primitives';
import { orderedTrieRoot } from '@heddle/state';
import {
  type Address,
  authorizationDigest,
  EMPTY_TRIE_ROOT,
  type Message,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ChunkOutcome, executeChunk, produceChunk } from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, personOf } from './support/chunk-people.ts';
import { CAREFUL, COUNTER, OBSERVER, REFUNDER, REVERTER, wordOf } from './support/chunk-programs.ts';
import { type TestTransaction, transactionOf } from './support/chunk-transactions.ts';

const ETHER = 10n ** 18n;
const PRICE = 2_000_000_000n;
const alice = personOf(0, 2, 0);
const bob = personOf(1, 2, 0);
const carol = personOf(0, 2, 1);
/** Contracts by program, on shard 0 and on shard 1; all of their homes are on the other shard. */
const programs = { CAREFUL, COUNTER, REVERTER, REFUNDER, OBSERVER };
type Program = keyof typeof programs;
const names: readonly Program[] = ['CAREFUL', 'COUNTER', 'REVERTER', 'REFUNDER', 'OBSERVER'];
const contract = (program: Program, shard: number): Address => addressOf(1 - shard, 2, names.indexOf(program));

/** At home on shard 1. */
const identity: Address = '0x0000000000000000000000000000000000000004';

let network: ChunkNetwork;

beforeEach(() => {
  network = new ChunkNetwork({
    shardCount: 2,
    balances: new Map([alice, bob, carol].map(({ address }) => [address, 100n * ETHER])),
    contracts: names.flatMap((program) =>
      [0, 1].map((shard) => ({ address: contract(program, shard), shard, code: programs[program] })),
    ),
    gasLimit: 30_000_000n,
    baseFeePerGas: 1_000_000_000n,
    dispatch: true,
  });
});

function transfer(changes: Partial<TestTransaction>): RecoveredTransaction {
  return transactionOf({
    from: alice.address,
    nonce: 0n,
    to: bob.address,
    value: ETHER,
    data: new Uint8Array(0),
    gasLimit: 21_000n,
    maxFeePerGas: PRICE,
    maxPriorityFeePerGas: PRICE,
    ...changes,
  });
}

/** One block with these candidates on shards 0 and 1. */
function block(
  zero: readonly RecoveredTransaction[],
  one: readonly RecoveredTransaction[] = [],
  coinbases: readonly Address[] = [addressOf(0, 2, 60), addressOf(1, 2, 60)],
): readonly [ChunkOutcome, ChunkOutcome] {
  const [a, b] = network.addBlock({ candidates: [zero, one], missing: new Set(), coinbases });
  if (!a || !b) throw new Error('both shards make a chunk');
  return [a, b];
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`one item was expected, not ${items.length}`);
  return item;
}

function slot(program: Program, shard: number, index: bigint): bigint {
  return network.state(shard).storage(contract(program, shard), index);
}

const kinds = (messages: readonly Message[]): readonly string[] => messages.map(({ kind }) => kind);

describe('a plain transfer to another shard', () => {
  test('is dispatched in one block, executed in the next, and costs exactly 21,000 gas', () => {
    const transaction = transfer({});
    const [source, early] = block([transaction]);
    expect(source.dispatched).toEqual([transaction]);
    expect(source.executed).toEqual([]);
    expect(kinds(source.outbox)).toEqual(['call']);
    expect(source.gasUsed).toBe(21_000n);
    expect(early.delivered).toEqual([]);
    expect(network.chunks[0]?.transactionsRoot).toBe(EMPTY_TRIE_ROOT);
    expect(network.chunks[0]?.dispatchedRoot).toBe(orderedTrieRoot([transaction.raw]));
    expect(network.chunks[1]?.queuedWeight).toBe(0n);
    expect(network.balance(bob.address)).toBe(100n * ETHER);

    const [, target] = block([]);
    const executed = only(target.executed);
    expect(executed.transaction.hash).toBe(transaction.hash);
    expect(executed.gasUsed).toBe(21_000n);
    expect(executed.receipt.status).toBe(1);
    expect(executed.deliveredBy).toBe(only(source.outbox).id);
    expect(target.gasUsed).toBe(10_000n + 16n * BigInt(transaction.raw.length));
    expect(target.outbox).toEqual([]);
    expect(network.chunks[1]?.transactionsRoot).toBe(orderedTrieRoot([transaction.raw]));
    expect(network.balance(bob.address)).toBe(101n * ETHER);
    expect(network.balance(alice.address)).toBe(99n * ETHER - 21_000n * PRICE);
    expect(network.nonce(alice.address)).toBe(1n);
  });

  test('of more gas than it needs burns 1/16 of the rest as gas used; the sender pays gasUsed · price', () => {
    block([transfer({ gasLimit: 37_000n })]);
    const [, target] = block([]);
    const executed = only(target.executed);
    expect(executed.gasUsed).toBe(22_000n);
    expect(executed.receipt.cumulativeGasUsed).toBe(22_000n);
    expect(kinds(target.outbox)).toEqual(['credit']);
    block([]);
    expect(network.balance(alice.address)).toBe(99n * ETHER - 22_000n * PRICE);
  });

  test('tips the target chunk’s coinbase for executed gas only and burns the rest', () => {
    const [source] = block([transfer({ gasLimit: 37_000n })], [], [carol.address, carol.address]);
    expect(source.burned).toBe(0n);
    const call = only(source.outbox);
    const baseFee = call.kind === 'call' ? call.feeTerms.baseFeePerGas : 0n;
    const [, target] = block([], [], [carol.address, bob.address]);
    expect(network.balance(bob.address)).toBe(101n * ETHER + 21_000n * (PRICE - baseFee));
    expect(target.burned).toBe(21_000n * baseFee + 1_000n * PRICE);
    expect(network.balance(carol.address)).toBe(100n * ETHER);
  });
});

describe('fees', () => {
  test('the effective base fee is the higher of both shards', () => {
    const context = network.context(0, carol.address);
    network.chunks = network.chunks.map((chunk) =>
      chunk.shard === 1 ? { ...chunk, baseFeePerGas: 5n * PRICE } : chunk,
    );
    expect(network.context(0, carol.address).baseFees[1]).toBeGreaterThan(context.baseFees[1] ?? 0n);
    const [poor] = block([transfer({})]);
    expect(only(poor.rejected)).toMatchObject({ permanent: false });
    expect(only(poor.rejected).reason).toMatch(/^max fee per gas less than block base fee/);
    const terms = network.context(0, carol.address).baseFees;
    const [rich] = block([transfer({ maxFeePerGas: 10n * PRICE, maxPriorityFeePerGas: 1n })]);
    const call = only(rich.outbox);
    expect(call).toMatchObject({ feeTerms: { baseFeePerGas: terms[1], effectiveGasPrice: (terms[1] ?? 0n) + 1n } });
  });

  test('tips of a coinbase of another shard are in the header, and credited by the section of the block', () => {
    const local = [0n, 1n, 2n].map((nonce) => transfer({ nonce, to: carol.address }));
    const [source] = block(local, [], [bob.address, bob.address]);
    const tips = 3n * 21_000n * (PRICE - (network.chunks[0]?.baseFeePerGas ?? 0n));
    expect(source.tips).toBe(tips);
    expect(network.chunks[0]?.tips).toBe(tips);
    expect(source.outbox).toEqual([]);
    expect(source.accessList.some(({ address }) => address === bob.address)).toBe(false);
    expect(network.head.section?.tips).toBe(tips);
    expect(network.balance(bob.address)).toBe(100n * ETHER + tips);
  });
});

describe('a call to a contract of another shard', () => {
  const call = (program: Program, changes: Partial<TestTransaction> = {}): RecoveredTransaction =>
    transfer({ to: contract(program, 1), gasLimit: 200_000n, ...changes });

  test('runs there with CALLER = ORIGIN = sender, and BASEFEE of its terms', () => {
    const [source] = block([call('OBSERVER', { data: wordOf(bob.address) })]);
    const message = only(source.outbox);
    const [, target] = block([]);
    expect(only(target.executed).receipt.status).toBe(1);
    expect([0n, 1n].map((index) => slot('OBSERVER', 1, index))).toEqual([0n, 100n * ETHER]);
    expect(slot('OBSERVER', 1, 2n)).toBe(BigInt(alice.address));
    expect(slot('OBSERVER', 1, 3n)).toBe(BigInt(alice.address));
    expect(slot('OBSERVER', 1, 4n)).toBe(message.kind === 'call' ? message.feeTerms.baseFeePerGas : 0n);
  });

  test('counts gas as on one shard, but for the 1/16', () => {
    block([call('COUNTER')], [transfer({ from: bob.address, to: contract('COUNTER', 1), gasLimit: 200_000n })]);
    const [, target] = block([]);
    const plain = network.blocks[1]?.outcomes[1]?.executed[0];
    const sent = only(target.executed);
    expect(plain?.receipt.logs).toEqual(sent.receipt.logs);
    // The first call sets the slot, the second changes it: 22,100 and 5,000.
    const alone = (plain?.gasUsed ?? 0n) - 17_100n;
    expect(sent.gasUsed).toBe(alone + (200_000n - alone) / 16n);
    expect(target.gasUsed).toBe(10_000n + 16n * BigInt(sent.transaction.raw.length));
  });

  test('that fails gives the value back, keeps the gas, and has a receipt with status 0', () => {
    block([call('REVERTER')]);
    const [, target] = block([]);
    const failed = only(target.executed);
    expect(failed.receipt.status).toBe(0);
    const credit = only(target.outbox);
    expect(credit).toMatchObject({ kind: 'credit', target: alice.address, originTx: failed.transaction.hash });
    expect(credit.value).toBe(ETHER + (200_000n - failed.gasUsed) * PRICE);
    block([]);
    expect(network.balance(alice.address)).toBe(100n * ETHER - failed.gasUsed * PRICE);
    expect(network.balance(contract('REVERTER', 1))).toBe(0n);
  });

  test('that reaches for another shard fails as a whole: value and unused gas come back', () => {
    block([call('REFUNDER')]);
    const [, target] = block([]);
    const failed = only(target.executed);
    expect(failed.receipt).toMatchObject({ status: 0, logs: [] });
    const credit = only(target.outbox);
    expect(credit).toMatchObject({ kind: 'credit', target: alice.address });
    expect(credit.value).toBe(ETHER + (200_000n - failed.gasUsed) * PRICE);
    // 9,000 for the value and 100 for the access were paid when it touched Alice; a sixteenth of the rest burns.
    const spent = 21_000n + 9_120n;
    expect(failed.gasUsed).toBe(spent + (200_000n - spent) / 16n);
    block([]);
    expect(network.balance(alice.address)).toBe(100n * ETHER - failed.gasUsed * PRICE);
    expect(network.balance(contract('REFUNDER', 1))).toBe(0n);
  });

  test('that touches a third shard in a call of a call undoes what was done before', () => {
    // The outer one stores and logs first, and would take the failure of its call as an answer.
    block([call('CAREFUL', { data: wordOf(alice.address) })]);
    const [, target] = block([]);
    expect(only(target.executed).receipt).toMatchObject({ status: 0, logs: [] });
    expect(slot('CAREFUL', 1, 0n)).toBe(0n);
    // What it has seen stays seen, as in any failed transaction; what it reached for is nowhere.
    const seen = target.accessList.map(({ address }) => address);
    expect(seen).toContain(contract('CAREFUL', 1));
    expect(seen).not.toContain(alice.address);
  });

  test('whose target turns out to live on a third shard fails as a whole', () => {
    const sender = personOf(0, 3, 0);
    // Only its home and its residence know.
    const target = addressOf(1, 3, 0);
    network = new ChunkNetwork({
      shardCount: 3,
      balances: new Map([[sender.address, 100n * ETHER]]),
      contracts: [{ address: target, shard: 2, code: COUNTER }],
      gasLimit: 30_000_000n,
      baseFeePerGas: 1_000_000_000n,
      dispatch: true,
    });
    const stray = transfer({ from: sender.address, to: target, value: 5n, gasLimit: 100_000n });
    const [source] = network.addBlock({ candidates: [[stray]], missing: new Set(), coinbases: [] });
    expect(only(source?.outbox ?? [])).toMatchObject({ kind: 'call', destination: 1, target });
    const [, home] = network.addBlock({ candidates: [], missing: new Set(), coinbases: [] });
    const failed = only(home?.executed ?? []);
    expect(failed.receipt.status).toBe(0);
    expect(failed.gasUsed).toBe(21_000n + 79_000n / 16n);
    expect(only(home?.outbox ?? []).value).toBe(5n + (100_000n - failed.gasUsed) * PRICE);
    expect(network.state(1).account(target)).toBeNull();
    network.drain();
    expect(network.balance(target)).toBe(0n);
    expect(network.balance(sender.address)).toBe(100n * ETHER - failed.gasUsed * PRICE);
  });

  test('of one sender come in nonce order', () => {
    block([0n, 1n, 2n].map((nonce) => call('COUNTER', { nonce })));
    const [, target] = block([]);
    expect(target.executed.map(({ transaction }) => transaction.fields.nonce)).toEqual([0n, 1n, 2n]);
    expect(slot('COUNTER', 1, 0n)).toBe(3n);
  });

  test('is refused when its message weighs more than half of the chunk gas limit', () => {
    const [source] = block([call('COUNTER', { gasLimit: 16_000_000n })]);
    expect(only(source.rejected)).toMatchObject({
      reason: expect.stringMatching(/^cross-shard call too heavy/),
      permanent: false,
    });
  });
});

describe('what is not sent', () => {
  test('a call without value of what every shard has', () => {
    const [source] = block([0n, 1n].map((nonce) => transfer({ nonce, to: identity, gasLimit: 30_000n, value: nonce })));
    // With value it is paid at its home.
    expect(source.executed.map(({ transaction, receipt }) => [transaction.fields.value, receipt.status])).toEqual([
      [0n, 1],
    ]);
    expect(only(source.outbox)).toMatchObject({ kind: 'call', target: identity, destination: 1 });
    block([]);
    expect(network.balance(identity)).toBe(1n);
  });

  test('a type 4: its authorizations may be of anybody', () => {
    const unsigned = { chainId: 31_337n, address: contract('COUNTER', 0), nonce: 0n };
    const authorization = { ...unsigned, ...signDigest(authorizationDigest(unsigned), carol.privateKey) };
    const transaction = signTransaction(
      {
        type: 4,
        chainId: 31_337n,
        nonce: 0n,
        to: contract('COUNTER', 1),
        value: 0n,
        data: new Uint8Array(0),
        gasLimit: 300_000n,
        maxFeePerGas: PRICE,
        maxPriorityFeePerGas: PRICE,
        accessList: [],
        authorizationList: [authorization],
      },
      alice.privateKey,
    );
    const [source] = block([transaction]);
    expect(source.dispatched).toEqual([]);
    expect(only(source.rejected)).toMatchObject({ isRemote: true, permanent: false });
    expect(only(network.head.section?.executed ?? []).receipt.status).toBe(1);
    expect(network.nonce(carol.address)).toBe(1n);
    expect(slot('COUNTER', 1, 0n)).toBe(1n);
  });

  test('anything, where the network does not dispatch: a chunk that does is invalid', () => {
    const [rules] = network.rules;
    if (rules === undefined) throw new Error('there is no shard 0');
    const context = { ...network.context(0, addressOf(0, 2, 60)), dispatch: false };
    const candidates = [transfer({}), transfer({ to: contract('COUNTER', 1), gasLimit: 100_000n })];
    const produced = produceChunk(context, network.state(0), rules, candidates, context.gasLimit);
    expect(produced).toMatchObject({ included: [], dispatched: [], outbox: [] });
    expect(produced.rejected.map(({ isRemote, permanent }) => [isRemote, permanent])).toEqual([
      [true, false],
      [true, false],
    ]);
    for (const transaction of candidates) {
      expect(() => executeChunk(context, network.state(0), rules, [transaction])).toThrow(/resides on another shard/);
    }
  });
});
