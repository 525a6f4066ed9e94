import { bytesToHex, hexToBytes } from '@heddle/primitives';
import {
  type Address,
  encodeImpersonated,
  type FeeMarketTransaction,
  isImpersonated,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChunkOutcome, executeSection, executeTransaction, type SectionOutcome } from '../src/index.ts';
import { packTransactions, TransactionUnpacker } from '../src/threads/packed-transactions.ts';
import { COUNTER, initCodeOf } from './support/chunk-programs.ts';
import { environment, testWorld } from './support/evm-world.ts';
import { AWAY, alice, bob, type Case, caseOf, GWEI, HERE, NEARBY, produce, THERE } from './support/local-case.ts';
import { sectionContext, statesWith } from './support/section-case.ts';

/** A contract of shard 0 that takes what comes. */
const PROGRAMS: Case & { readonly programs: readonly Address[] } = caseOf(['00']);
const [PROGRAM = NEARBY] = PROGRAMS.programs;

const fields: fc.Arbitrary<FeeMarketTransaction> = fc.record({
  type: fc.constant(2 as const),
  chainId: fc.constantFrom(31_337n, 31_337n, 31_337n, 1n),
  nonce: fc.constantFrom(0n, 0n, 0n, 1n),
  maxPriorityFeePerGas: fc.bigInt({ min: 0n, max: GWEI }),
  maxFeePerGas: fc.bigInt({ min: GWEI, max: 9n * GWEI }),
  gasLimit: fc.bigInt({ min: 20_000n, max: 300_000n }),
  to: fc.constantFrom(null, HERE, THERE, PROGRAM, NEARBY, AWAY, bob.address, alice.address),
  value: fc.bigInt({ min: 0n, max: 10n ** 18n }),
  data: fc.constantFrom(new Uint8Array(0), initCodeOf(COUNTER), hexToBytes('0x5f5ffd')),
  accessList: fc.constantFrom([], [{ address: HERE, storageKeys: [] }]),
});

/** What is left of an outcome when nobody looks at the transactions themselves. */
function ofChunk({ executed, changes, accessList, gasUsed, rejected, tips, burned }: ChunkOutcome): unknown {
  const receipts = executed.map(({ receipt }) => receipt);
  const reasons = rejected.map(({ reason, permanent, isRemote }) => ({ reason, permanent, isRemote }));
  return { receipts, changes, accessList, gasUsed, reasons, tips, burned };
}

function ofSection({ executed, changes, accessLists, gasUsed }: SectionOutcome): unknown {
  return { receipts: executed.map(({ receipt }) => receipt), changes, accessLists, gasUsed };
}

/** What the transaction does, or why it is refused. */
function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

function alone(transaction: RecoveredTransaction): unknown {
  const world = testWorld({ [alice.address]: { balance: 10n ** 19n }, [HERE]: { code: bytesToHex(COUNTER) } });
  world.beginIndex(1);
  const { outcome, burned } = executeTransaction(world, { ...environment, baseFeePerGas: GWEI }, transaction);
  return { outcome, burned, changes: world.changes(), accessList: world.accessList() };
}

describe('an impersonated transaction does what a signed one of the same fields does', () => {
  const same = (run: (transaction: RecoveredTransaction) => unknown): void =>
    fc.assert(
      fc.property(fields, (what) => {
        const signed = outcomeOf(() => run(signTransaction(what, alice.privateKey)));
        expect(outcomeOf(() => run(encodeImpersonated(what, alice.address)))).toEqual(signed);
      }),
      { numRuns: 60 },
    );

  test('on one shard', () => same(alone));
  test('in a chunk of two shards', () => same((transaction) => ofChunk(produce(PROGRAMS, [transaction]))));
  test('in a section', () => {
    const states = statesWith([{ address: HERE, code: COUNTER, shard: 0 }]);
    same((transaction) => ofSection(executeSection(sectionContext(), states, [transaction])));
  });
});

test('a contract is a sender when it is impersonated, and never otherwise (EIP-3607)', () => {
  const what = {
    type: 2,
    chainId: 31_337n,
    nonce: 1n,
    maxPriorityFeePerGas: 0n,
    maxFeePerGas: GWEI,
    gasLimit: 21_000n,
    to: NEARBY,
    value: 1n,
    data: new Uint8Array(0),
    accessList: [],
  } as const;
  const rich: RecoveredTransaction = {
    ...signTransaction({ ...what, nonce: 0n, to: PROGRAM, value: 10n ** 18n, gasLimit: 60_000n }, alice.privateKey),
  };
  const pretended = { ...signTransaction(what, alice.privateKey), sender: PROGRAM };
  const refused = produce(PROGRAMS, [rich, pretended]);
  expect(refused.rejected).toMatchObject([{ reason: expect.stringContaining('sender not an eoa'), permanent: true }]);
  const taken = produce(PROGRAMS, [rich, encodeImpersonated(what, PROGRAM)]);
  expect(taken.rejected).toEqual([]);
  expect(taken.executed.map(({ receipt }) => receipt)).toMatchObject([{ status: 1 }, { status: 1, type: 2 }]);
  expect(taken.changes.accounts.get(PROGRAM)?.nonce).toBe(2n);
});

test('threads get its sender with its bytes', () => {
  fc.assert(
    fc.property(fields, (what) => {
      const { sender, ...signed } = encodeImpersonated(what, PROGRAM);
      const unpacked = new TransactionUnpacker(packTransactions([signed])).recovered(0);
      expect(unpacked).toEqual({ ...signed, sender });
      expect(unpacked !== null && isImpersonated(unpacked)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
