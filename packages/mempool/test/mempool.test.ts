import { type Address, encodeImpersonated, type RecoveredTransaction } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMempool, MAX_NONCES_AHEAD, MAX_TRANSACTION_BYTES, type TransactionPool } from '../src/index.ts';
import {
  ALICE,
  BOB,
  CAROL,
  ETHER,
  GWEI,
  RULES,
  recovered,
  TestAccounts,
  transaction,
  type Variation,
} from './transactions.ts';

let accounts: TestAccounts;
let pool: TransactionPool;

beforeEach(() => {
  accounts = new TestAccounts();
  pool = createMempool(RULES, accounts);
});

function add(variation: Variation = {}): ReturnType<typeof transaction> {
  const added = transaction(variation);
  expect(pool.add(added)).toMatchObject({ ok: true });
  return added;
}

function refusal(variation: Variation): string {
  const before = pool.all();
  const result = pool.add(transaction(variation));
  expect(pool.all()).toEqual(before);
  return result.ok ? 'accepted' : result.reason;
}

const everyone = { mine: (): boolean => true, takes: (): boolean => true };

describe('refusals in the words that clients match on', () => {
  test('nonce too low', () => {
    accounts.nonces.set(ALICE, 5n);
    expect(refusal({ nonce: 4n })).toBe('nonce too low: next nonce 5, tx nonce 4');
  });

  test('what nobody signed is for devnets, and there a contract may be its sender', () => {
    const { fields } = transaction();
    if (fields.type !== 2) throw new Error('it is of type 2');
    const made = encodeImpersonated(fields, ALICE);
    accounts.contracts.add(ALICE);
    expect(pool.add(made)).toMatchObject({ ok: false, reason: expect.stringContaining('are for devnets only') });
    const devnet = createMempool({ ...RULES, isDevnet: true }, accounts);
    expect(devnet.add(made)).toMatchObject({ ok: true });
    expect(devnet.add(transaction({ nonce: 1n }))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^sender not an eoa/),
    });
  });

  test('already known', () => {
    add();
    expect(refusal({})).toBe('already known');
  });

  test('a nonce far ahead names the account nonce and the restarted devnet', () => {
    accounts.nonces.set(ALICE, 3n);
    add({ nonce: 3n + MAX_NONCES_AHEAD });
    expect(refusal({ nonce: 4n + MAX_NONCES_AHEAD })).toMatch(
      /^nonce too high: next nonce 3, tx nonce 260\. The account's nonce is 3; if the devnet was restarted/,
    );
  });

  test('the distance counts from the pooled nonces', () => {
    for (let nonce = 0n; nonce < 10n; nonce += 1n) add({ nonce });
    add({ nonce: 10n + MAX_NONCES_AHEAD });
  });

  test('insufficient funds', () => {
    accounts.balances.set(ALICE, ETHER);
    expect(refusal({ value: ETHER })).toBe(
      'insufficient funds for gas * price + value: ' +
        'balance 1000000000000000000, tx cost 1000042000000000000, overshot 42000000000000',
    );
  });

  test('insufficient funds over all that is queued', () => {
    accounts.balances.set(ALICE, ETHER);
    add({ value: ETHER / 2n });
    expect(refusal({ nonce: 1n, value: ETHER / 2n })).toBe(
      'insufficient funds for gas * price + value: balance 1000000000000000000, ' +
        'queued cost 500042000000000000, tx cost 500042000000000000, overshot 84000000000000',
    );
  });

  test('a replacement does not count what it replaces', () => {
    accounts.balances.set(ALICE, ETHER);
    add({ value: ETHER / 2n });
    add({ value: ETHER / 2n, tip: 2n * GWEI, cap: 4n * GWEI });
  });

  test('gas', () => {
    expect(refusal({ gasLimit: 20_999n })).toBe('intrinsic gas too low: gas 20999, minimum needed 21000');
    const data = new Uint8Array(1_000).fill(1);
    expect(refusal({ data, gasLimit: 60_000n })).toBe(
      'insufficient gas for floor data gas cost: gas 60000, minimum needed 61000',
    );
    expect(refusal({ gasLimit: 30_000_001n })).toBe('exceeds block gas limit: gas 30000001, limit 30000000');
    expect(refusal({ gasLimit: 16_777_217n })).toBe('transaction gas limit too high (cap: 16777216, tx: 16777217)');
  });

  test('fees', () => {
    expect(refusal({ tip: 3n, cap: 2n })).toMatch(
      /^max priority fee per gas higher than max fee per gas: address 0xa1/,
    );
    pool = createMempool({ ...RULES, minimumFeeCap: () => GWEI }, accounts);
    expect(refusal({ tip: 0n, cap: GWEI - 1n })).toBe(
      `max fee per gas less than block base fee: address ${ALICE}, maxFeePerGas: 999999999, baseFee: 1000000000`,
    );
    add({ tip: 0n, cap: GWEI });
  });

  test('form', () => {
    expect(refusal({ chainId: 1n })).toBe('invalid sender: invalid chain id for signer: have 1 want 31337');
    expect(refusal({ nonce: 2n ** 64n - 1n })).toMatch(/^nonce has max value/);
    expect(refusal({ rawBytes: MAX_TRANSACTION_BYTES + 1 })).toMatch(/^oversized data: transaction size 131073/);
    expect(refusal({ to: null, data: new Uint8Array(49_153), gasLimit: 1_000_000n })).toBe(
      'max initcode size exceeded: code size 49153, limit 49152',
    );
    accounts.contracts.add(ALICE);
    expect(refusal({})).toMatch(/^sender not an eoa/);
  });

  test('blobs', () => {
    const data = new Uint8Array();
    const fees = { maxFeePerGas: GWEI, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 1n };
    const common = { chainId: RULES.chainId, nonce: 0n, gasLimit: 21_000n, to: BOB, value: 1n, data, accessList: [] };
    const blobVersionedHashes = [`0x01${'00'.repeat(31)}`] as const;
    expect(pool.add(recovered({ type: 3, ...common, ...fees, blobVersionedHashes }, ALICE))).toEqual({
      ok: false,
      reason: 'transaction type not supported: this network takes no blob transactions (type 3)',
    });
  });

  test('a transaction from before EIP-155 is valid on every chain', () => {
    const legacy = { type: 0, chainId: null, nonce: 0n, gasLimit: 21_000n, to: BOB, value: 1n } as const;
    const signed = recovered({ ...legacy, data: new Uint8Array(), gasPrice: GWEI }, ALICE);
    expect(pool.add(signed)).toEqual({ ok: true, replaced: null });
  });
});

describe('replacement', () => {
  test.each([
    ['same fees', 100n, 200n, false],
    ['only the cap raised', 100n, 220n, false],
    ['only the tip raised', 110n, 200n, false],
    ['9 % more', 109n, 218n, false],
    ['10 % more', 110n, 220n, true],
  ])('%s', (_name, tip, cap, accepted) => {
    const old = add({ tip: 100n, cap: 200n });
    const replacement = transaction({ tip, cap, value: 1n });
    const result = pool.add(replacement);
    if (accepted) {
      expect(result).toEqual({ ok: true, replaced: old });
      expect(pool.all()).toEqual([replacement]);
    } else {
      expect(result).toEqual({ ok: false, reason: 'replacement transaction underpriced' });
      expect(pool.all()).toEqual([old]);
    }
  });

  test('ten percent of little is still something', () => {
    add({ tip: 1n, cap: 1n });
    expect(refusal({ tip: 1n, cap: 1n, value: 1n })).toBe('replacement transaction underpriced');
  });
});

describe('candidates', () => {
  test('best tip first, nonces in order, earlier first among equals', () => {
    const a1 = add({ sender: ALICE, nonce: 1n, tip: 9n, cap: 100n });
    const a0 = add({ sender: ALICE, nonce: 0n, tip: 2n, cap: 100n });
    const b0 = add({ sender: BOB, tip: 3n, cap: 100n });
    const c0 = add({ sender: CAROL, tip: 3n, cap: 100n });
    expect([...pool.candidates({ ...everyone, baseFee: 50n })]).toEqual([b0, c0, a0, a1]);
    expect([...pool.candidates({ ...everyone, mine: (sender) => sender === ALICE, baseFee: 50n })]).toEqual([a0, a1]);
  });

  test('the base fee caps the tip and stops a sender', () => {
    const a0 = add({ sender: ALICE, tip: 50n, cap: 60n });
    add({ sender: ALICE, nonce: 1n, tip: 5n, cap: 49n });
    add({ sender: ALICE, nonce: 2n, tip: 50n, cap: 100n });
    const b0 = add({ sender: BOB, tip: 20n, cap: 100n });
    expect([...pool.candidates({ ...everyone, baseFee: 50n })]).toEqual([b0, a0]);
    expect(pool.hasExecutable(60n)).toBe(true);
    expect(pool.hasExecutable(101n)).toBe(false);
  });

  test('stops at a gap and at an empty balance', () => {
    add({ nonce: 1n });
    expect([...pool.candidates({ ...everyone, baseFee: 0n })]).toEqual([]);
    expect(pool.hasExecutable(0n)).toBe(false);
    const first = add({ nonce: 0n });
    expect(pool.hasExecutable(0n)).toBe(true);
    expect([...pool.candidates({ ...everyone, baseFee: 0n })][0]).toEqual(first);
    accounts.balances.set(ALICE, 0n);
    expect(pool.hasExecutable(0n)).toBe(false);
  });

  test('what limits have fallen below waits for them, and who sent it with it', () => {
    const limits = { chunkGas: 30_000_000n, heaviest: 30_000_000n };
    const rules = {
      ...RULES,
      chunkGasLimit: () => limits.chunkGas,
      tooHeavy: ({ fields }: RecoveredTransaction) => (fields.gasLimit > limits.heaviest ? 'too heavy' : null),
    };
    pool = createMempool(rules, accounts);
    const offered = (): readonly RecoveredTransaction[] => [...pool.candidates({ ...everyone, baseFee: 0n })];
    const light = add({ tip: 9n });
    const heavy = add({ nonce: 1n, gasLimit: 10_000_000n });
    const last = add({ nonce: 2n });
    for (const lowered of [{ chunkGas: 9_999_999n }, { heaviest: 9_999_999n }]) {
      Object.assign(limits, lowered);
      expect(offered()).toEqual([light]);
      expect(pool.hasExecutable(0n)).toBe(true);
      accounts.nonces.set(ALICE, 1n);
      expect(offered()).toEqual([]);
      expect(pool.hasExecutable(0n)).toBe(false);
      Object.assign(limits, { chunkGas: 10_000_000n, heaviest: 10_000_000n });
      expect(offered()).toEqual([heavy, last]);
      expect(pool.hasExecutable(0n)).toBe(true);
      accounts.nonces.set(ALICE, 0n);
    }
  });

  test('a sender stops at what goes another way', () => {
    const a0 = add({ nonce: 0n });
    const a1 = add({ nonce: 1n, tip: 9n });
    const b0 = add({ sender: BOB });
    const others = {
      ...everyone,
      baseFee: 0n,
      takes: ({ hash }: { readonly hash: string }): boolean => hash !== a0.hash,
    };
    expect([...pool.candidates(others)]).toEqual([b0]);
    const last = { ...others, takes: ({ hash }: { readonly hash: string }): boolean => hash !== a1.hash };
    expect([...pool.candidates(last)]).toEqual([a0, b0]);
  });

  test('by the accounts of another state, its nonces and balances', () => {
    add({ nonce: 0n });
    const a1 = add({ nonce: 1n });
    const b0 = add({ sender: BOB });
    const after = { nonce: (address: Address): bigint => (address === ALICE ? 1n : 0n), balance: (): bigint => ETHER };
    expect([...pool.candidates({ ...everyone, baseFee: 0n }, after)]).toEqual([a1, b0]);
    const poor = { ...after, balance: (address: Address): bigint => (address === BOB ? 0n : ETHER) };
    expect([...pool.candidates({ ...everyone, baseFee: 0n }, poor)]).toEqual([a1]);
  });

  test('what is dropped while it is read is not offered again', () => {
    add({ nonce: 0n, tip: 5n });
    const b0 = add({ sender: BOB, tip: 3n });
    const seen = [];
    for (const candidate of pool.candidates({ ...everyone, baseFee: 0n })) {
      pool.drop(candidate.hash);
      seen.push(candidate);
    }
    expect(seen.at(-1)).toEqual(b0);
    expect(pool.size).toBe(0);
  });
});

describe('life in the pool', () => {
  test('pendingNonce counts the contiguous ones', () => {
    accounts.nonces.set(ALICE, 7n);
    expect(pool.pendingNonce(ALICE)).toBeNull();
    add({ nonce: 7n });
    add({ nonce: 8n });
    add({ nonce: 10n });
    expect(pool.pendingNonce(ALICE)).toBe(9n);
  });

  test('onFinalized drops what state has overtaken', () => {
    const gone = add({ nonce: 0n });
    const stays = add({ nonce: 1n });
    accounts.nonces.set(ALICE, 1n);
    pool.onFinalized([ALICE, BOB]);
    expect(pool.get(gone.hash)).toBeUndefined();
    expect(pool.get(stays.hash)).toEqual(stays);
    expect([...pool.candidates({ ...everyone, baseFee: 0n })]).toEqual([stays]);
    accounts.nonces.set(ALICE, 2n);
    pool.onFinalized([ALICE]);
    expect(pool.size).toBe(0);
    expect(pool.pendingNonce(ALICE)).toBeNull();
  });
});

describe('an executed transaction whose block is not final yet', () => {
  test('stays, is not offered, and its cost is not counted twice', () => {
    accounts.balances.set(ALICE, ETHER);
    const executed = add({ nonce: 0n, value: ETHER / 2n });
    accounts.nonces.set(ALICE, 1n);
    accounts.finalNonces.set(ALICE, 0n);
    accounts.balances.set(ALICE, ETHER / 2n);
    const next = add({ nonce: 1n, value: ETHER / 4n });
    pool.onFinalized([ALICE]);
    expect(pool.all()).toEqual([executed, next]);
    expect([...pool.candidates({ ...everyone, baseFee: 0n })]).toEqual([next]);
    expect(pool.pendingNonce(ALICE)).toBe(2n);
    accounts.finalNonces.set(ALICE, 1n);
    pool.onFinalized([ALICE]);
    expect(pool.all()).toEqual([next]);
  });
});

describe('a full pool', () => {
  beforeEach(() => {
    pool = createMempool(RULES, accounts, { transactions: 3, bytes: 1_000, transactionsPerSender: 2 });
  });

  test('evicts the cheapest last transaction of another sender', () => {
    const a0 = add({ sender: ALICE, nonce: 0n, cap: 10n, tip: 1n });
    const a1 = add({ sender: ALICE, nonce: 1n, cap: 50n, tip: 1n });
    const b0 = add({ sender: BOB, cap: 30n, tip: 1n });
    const c0 = add({ sender: CAROL, cap: 40n, tip: 1n });
    expect(pool.all()).toEqual([a0, a1, c0]);
    expect(pool.get(b0.hash)).toBeUndefined();
  });

  test('evicts what waits behind a gap before what can run', () => {
    add({ sender: ALICE, nonce: 5n, cap: 1_000n, tip: 1n });
    const b0 = add({ sender: BOB, cap: 10n, tip: 1n });
    const b1 = add({ sender: BOB, nonce: 1n, cap: 10n, tip: 1n });
    const c0 = add({ sender: CAROL, cap: 5n, tip: 1n });
    expect(pool.all()).toEqual([b0, b1, c0]);
  });

  test('refuses a newcomer that is the worst itself and stays as it was', () => {
    add({ sender: ALICE, cap: 10n, tip: 1n });
    add({ sender: BOB, cap: 10n, tip: 1n });
    add({ sender: BOB, nonce: 1n, cap: 10n, tip: 1n });
    expect(refusal({ sender: CAROL, cap: 10n, tip: 1n })).toMatch(/^transaction underpriced/);
    expect(refusal({ sender: CAROL, nonce: 1n, cap: 99n, tip: 1n })).toMatch(/^transaction underpriced/);
  });

  test('bounds bytes and the transactions of one sender', () => {
    add({ sender: ALICE, rawBytes: 600 });
    expect(refusal({ sender: ALICE, nonce: 1n, rawBytes: 500 })).toMatch(/^transaction underpriced/);
    add({ sender: ALICE, nonce: 1n });
    expect(refusal({ sender: ALICE, nonce: 2n })).toMatch(/^account limit exceeded/);
    add({ sender: ALICE, nonce: 1n, tip: 3n * GWEI, cap: 3n * GWEI });
  });
});
