import { bigintToBytes, bytesToHex, concatBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAddress } from '../src/evm/creates.ts';
import { AccessPredictor } from '../src/lanes/predict/access-predictor.ts';
import { HASHES_PER_PREDICTION, PREDICTED_FUNCTIONS, TEMPLATES_PER_FUNCTION } from '../src/limits.ts';
import {
  callData,
  compileContracts,
  type Execution,
  LearningChain,
  surprises,
  teach,
} from './support/learning-chain.ts';
import { unsigned } from './support/unsigned.ts';

function person(n: number): Address {
  return bytesToHex(bigintToBytes(2n ** 159n + BigInt(n) * 0x1234_5678_9abc_def1n, 20));
}

const [ALICE, BOB, CAROL, DAVE] = [person(1), person(2), person(3), person(4)] as const;
const PEOPLE = [ALICE, BOB, CAROL, DAVE, person(5), person(6), person(7), person(8)] as const;
const PLENTY = 10n ** 30n;

const somebody = fc.constantFrom(...PEOPLE);
const anyAddress = fc.oneof(
  somebody,
  fc.bigInt(2n ** 100n, 2n ** 160n - 1n).map((word) => bytesToHex(bigintToBytes(word, 20))),
);
const amount = fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 10n ** 15n));

let contracts: Readonly<Record<string, { readonly bytecode: string }>>;
/** Contracts on a chain where all people have some of each token, and have allowed all others and the pair to take it. */
let chain: LearningChain;
let loom: Address;
let silk: Address;
let pair: Address;
let ledger: Address;

function bytecodeOf(name: string): string {
  const contract = contracts[name];
  if (contract === undefined) throw new Error(`no contract ${name}`);
  return contract.bytecode;
}

function word(value: bigint | Address): Uint8Array {
  return bigintToBytes(BigInt(value), 32);
}

beforeAll(() => {
  contracts = compileContracts();
  chain = new LearningChain(PEOPLE);
  loom = chain.deploy(ALICE, bytecodeOf('Token'), word(PLENTY));
  silk = chain.deploy(ALICE, bytecodeOf('Token'), word(PLENTY));
  pair = chain.deploy(ALICE, bytecodeOf('Pair'), word(loom), word(silk));
  ledger = chain.deploy(ALICE, bytecodeOf('Ledger'));
  for (const token of [loom, silk]) {
    for (const receiver of [...PEOPLE, pair]) transfer(token, ALICE, receiver, 10n ** 20n);
    for (const owner of PEOPLE) for (const spender of [...PEOPLE, pair]) approve(token, owner, spender, 10n ** 20n);
  }
  chain.must({ from: ALICE, to: pair, data: callData('add()') });
  for (const from of PEOPLE) chain.must({ from, to: ledger, value: 10n ** 18n });
});

function transfer(token: Address, from: Address, to: Address, value: bigint): Execution {
  return chain.must({ from, to: token, data: callData('transfer(address,uint256)', to, value) });
}

function approve(token: Address, from: Address, spender: Address, value: bigint): Execution {
  return chain.must({ from, to: token, data: callData('approve(address,uint256)', spender, value) });
}

function transferFrom(from: Address, owner: Address, to: Address, value: bigint): Execution {
  return chain.must({ from, to: loom, data: callData('transferFrom(address,address,uint256)', owner, to, value) });
}

function buy(from: Address, paid: bigint, to: Address): Execution {
  return chain.must({ from, to: pair, data: callData('buy(uint256,address)', paid, to) });
}

function withdraw(from: Address, value: bigint): Execution {
  return chain.must({ from, to: ledger, data: callData('withdraw(uint256)', value) });
}

function spend(from: Address, purpose: bigint, to: Address, value: bigint): Execution {
  return chain.must({ from, to: ledger, data: callData('spend(bytes32,address,uint256)', purpose, to, value) });
}

function give(from: Address, item: bigint, to: Address): Execution {
  return chain.must({ from, to: ledger, data: callData('give(uint256,address)', item, to) });
}

/** After `sample`, whatever `arbitrary` executes was foretold, every change as such. */
function foretellsAll<Args>(sample: Execution, arbitrary: fc.Arbitrary<Args>, run: (args: Args) => Execution): void {
  const predictor = new AccessPredictor();
  teach(predictor, sample);
  fc.assert(
    fc.property(arbitrary, (args) => {
      expect(surprises(predictor, run(args))).toEqual([]);
    }),
    { numRuns: 60 },
  );
}

describe('after one execution every other call of the function is foretold', () => {
  test('ERC-20 transfer', () => {
    foretellsAll(transfer(loom, ALICE, BOB, 1_000n), fc.tuple(somebody, anyAddress, amount), ([from, to, value]) =>
      transfer(loom, from, to, value),
    );
  });

  test('ERC-20 approve', () => {
    foretellsAll(approve(silk, ALICE, BOB, 999n), fc.tuple(somebody, anyAddress, amount), ([from, spender, value]) =>
      approve(silk, from, spender, value),
    );
  });

  test('though the amount of the sample equals the number of a slot', () => {
    // OpenZeppelin's allowances are slot 1.
    foretellsAll(approve(silk, ALICE, BOB, 1n), fc.tuple(somebody, anyAddress, amount), ([from, spender, value]) =>
      approve(silk, from, spender, value),
    );
  });

  test('ERC-20 transferFrom', () => {
    const parties = fc.tuple(somebody, somebody, anyAddress, amount);
    foretellsAll(transferFrom(ALICE, BOB, CAROL, 1_000n), parties, ([from, owner, to, value]) =>
      transferFrom(from, owner, to, value),
    );
  });

  test('a swap over two tokens: reserves, lock, allowance, and the balances of sender, pair and receiver', () => {
    foretellsAll(buy(ALICE, 10n ** 6n, BOB), fc.tuple(somebody, amount, anyAddress), ([from, paid, to]) =>
      buy(from, paid + 10n ** 6n, to),
    );
  });

  test('and nothing else is: what is foretold of a transfer is touched', () => {
    const predictor = new AccessPredictor();
    teach(predictor, transfer(loom, ALICE, BOB, 1_000n));
    const { transaction, accesses } = transfer(loom, CAROL, DAVE, 5n);
    const foretold = new Set(predictor.predict(transaction).slots.map(({ slot }) => slot));
    const touched = accesses.touched.flatMap(({ slots }) => slots.map(({ slot }) => slot));
    expect(foretold).toEqual(new Set(touched));
  });

  test('a struct in a mapping; the contract and the sender are paid', () => {
    foretellsAll(withdraw(ALICE, 1_000n), fc.tuple(somebody, amount), ([from, value]) => withdraw(from, value));
  });

  test('a mapping in a struct in a mapping; an account that the call data names is paid', () => {
    const parties = fc.tuple(somebody, fc.bigInt(0n, 2n ** 256n - 1n), anyAddress, amount);
    foretellsAll(spend(ALICE, 77n, BOB, 1_000n), parties, ([from, purpose, to, value]) =>
      spend(from, purpose, to, value),
    );
  });

  test('a mapping whose keys are small numbers', () => {
    let next = 100n;
    foretellsAll(give(ALICE, next, BOB), fc.tuple(somebody, anyAddress), ([from, to]) => {
      next += 1n;
      return give(from, next, to);
    });
  });

  test('a payment without data to a contract', () => {
    foretellsAll(chain.must({ from: ALICE, to: ledger, value: 5n }), fc.tuple(somebody, amount), ([from, value]) =>
      chain.must({ from, to: ledger, value }),
    );
  });

  test('a creation: the new account and its storage', () => {
    const create = (from: Address, supply: bigint): Execution =>
      chain.must({ from, to: null, data: concatBytes(hexToBytes(bytecodeOf('Token')), word(supply)) });
    foretellsAll(create(ALICE, 1_000n), fc.tuple(somebody, amount), ([from, supply]) => create(from, supply));
  });
});

describe('what is foretold without knowledge', () => {
  const predictor = new AccessPredictor();

  test('the sender is written, the target when value moves', () => {
    expect(predictor.predict(unsigned({ sender: ALICE, to: BOB, value: 1n }))).toEqual({
      accounts: [
        { address: ALICE, written: true },
        { address: BOB, written: true },
      ],
      slots: [],
    });
    expect(predictor.predict(unsigned({ sender: ALICE, to: BOB })).accounts).toContainEqual({
      address: BOB,
      written: false,
    });
  });

  test('a creation writes the account that it creates', () => {
    expect(predictor.predict(unsigned({ sender: ALICE, nonce: 7n, to: null })).accounts).toContainEqual({
      address: createAddress(ALICE, 7n),
      written: true,
    });
  });

  test('an access list is read (EIP-2930)', () => {
    const accessList = [{ address: CAROL, storageKeys: [bytesToHex(word(9n))] }];
    const prediction = predictor.predict(unsigned({ sender: ALICE, to: BOB, accessList }));
    expect(prediction.accounts).toContainEqual({ address: CAROL, written: false });
    expect(prediction.slots).toEqual([{ address: CAROL, slot: 9n, written: false }]);
  });

  test('a slot of an access list that was learned as written is foretold as written', () => {
    const sample = transfer(loom, ALICE, BOB, 5n);
    const learned = new AccessPredictor();
    teach(learned, sample);
    const written = learned.predict(sample.transaction).slots.find((slot) => slot.written);
    if (written === undefined) throw new Error('a transfer writes');
    const accessList = [{ address: loom, storageKeys: [bytesToHex(word(written.slot))] }];
    const { data } = sample.transaction.fields;
    expect(learned.predict(unsigned({ sender: ALICE, to: loom, data, accessList })).slots).toContainEqual(written);
  });
});

describe('what does not apply is left out', () => {
  const spendAll = 'spend(bytes32,address,uint256)';

  function foretold(data: Uint8Array): readonly string[] {
    const predictor = new AccessPredictor();
    teach(predictor, spend(ALICE, 77n, BOB, 1_000n));
    const { accounts, slots } = predictor.predict(unsigned({ sender: CAROL, to: ledger, data }));
    return [...accounts.map(({ address }) => address), ...slots.map(({ address, slot }) => `${address}/${slot}`)];
  }

  test('a word that is no address, though one is expected there', () => {
    const all = foretold(callData(spendAll, 1n, DAVE, 1n));
    expect(all).toContain(DAVE);
    expect(foretold(callData(spendAll, 1n, 2n ** 160n + BigInt(DAVE), 1n))).toHaveLength(all.length - 1);
  });

  test('words beyond the end of the call data', () => {
    const all = foretold(callData(spendAll, 1n, DAVE, 1n));
    // The budget goes by the first word, the receiver by the second.
    expect(foretold(callData(spendAll, 1n, DAVE, 1n).subarray(0, 67))).toHaveLength(all.length - 1);
    expect(foretold(callData(spendAll))).toHaveLength(all.length - 2);
  });
});

describe('when a sample is asked for', () => {
  const toLoom = (data: Uint8Array) => unsigned({ sender: DAVE, to: loom, data });

  test('until a call of the same function of the same contract has succeeded', () => {
    const predictor = new AccessPredictor();
    const data = callData('transfer(address,uint256)', CAROL, 1n);
    expect(predictor.isUnknown(toLoom(data))).toBe(true);
    teach(predictor, transfer(loom, ALICE, BOB, 5n));
    expect(predictor.isUnknown(toLoom(data))).toBe(false);
    expect(predictor.isUnknown(toLoom(callData('approve(address,uint256)', CAROL, 1n)))).toBe(true);
    expect(predictor.isUnknown(unsigned({ sender: DAVE, to: silk, data }))).toBe(true);
  });

  test('not for a transfer without data, which leaves nothing behind', () => {
    const predictor = new AccessPredictor();
    const sample = chain.must({ from: ALICE, to: person(99), value: 1n });
    expect(predictor.isUnknown(sample.transaction)).toBe(false);
    teach(predictor, sample);
    expect(predictor.predict(sample.transaction)).toEqual(new AccessPredictor().predict(sample.transaction));
  });

  test('of a function that only ever fails, a few times', () => {
    const predictor = new AccessPredictor();
    const failed = chain.run({ from: ALICE, to: ledger, data: callData('withdraw(uint256)', PLENTY) });
    expect(failed.succeeded).toBe(false);
    teach(predictor, failed);
    expect(predictor.isUnknown(failed.transaction)).toBe(true);
    for (let i = 0; i < 3; i++) teach(predictor, failed);
    expect(predictor.isUnknown(failed.transaction)).toBe(false);
  });
});

describe('mistakes do not last', () => {
  test('a sample whose receiver is its sender is put right by the next one', () => {
    const predictor = new AccessPredictor();
    teach(predictor, transfer(loom, ALICE, ALICE, 5n));
    const next = transfer(loom, BOB, CAROL, 5n);
    expect(surprises(predictor, next)).not.toEqual([]);
    teach(predictor, next);
    expect(surprises(predictor, transfer(loom, DAVE, person(5), 5n))).toEqual([]);
  });

  test('a slot whose hash nobody saw is forgotten when the next calls do not touch it', () => {
    const predictor = new AccessPredictor();
    teach(predictor, { ...transfer(loom, ALICE, BOB, 5n), origins: new Map() });
    const other = transfer(loom, CAROL, DAVE, 5n);
    const stray = predictor.predict(other.transaction).slots;
    expect(stray).toHaveLength(2);
    for (let i = 0; i < 4; i++) teach(predictor, transfer(loom, CAROL, DAVE, 5n));
    const { slots } = predictor.predict(other.transaction);
    expect(slots).toHaveLength(2);
    expect(slots.some(({ slot }) => stray.some((before) => before.slot === slot))).toBe(false);
  });

  test('what was written once and then only read is foretold as read again', () => {
    const predictor = new AccessPredictor();
    teach(predictor, transfer(loom, ALICE, BOB, 5n));
    const writes = () =>
      predictor.predict(transfer(loom, ALICE, BOB, 0n).transaction).slots.map(({ written }) => written);
    expect(writes()).toEqual([true, true]);
    for (let i = 0; i < 16; i++) teach(predictor, transfer(loom, CAROL, DAVE, 0n));
    expect(writes()).toEqual([false, false]);
  });

  test('a failed execution takes nothing away, neither keys nor that they are written', () => {
    const predictor = new AccessPredictor();
    const sample = buy(ALICE, 10n ** 6n, BOB);
    teach(predictor, sample);
    const before = predictor.predict(sample.transaction);
    const reverted = chain.run({ from: BOB, to: pair, data: callData('buy(uint256,address)', PLENTY, BOB) });
    const data = callData('buy(uint256,address)', 5n, BOB);
    const outOfGas = chain.run({ from: BOB, to: pair, data, gasLimit: 23_000n });
    expect([reverted.succeeded, outOfGas.succeeded]).toEqual([false, false]);
    for (let i = 0; i < 40; i++) for (const failed of [reverted, outOfGas]) teach(predictor, failed);
    expect(predictor.predict(sample.transaction)).toEqual(before);
  });
});

describe('limits', () => {
  /** A call of ALICE's that touched `count` slots of BOB's account, named by `originOf`. */
  function touching(count: number, data: Uint8Array, originOf: (slot: bigint) => [bigint, bigint] | null): Execution {
    const base = transfer(loom, ALICE, BOB, 1n);
    const slots = Array.from({ length: count }, (_, i) => ({
      slot: 2n ** 200n + BigInt(i) * 100n,
      before: 0n,
      after: 1n,
    }));
    const origins = new Map(
      slots.flatMap(({ slot }) => {
        const origin = originOf(slot);
        return origin === null ? [] : [[slot, { first: origin[0], second: origin[1] }] as const];
      }),
    );
    const after = { nonce: 1n, balance: 0n, codeHash: `0x${'11'.repeat(32)}` } as const;
    const touched = [{ address: BOB, before: after, after, code: null, slots }];
    return {
      ...base,
      transaction: unsigned({ sender: ALICE, to: BOB, data }),
      accesses: { ...base.accesses, touched },
      origins,
    };
  }

  test('templates of one function', () => {
    const predictor = new AccessPredictor();
    const greedy = touching(10 * TEMPLATES_PER_FUNCTION, callData('f()'), () => null);
    for (let i = 0; i < 3; i++) teach(predictor, greedy);
    expect(predictor.predict(greedy.transaction).slots).toHaveLength(TEMPLATES_PER_FUNCTION - 1);
  });

  test('hashes of one prediction', () => {
    const predictor = new AccessPredictor();
    const greedy = touching(2 * HASHES_PER_PREDICTION, callData('f()'), (slot) => [2n * slot, 1n]);
    for (let i = 0; i < 3; i++) teach(predictor, greedy);
    expect(predictor.predict(greedy.transaction).slots).toHaveLength(HASHES_PER_PREDICTION);
  });

  test('hashes within hashes end, even when somebody claims that they do not', () => {
    const predictor = new AccessPredictor();
    const circular = touching(1, callData('f()'), (slot) => [slot, slot]);
    teach(predictor, circular);
    expect(predictor.predict(circular.transaction).slots.length).toBeLessThanOrEqual(1);
  });

  test('functions: the one learned longest ago goes first', () => {
    const predictor = new AccessPredictor();
    const nth = (n: number) => touching(1, concatBytes(word(BigInt(n)).subarray(28)), () => null);
    const [first, second] = [nth(0), nth(1)];
    teach(predictor, first);
    teach(predictor, second);
    teach(predictor, first);
    for (let n = 2; n <= PREDICTED_FUNCTIONS; n++) teach(predictor, nth(n));
    expect(predictor.isUnknown(second.transaction)).toBe(true);
    expect(predictor.isUnknown(first.transaction)).toBe(false);
  });
});
