import { bytesToHex, signDigest } from '@heddle/primitives';
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
import type { ChunkOutcome } from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, personOf } from './support/chunk-people.ts';
import {
  COUNTER,
  creationAddress,
  DELEGATOR,
  DESTROYER,
  FORWARDER,
  initCodeOf,
  OBSERVER,
  REFUNDER,
  REVERTER,
  wordOf,
} from './support/chunk-programs.ts';
import { type TestTransaction, transactionOf } from './support/chunk-transactions.ts';

const ETHER = 10n ** 18n;
const PRICE = 2_000_000_000n;
const alice = personOf(0, 2, 0);
const bob = personOf(1, 2, 0);
const carol = personOf(0, 2, 1);
/** Contracts by program, on shard 0 and on shard 1; all of their homes are on the other shard. */
const programs = { FORWARDER, COUNTER, REVERTER, DESTROYER, REFUNDER, DELEGATOR, OBSERVER };
type Program = keyof typeof programs;
const names: readonly Program[] = [
  'FORWARDER',
  'COUNTER',
  'REVERTER',
  'DESTROYER',
  'REFUNDER',
  'DELEGATOR',
  'OBSERVER',
];
const contract = (program: Program, shard: number): Address => addressOf(1 - shard, 2, names.indexOf(program));

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

  test('a coinbase of another shard gets one Transfer with all tips at settlement', () => {
    const local = [0n, 1n, 2n].map((nonce) => transfer({ nonce, to: carol.address }));
    const [source] = block(local, [], [bob.address, bob.address]);
    const tips = only(source.outbox);
    const baseFee = network.chunks[0]?.baseFeePerGas ?? 0n;
    expect(tips).toMatchObject({ kind: 'transfer', target: bob.address, value: 3n * 21_000n * (PRICE - baseFee) });
    block([]);
    expect(network.balance(bob.address)).toBe(100n * ETHER + tips.value);
  });
});

describe('a call to a contract of another shard', () => {
  const call = (program: Program, changes: Partial<TestTransaction> = {}): RecoveredTransaction =>
    transfer({ to: contract(program, 1), gasLimit: 200_000n, ...changes });

  test('runs there with CALLER = ORIGIN = sender, BASEFEE of its terms, and sees no balance of the sender', () => {
    const [source] = block([call('OBSERVER', { data: wordOf(alice.address) })]);
    const message = only(source.outbox);
    const [, target] = block([]);
    expect(only(target.executed).receipt.status).toBe(1);
    expect([0n, 1n].map((index) => slot('OBSERVER', 1, index))).toEqual([0n, 0n]);
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

  test('that pays the caller back sends a Transfer besides the Credit', () => {
    block([call('REFUNDER')]);
    const [, target] = block([]);
    expect(kinds(target.outbox)).toEqual(['transfer', 'credit']);
    expect(target.outbox[0]).toMatchObject({ target: alice.address, value: ETHER / 2n });
    expect(new Set(target.outbox.map(({ id }) => id)).size).toBe(2);
    block([]);
    const { gasUsed } = only(target.executed);
    expect(network.balance(alice.address)).toBe(100n * ETHER - ETHER / 2n - gasUsed * PRICE);
    expect(network.balance(contract('REFUNDER', 1))).toBe(ETHER / 2n);
  });

  test('of one sender come in nonce order', () => {
    block([0n, 1n, 2n].map((nonce) => call('COUNTER', { nonce })));
    const [, target] = block([]);
    expect(target.executed.map(({ transaction }) => transaction.fields.nonce)).toEqual([0n, 1n, 2n]);
    expect(slot('COUNTER', 1, 0n)).toBe(3n);
  });

  test('is refused when its message weighs more than half of the chunk gas limit', () => {
    const [source] = block([call('COUNTER', { gasLimit: 16_000_000n })]);
    expect(only(source.rejected).reason).toMatch(/^cross-shard call too heavy/);
  });
});

describe('what a contract sees of other shards', () => {
  const forward = (argument: Address): RecoveredTransaction =>
    transfer({ to: contract('FORWARDER', 0), gasLimit: 200_000n, data: wordOf(argument) });

  test('value to an account of another shard is swept and arrives in the next block', () => {
    const target = addressOf(1, 2, 50);
    const [source] = block([forward(target)]);
    expect(only(source.executed).receipt.status).toBe(1);
    expect(only(source.outbox)).toMatchObject({ kind: 'transfer', target, value: ETHER });
    expect(network.state(0).account(target)).toBeNull();
    const [, arrived] = block([]);
    expect(kinds(arrived.delivered)).toEqual(['transfer']);
    expect(network.balance(target)).toBe(ETHER);
  });

  test('a self-destruct to an account of another shard is swept too', () => {
    const target = addressOf(1, 2, 51);
    block([transfer({ to: contract('DESTROYER', 0), gasLimit: 200_000n, data: wordOf(target) })]);
    block([]);
    expect(network.balance(target)).toBe(ETHER);
    expect(network.balance(contract('DESTROYER', 0))).toBe(0n);
  });

  test('a call to a contract of another shard moves no value and returns RemoteContract', () => {
    const [source] = block([forward(contract('COUNTER', 1))]);
    expect(only(source.executed).receipt.status).toBe(1);
    expect(slot('FORWARDER', 0, 0n)).toBe(0n);
    expect(network.balance(contract('FORWARDER', 0))).toBe(ETHER);
    expect(source.outbox).toEqual([]);
  });

  test('a contract of another shard has no code to see', () => {
    block([transfer({ to: contract('OBSERVER', 0), gasLimit: 200_000n, data: wordOf(contract('COUNTER', 1)) })]);
    expect(slot('OBSERVER', 0, 0n)).toBe(0n);
  });

  test('precompiles and the directory are on every shard', () => {
    const [source] = block([transfer({ to: `0x${'0'.repeat(39)}4`, gasLimit: 30_000n, value: 0n })]);
    expect(only(source.executed).receipt.status).toBe(1);
  });
});

describe('placements', () => {
  /** A contract that Alice creates on shard 0 and whose home is shard 1: the first such nonce. */
  function creation(): { readonly nonce: bigint; readonly address: Address } {
    for (let nonce = 0n; ; nonce += 1n) {
      const address = creationAddress(alice.address, nonce);
      if (network.home(address) === 1) return { nonce, address };
    }
  }

  function create(nonce: bigint): readonly RecoveredTransaction[] {
    const fill = Array.from({ length: Number(nonce) }, (_, i) => transfer({ nonce: BigInt(i), to: carol.address }));
    return [...fill, transfer({ nonce, to: null, value: 0n, gasLimit: 200_000n, data: initCodeOf(COUNTER) })];
  }

  test('are listed by the creator at once and by the others at the start of their next chunk', () => {
    const { nonce, address } = creation();
    const [source] = block(create(nonce));
    expect(source.placements).toEqual([{ address, shard: 0 }]);
    expect(network.rules[0]?.residence(network.state(0), address)).toEqual({ kind: 'local' });
    expect(network.rules[1]?.residence(network.state(1), address)).toEqual({ kind: 'local' });
    const [, other] = block([], [transfer({ from: bob.address, to: address, gasLimit: 200_000n })]);
    expect(network.rules[1]?.residence(network.state(1), address)).toEqual({ kind: 'remoteContract', shard: 0 });
    expect(only(other.dispatched).fields.to).toBe(address);
    block([]);
    expect(network.state(0).storage(address, 0n)).toBe(1n);
  });

  test('send what came too early after the contract, and forward what comes later under its id', () => {
    const { nonce, address } = creation();
    // Before the contract exists, Bob's transfer executes at its home, and Carol's call is on its way there.
    const [, before] = block(
      [...create(nonce), transfer({ from: carol.address, to: address, value: 3n, gasLimit: 200_000n })],
      [transfer({ from: bob.address, to: address, value: 5n })],
    );
    expect(only(before.executed).receipt.status).toBe(1);
    expect(network.state(1).account(address)?.balance).toBe(5n);
    const [, applied] = block([]);
    expect(network.state(1).account(address)).toBeNull();
    expect(applied.outbox.map(({ kind, value }) => [kind, value])).toEqual([['transfer', 5n]]);
    block([]);
    expect(network.balance(address)).toBe(8n);
    expect(network.state(0).storage(address, 0n)).toBe(1n);
  });

  test('a call that meets the placement on its way is forwarded with its id and terms', () => {
    const { nonce, address } = creation();
    // Shard 0 misses nothing of this: Carol (shard 0) calls before Alice creates, in the same chunk.
    const early = transfer({ from: carol.address, to: address, value: 3n, gasLimit: 200_000n });
    const [source] = block([early, ...create(nonce)]);
    const sent = only(source.outbox.filter(({ kind }) => kind === 'call'));
    const [, forwarded] = block([]);
    expect(forwarded.executed).toEqual([]);
    expect(only(forwarded.outbox)).toMatchObject({ kind: 'call', id: sent.id, source: 1, destination: 0, value: 3n });
    const [home] = block([]);
    expect(only(home.executed).deliveredBy).toBe(sent.id);
    expect(network.balance(address)).toBe(3n);
    // The sender lives where it executed: what is unused comes back at once, without a Credit.
    expect(home.outbox).toEqual([]);
    const { gasUsed } = only(home.executed);
    expect(network.balance(carol.address)).toBe(100n * ETHER + nonce * ETHER - 3n - gasUsed * PRICE);
  });

  test('a creation costs 5,000 gas more with two shards', () => {
    const [source] = block(create(0n));
    const one = new ChunkNetwork({
      shardCount: 1,
      balances: new Map([[alice.address, ETHER]]),
      contracts: [],
      gasLimit: 30_000_000n,
      baseFeePerGas: 1_000_000_000n,
    });
    const [plain] = one.addBlock({ candidates: [create(0n)], missing: new Set(), coinbases: [] });
    expect(source.executed[0]?.gasUsed).toBe((plain?.executed[0]?.gasUsed ?? 0n) + 5_000n);
    expect(plain?.placements).toEqual([]);
  });
});

describe('EIP-7702 authorizations', () => {
  test('are processed where their authority resides, whichever shard that is', () => {
    const delegate = contract('COUNTER', 1);
    const authorize = (person: typeof alice) => {
      const unsigned = { chainId: 31_337n, address: delegate, nonce: 0n };
      const digest = authorizationDigest(unsigned);
      return { ...unsigned, ...signDigest(digest, person.privateKey) };
    };
    const transaction = signTransaction(
      {
        type: 4,
        chainId: 31_337n,
        nonce: 0n,
        to: delegate,
        value: 0n,
        data: new Uint8Array(0),
        gasLimit: 300_000n,
        maxFeePerGas: PRICE,
        maxPriorityFeePerGas: PRICE,
        accessList: [],
        authorizationList: [authorize(carol), authorize(bob)],
      },
      alice.privateKey,
    );
    const [source] = block([transaction]);
    expect(only(source.outbox)).toMatchObject({ sourceRefund: 12_500n, sourceGasUsed: 71_000n });
    expect(network.nonce(carol.address)).toBe(1n);
    expect(network.nonce(bob.address)).toBe(0n);
    const [, target] = block([]);
    expect(network.nonce(bob.address)).toBe(1n);
    const codeOf = (address: Address): string => {
      const state = network.state(network.home(address));
      return bytesToHex(state.code(state.account(address)?.codeHash ?? '0x'));
    };
    expect(codeOf(carol.address)).toBe(`0xef0100${delegate.slice(2)}`);
    expect(codeOf(bob.address)).toBe(`0xef0100${delegate.slice(2)}`);
    // 71,000 intrinsic, the counter's work, and a refund for both authorities that existed.
    expect(only(target.executed).receipt.status).toBe(1);
  });
});
