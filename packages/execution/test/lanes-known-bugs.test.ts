import { bigintToBytes, bytesToBigint, concatBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { type AccountAccess, type Address, type BlockAccessList, ZERO_ADDRESS } from '@heddle/types';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { TrialBlock } from '../scripts/equivalence/block.ts';
import { type BlockReport, checkBlock } from '../scripts/equivalence/check-block.ts';
import { openLanePaths, SEQUENTIAL } from '../scripts/equivalence/lane-paths.ts';
import { PROGRAMS, saltedAddress } from '../scripts/equivalence/programs.ts';
import { type ChunkOutcome, executeChunk } from '../src/index.ts';
import { addressOf } from './support/chunk-people.ts';
import { initCodeOf, wordOf } from './support/chunk-programs.ts';
import {
  authorization,
  BASE_FEE,
  type CaseOptions,
  caseBlock,
  ETHER,
  feeOf,
  programAddress,
  signed,
  signer,
  TIP,
} from './support/lane-case.ts';

/*
 * The consensus bugs that parallel EVMs are known for (design, "Lanes"), each as blocks on which it would show. Every
 * block goes through producer and validator with 1, 2, 3 and 8 lanes, honestly and with wrong lists and bodies; the
 * lanes' work is done on this thread (`npm run equivalence` does it on real ones).
 */

const lanes = openLanePaths([1, 2, 3, 8], 'inline');
afterAll(() => lanes.close());

const PEOPLE = [1, 2, 3, 4, 5, 6].map(signer);
const COINBASE = signer(99);

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a case names what it does not have');
  return value;
}

function person(n: number): ReturnType<typeof signer> {
  return known(PEOPLE[n]);
}

async function run(options: Partial<CaseOptions> & Pick<CaseOptions, 'transactions'>): Promise<BlockReport> {
  return checkAll(blockOf(options));
}

function blockOf(options: Partial<CaseOptions> & Pick<CaseOptions, 'transactions'>): TrialBlock {
  const balances = new Map(PEOPLE.map(({ address }) => [address, 10n * ETHER]));
  const rest = { coinbase: COINBASE.address, gasLimit: 30_000_000n, dispatch: false };
  return caseBlock({ shardCount: 1, balances, ...rest, ...options });
}

async function checkAll(block: TrialBlock): Promise<BlockReport> {
  const report = await checkBlock(block, lanes.paths);
  expect(report.differences).toEqual([]);
  expect(report.counts).toMatchObject({ parallel: 2 * lanes.paths.length, sequential: 0, disagreements: 0 });
  return report;
}

/** Every validator must find what sequential execution finds, whatever the list says. */
async function expectRefused(block: TrialBlock, outcome: ChunkOutcome, list: BlockAccessList): Promise<void> {
  for (const path of lanes.paths) {
    const { outcome: verified, report } = await path.verify(block, outcome.included, list);
    expect(verified.accessList).toEqual(outcome.accessList);
    expect(report).toMatchObject({ path: 'sequential', disagreement: null });
  }
}

function listed(list: BlockAccessList, address: Address): AccountAccess | undefined {
  return list.find((account) => account.address === address);
}

function statuses({ executed }: ChunkOutcome): readonly number[] {
  return executed.map(({ receipt }) => receipt.status);
}

describe('declared gas is reserved', () => {
  const to = person(5).address;
  const plain = (n: number, gasLimit: bigint): ReturnType<typeof signed> =>
    signed({ from: person(n), nonce: 0n, to, value: 1n, gasLimit });
  const transactions = [plain(0, 100_000n), plain(1, 120_000n), plain(2, 120_000n), plain(3, 21_000n)];

  test('a producer leaves out what declares more than is left, though it would use less', async () => {
    const { produced } = await run({ gasLimit: 150_000n, transactions });
    expect(produced.outcome.included.map(({ hash }) => hash)).toEqual(
      [0, 1, 3].map((i) => known(transactions[i]).hash),
    );
    expect(produced.outcome.rejected.map(({ reason }) => reason)).toEqual([
      'gas limit reached: tx gas 120000, left 108000',
    ]);
    expect(produced.outcome.gasUsed).toBe(63_000n);
  });

  test('a validator refuses a chunk that holds it, though its list is what execution would give', async () => {
    const block = blockOf({ gasLimit: 150_000n, transactions });
    const roomy = { ...block.context, gasLimit: 300_000n };
    const { accessList, gasUsed } = executeChunk(roomy, block.state, block.rules, transactions);
    expect(gasUsed).toBeLessThan(block.context.gasLimit);
    for (const path of lanes.paths) {
      await expect(path.verify(block, transactions, accessList)).rejects.toMatchObject({
        code: 'INVALID_CHUNK',
        facts: { position: 2, reason: 'gas limit reached: tx gas 120000, left 108000' },
      });
    }
  });
});

describe('self-destruct, CREATE2 and revival', () => {
  const factory = programAddress('saltedFactory');
  const dying = hexToBytes('0x33ff');
  const address = saltedAddress(factory, dying);

  test('a contract that dies as it is born can be born again, with what came to its address meanwhile', async () => {
    const { produced } = await run({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: factory, data: dying, value: 5n }),
        signed({ from: person(1), nonce: 0n, to: address, value: 7n }),
        signed({ from: person(2), nonce: 0n, to: factory, data: dying, value: 11n }),
        signed({ from: person(3), nonce: 0n, to: address, value: 13n }),
        signed({ from: person(4), nonce: 0n, to: programAddress('observer'), data: wordOf(address) }),
      ],
    });
    const { outcome } = produced;
    expect(statuses(outcome)).toEqual([1, 1, 1, 1, 1]);
    // What it had went to its creator: 5, then 7 + 11.
    expect(listed(outcome.accessList, factory)?.balanceChanges).toEqual([
      { index: 1, balance: 5n },
      { index: 3, balance: 23n },
    ]);
    expect(listed(outcome.accessList, address)).toMatchObject({
      nonceChanges: [],
      codeChanges: [],
      balanceChanges: [
        { index: 2, balance: 7n },
        { index: 3, balance: 0n },
        { index: 4, balance: 13n },
      ],
    });
    expect(produced.layer.storage(programAddress('observer'), 1n)).toBe(13n);
  });

  test('one that destroys itself in a later transaction stays, and its address stays taken (EIP-6780)', async () => {
    const code = initCodeOf(PROGRAMS.destroyer);
    const child = saltedAddress(factory, code);
    const { produced } = await run({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: factory, data: code, value: 9n }),
        signed({ from: person(1), nonce: 0n, to: child, data: wordOf(person(5).address) }),
        signed({ from: person(2), nonce: 0n, to: factory, data: code }),
      ],
    });
    expect(statuses(produced.outcome)).toEqual([1, 1, 0]);
    expect(produced.layer.account(child)).toMatchObject({ nonce: 1n, balance: 0n });
    expect(produced.layer.account(person(5).address)?.balance).toBe(10n * ETHER + 9n);
  });

  test('in its own transaction an address stays taken after the self-destruct', async () => {
    const phoenix = programAddress('phoenix');
    const code = initCodeOf(PROGRAMS.destroyer);
    const child = saltedAddress(phoenix, code);
    const { produced } = await run({
      transactions: [0, 1].map((n) =>
        signed({ from: person(n), nonce: 0n, to: phoenix, data: code, gasLimit: 400_000n }),
      ),
    });
    // Each made it, destroyed it, and could not make it twice; the second transaction made it anew.
    expect(produced.layer.storage(phoenix, 1n)).toBe(BigInt(child));
    expect(produced.layer.account(child)).toBeNull();
    expect(listed(produced.outcome.accessList, phoenix)?.nonceChanges).toEqual([
      { index: 1, nonce: 3n },
      { index: 2, nonce: 5n },
    ]);
  });
});

describe('a contract that would come to life in the chunk, away from the home of its address', () => {
  test('is left to the section, and what was before it and comes after it stands', async () => {
    const shardCount = 2;
    const factory = programAddress('saltedFactory');
    const locals = Array.from({ length: 60 }, (_, n) => signer(n + 1)).filter(
      ({ address }) => home(address, shardCount) === 0,
    );
    /** With a byte behind it that nobody reads, for an address on this shard. */
    const codeAt = (shard: number): Uint8Array => {
      const codes = Array.from({ length: 40 }, (_, i) => concatBytes(initCodeOf(PROGRAMS.counter), Uint8Array.of(i)));
      return known(codes.find((code) => home(saltedAddress(factory, code), shardCount) === shard));
    };
    const [near, away] = [codeAt(0), codeAt(1)];
    const born = saltedAddress(factory, near);
    const unborn = saltedAddress(factory, away);
    const { produced } = await run({
      shardCount,
      balances: new Map(locals.map(({ address }) => [address, 10n * ETHER])),
      transactions: [
        signed({ from: known(locals[0]), nonce: 0n, to: unborn, value: 3n }),
        signed({ from: known(locals[1]), nonce: 0n, to: factory, data: near }),
        signed({ from: known(locals[2]), nonce: 0n, to: factory, data: away }),
        signed({ from: known(locals[3]), nonce: 0n, to: unborn }),
        signed({ from: known(locals[4]), nonce: 0n, to: born }),
      ],
    });
    const { outcome, layer } = produced;
    expect(outcome.rejected.map(({ transaction, isRemote }) => [transaction.sender, isRemote])).toEqual(
      [0, 2, 3].map((n) => [known(locals[n]).address, true]),
    );
    expect(layer.account(factory)?.nonce).toBe(2n);
    expect(listed(outcome.accessList, unborn)).toBeUndefined();
    expect(layer.storage(born, 0n)).toBe(1n);
  });
});

describe('a coinbase of another shard', () => {
  test('is known to the workers: none of their transactions is handed back for it, or for accounts that are new', async () => {
    const shardCount = 2;
    const away = Array.from({ length: 20 }, (_, n) => signer(n + 200)).find(
      ({ address }) => home(address, shardCount) === 1,
    );
    const locals = Array.from({ length: 40 }, (_, n) => signer(n + 1)).filter(
      ({ address }) => home(address, shardCount) === 0,
    );
    const block = blockOf({
      shardCount,
      coinbase: known(away).address,
      balances: new Map(locals.map(({ address }) => [address, 10n * ETHER])),
      transactions: locals
        .slice(0, 8)
        .flatMap((from, i) => [
          signed({ from, nonce: 0n, to: addressOf(0, shardCount, i), value: 1n }),
          signed({ from, nonce: 1n, to: programAddress('counter') }),
        ]),
    });
    const { produced } = await checkAll(block);
    const { included, accessList, tips } = produced.outcome;
    expect(included).toHaveLength(16);
    expect(tips).toBe(produced.outcome.gasUsed * TIP);
    for (const path of lanes.paths) {
      const { report } = await path.verify(block, included, accessList);
      expect(report).toMatchObject({ path: 'validator', handedBack: 0 });
    }
  });
});

describe('code that changes between transactions (EIP-7702)', () => {
  test('each reads the code of its own place in the chunk', async () => {
    const authority = person(5);
    const [counter, keeper] = [programAddress('counter'), programAddress('keeper')];
    const reader = programAddress('codeReader');
    const delegate = (n: number, target: Address, nonce: bigint): ReturnType<typeof signed> =>
      signed({
        from: person(n),
        nonce: 0n,
        to: authority.address,
        authorizations: [authorization(authority, target, nonce)],
      });
    const read = (n: number, nonce: bigint): ReturnType<typeof signed> =>
      signed({ from: person(n), nonce, to: reader, data: wordOf(authority.address) });
    const { produced } = await run({
      transactions: [
        read(3, 0n),
        delegate(0, counter, 0n),
        read(3, 1n),
        read(4, 0n),
        delegate(1, keeper, 1n),
        read(4, 1n),
        delegate(2, ZERO_ADDRESS, 2n),
        read(3, 2n),
        signed({ from: person(4), nonce: 2n, to: authority.address }),
      ],
    });
    const { accessList } = produced.outcome;
    expect(statuses(produced.outcome)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const hashes = known(listed(accessList, reader)?.storageChanges[0]).changes;
    const none = bytesToBigint(keccak256(new Uint8Array(0)));
    const hashOf = (target: Address): bigint =>
      bytesToBigint(keccak256(concatBytes(Uint8Array.of(0xef, 1, 0), hexToBytes(target))));
    expect(hashes).toEqual([
      { index: 1, value: none },
      { index: 3, value: hashOf(counter) },
      { index: 6, value: hashOf(keeper) },
      { index: 8, value: none },
    ]);
    // The counter's code ran once, in the authority's storage; the keeper's only looked.
    expect(produced.layer.storage(authority.address, 0n)).toBe(1n);
    expect(listed(accessList, authority.address)?.codeChanges.map(({ index }) => index)).toEqual([2, 5, 7]);
  });
});

describe('a run that turns out invalid leaves nothing', () => {
  const counter = programAddress('counter');

  test('never valid: its writes, its sender and its index are not there', async () => {
    const { produced } = await run({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: counter }),
        signed({ from: person(1), nonce: 7n, to: counter }),
        signed({ from: person(2), nonce: 0n, to: counter, value: 11n * ETHER }),
        signed({ from: person(3), nonce: 0n, to: counter }),
      ],
    });
    const { outcome, layer } = produced;
    expect(outcome.rejected).toHaveLength(2);
    expect(layer.storage(counter, 0n)).toBe(2n);
    expect(listed(outcome.accessList, counter)?.storageChanges[0]?.changes).toEqual([
      { index: 1, value: 1n },
      { index: 2, value: 2n },
    ]);
    expect(listed(outcome.accessList, person(1).address)).toBeUndefined();
    expect(listed(outcome.accessList, person(2).address)).toBeUndefined();
  });

  test('valid on the parent state, not where it stands: an authorization has used its nonce', async () => {
    const { produced } = await run({
      transactions: [
        signed({
          from: person(0),
          nonce: 0n,
          to: person(3).address,
          authorizations: [authorization(person(1), counter, 0n)],
        }),
        signed({ from: person(1), nonce: 0n, to: counter }),
        signed({ from: person(2), nonce: 0n, to: counter }),
      ],
    });
    expect(produced.outcome.rejected.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^nonce too low/)]);
    expect(produced.layer.storage(counter, 0n)).toBe(1n);
    expect(produced.layer.account(person(1).address)).toMatchObject({ nonce: 1n, balance: 10n * ETHER });
  });

  test('not valid on the parent state, valid where it stands: its sender has got ether before it', async () => {
    const poor = signer(50);
    const { produced } = await run({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: poor.address, value: ETHER }),
        signed({ from: poor, nonce: 0n, to: counter }),
      ],
    });
    expect(statuses(produced.outcome)).toEqual([1, 1]);
    expect(produced.layer.storage(counter, 0n)).toBe(1n);
  });

  test('valid on the parent state, not where it stands: its sender has no ether left', async () => {
    const spender = person(1);
    const { produced } = await run({
      transactions: [
        signed({
          from: spender,
          nonce: 0n,
          to: person(2).address,
          value: 10n * ETHER - feeOf(21_000n),
          gasLimit: 21_000n,
        }),
        signed({ from: spender, nonce: 1n, to: counter }),
        signed({ from: person(3), nonce: 0n, to: counter }),
      ],
    });
    expect(produced.outcome.rejected.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^insufficient funds/),
    ]);
    expect(produced.layer.account(spender.address)).toMatchObject({ nonce: 1n, balance: 0n });
    expect(produced.layer.storage(counter, 0n)).toBe(1n);
  });
});

describe('who looks at the fee recipient sees every tip before it', () => {
  const reader = programAddress('coinbaseReader');
  const transfer = (n: number, nonce: bigint): ReturnType<typeof signed> =>
    signed({ from: person(n), nonce, to: person(5).address, value: 1n, gasLimit: 21_000n });

  test('BALANCE(COINBASE)', async () => {
    const { produced, counts } = await run({
      transactions: [transfer(0, 0n), signed({ from: person(3), nonce: 0n, to: reader }), transfer(1, 0n)],
    });
    expect(produced.layer.storage(reader, 0n)).toBe(21_000n * TIP);
    expect(counts.reexecutions).toBeGreaterThan(0);
  });

  test('the recipient spends tips that it did not have before the chunk', async () => {
    const { produced } = await run({
      transactions: [
        transfer(0, 0n),
        transfer(1, 0n),
        transfer(2, 0n),
        signed({ from: COINBASE, nonce: 0n, to: person(4).address, value: 3n, gasLimit: 21_000n }),
      ],
    });
    expect(statuses(produced.outcome)).toEqual([1, 1, 1, 1]);
    const earned = 4n * 21_000n * TIP - feeOf(21_000n) - 3n;
    expect(produced.layer.account(COINBASE.address)).toMatchObject({ nonce: 1n, balance: earned });
  });

  test('a contract as recipient: its own code reads its balance', async () => {
    const { produced } = await run({
      coinbase: reader,
      transactions: [transfer(0, 0n), transfer(1, 0n), signed({ from: person(3), nonce: 0n, to: reader })],
    });
    expect(produced.layer.storage(reader, 0n)).toBe(42_000n * TIP);
  });

  test('a recipient that is born and dies in a transaction loses that transaction’s tip, and no other', async () => {
    const factory = programAddress('saltedFactory');
    const dying = hexToBytes('0x33ff');
    const coinbase = saltedAddress(factory, dying);
    const { produced } = await run({
      coinbase,
      transactions: [
        transfer(0, 0n),
        signed({ from: person(3), nonce: 0n, to: factory, data: dying }),
        transfer(1, 0n),
        signed({ from: person(4), nonce: 0n, to: factory, data: dying }),
      ],
    });
    const { outcome, layer } = produced;
    expect(statuses(outcome)).toEqual([1, 1, 1, 1]);
    // What it had went to its creator as it died; the tip came after that, to an account about to go.
    expect(layer.account(factory)?.balance).toBe(2n * 21_000n * TIP);
    expect(layer.account(coinbase)).toBeNull();
    const tips = outcome.executed.filter((_, i) => i % 2 === 1).reduce((sum, { gasUsed }) => sum + gasUsed * TIP, 0n);
    expect(outcome.burned).toBe(outcome.gasUsed * BASE_FEE + tips);
  });

  test('the same as the first transaction of its chunk', async () => {
    const factory = programAddress('saltedFactory');
    const dying = hexToBytes('0x33ff');
    const coinbase = saltedAddress(factory, dying);
    const { produced } = await run({
      coinbase,
      transactions: [signed({ from: person(3), nonce: 0n, to: factory, data: dying })],
    });
    expect(statuses(produced.outcome)).toEqual([1]);
    expect(produced.layer.account(coinbase)).toBeNull();
  });

  test('a tip of nothing lists the recipient all the same', async () => {
    const block = blockOf({ transactions: [] });
    const free = { ...block.context, baseFees: [BASE_FEE + TIP] };
    const { produced } = await checkAll({ ...block, context: free, candidates: [transfer(0, 0n)] });
    expect(listed(produced.outcome.accessList, COINBASE.address)).toMatchObject({ balanceChanges: [] });
  });
});

describe('a write that changes nothing is a read', () => {
  for (const name of ['keeper', 'restorer'] as const) {
    test(`${name}: listed as read, and a list that has it as a write is not accepted`, async () => {
      const address = programAddress(name);
      const block = blockOf({
        transactions: [0, 1, 2].map((n) =>
          signed({ from: person(n), nonce: 0n, to: address, data: bigintToBytes(4n, 32) }),
        ),
      });
      const { produced } = await checkAll(block);
      const { accessList } = produced.outcome;
      expect(listed(accessList, address)).toMatchObject({ storageReads: [4n], storageChanges: [] });
      const asWrite = accessList.map((account) =>
        account.address === address
          ? { ...account, storageReads: [], storageChanges: [{ slot: 4n, changes: [{ index: 1, value: 0n }] }] }
          : account,
      );
      await expectRefused(block, produced.outcome, asWrite);
    });
  }
});

describe('what gas could not pay for is not listed', () => {
  const edge = programAddress('edge');
  const argument = signer(60).address;
  /** 21,000 and 12 zero, 20 other bytes of call data. */
  const intrinsic = 21_000n + 12n * 4n + 20n * 16n;
  const upToSecondRead = intrinsic + 2n + 2_100n + 2n + 2n + 3n + 2_100n;
  const upToBalance = upToSecondRead + 2n + 2n + 3n + 2_600n;
  const reach = (gasLimit: bigint): Promise<BlockReport> =>
    run({ transactions: [signed({ from: person(0), nonce: 0n, to: edge, data: wordOf(argument), gasLimit })] });

  test('one gas short of the second SLOAD', async () => {
    const { outcome } = (await reach(upToSecondRead - 1n)).produced;
    expect(statuses(outcome)).toEqual([0]);
    expect(listed(outcome.accessList, edge)?.storageReads).toEqual([0n]);
    expect(listed(outcome.accessList, argument)).toBeUndefined();
  });

  test('enough for it, one gas short of BALANCE', async () => {
    const { outcome } = (await reach(upToBalance - 1n)).produced;
    expect(statuses(outcome)).toEqual([0]);
    expect(listed(outcome.accessList, edge)?.storageReads).toEqual([0n, BigInt(argument)]);
    expect(listed(outcome.accessList, argument)).toBeUndefined();
  });

  test('enough for all: listed, and a list without it is not accepted, nor one with it before', async () => {
    const enough = blockOf({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: edge, data: wordOf(argument), gasLimit: upToBalance + 2n }),
      ],
    });
    const { produced } = await checkAll(enough);
    const { accessList } = produced.outcome;
    expect(statuses(produced.outcome)).toEqual([1]);
    expect(listed(accessList, argument)).toBeDefined();
    const without = accessList.filter(({ address }) => address !== argument);
    await expectRefused(enough, produced.outcome, without);
    const short = blockOf({
      transactions: [
        signed({ from: person(0), nonce: 0n, to: edge, data: wordOf(argument), gasLimit: upToBalance - 1n }),
      ],
    });
    const truth = await SEQUENTIAL.build(short);
    const entry = known(listed(accessList, argument));
    const padded = [...truth.outcome.accessList, entry].sort((a, b) => (a.address < b.address ? -1 : 1));
    await expectRefused(short, truth.outcome, padded);
  });
});
