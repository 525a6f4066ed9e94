import { concatBytes, hexToBytes } from '@heddle/primitives';
import { createShardRules, home } from '@heddle/sharding';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  PRECOMPILE_ADDRESSES,
  type RecoveredTransaction,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { saltedAddress } from '../scripts/equivalence/programs.ts';
import { executeChunk, InvalidChunkError, produceChunk } from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, type Person } from './support/chunk-people.ts';
import { COUNTER, creationAddress, initCodeOf, wordOf } from './support/chunk-programs.ts';
import {
  AWAY,
  alice,
  authorize,
  bob,
  burner,
  type Case,
  carol,
  caseOf,
  delegated,
  ETHER,
  factory,
  GWEI,
  HERE,
  NEARBY,
  produce,
  rules,
  SALTED_FACTORY,
  saltedFactory,
  send,
  THERE,
} from './support/local-case.ts';

/*
 * Which transactions may be in a chunk of shard 0 of 2. Every case is produced and executed: what a producer leaves to the
 * section makes a chunk invalid that holds it all the same.
 */

/** Precompiles at home on shard 0 and on shard 1. */
const { ripemd160: HOME_PRECOMPILE, identity: AWAY_PRECOMPILE } = PRECOMPILE_ADDRESSES;

/** 'local', or the account of another shard that it touches. A chunk with it is invalid then, and says so. */
function verdict(given: Case, transaction: RecoveredTransaction): 'local' | Address {
  const { included, rejected } = produce(given, [transaction]);
  const { context, state } = given;
  const [refusal] = rejected;
  if (refusal === undefined) {
    expect(executeChunk(context, state, rules, included).included).toEqual([transaction]);
    return 'local';
  }
  expect(refusal).toMatchObject({ isRemote: true, permanent: false });
  try {
    executeChunk(context, state, rules, [transaction]);
  } catch (error) {
    if (!(error instanceof InvalidChunkError)) throw error;
    expect(error.facts).toMatchObject({ position: 0, transactionHash: transaction.hash, reason: refusal.reason });
    return addressIn(refusal.reason);
  }
  throw new Error('a chunk with a remote transaction is valid');
}

function addressIn(reason: string): Address {
  const found = /^it touches (0x[0-9a-f]{40}), which resides on another shard$/.exec(reason)?.[1];
  if (found === undefined) throw new Error(`a reason without an address: ${reason}`);
  return `0x${found.slice(2)}`;
}

/** Bytecode that reaches for an account. */
const push = (address: Address): string => `73${address.slice(2)}`;
const WAYS: Readonly<Record<string, (address: Address) => string>> = {
  BALANCE: (address) => `${push(address)}31`,
  EXTCODESIZE: (address) => `${push(address)}3b`,
  EXTCODECOPY: (address) => `5f5f5f${push(address)}3c`,
  EXTCODEHASH: (address) => `${push(address)}3f`,
  CALL: (address) => `5f5f5f5f5f${push(address)}5af1`,
  'CALL with value': (address) => `5f5f5f5f6001${push(address)}5af1`,
  CALLCODE: (address) => `5f5f5f5f5f${push(address)}5af2`,
  'CALLCODE with value': (address) => `5f5f5f5f6001${push(address)}5af2`,
  DELEGATECALL: (address) => `5f5f5f5f${push(address)}5af4`,
  STATICCALL: (address) => `5f5f5f5f${push(address)}5afa`,
  SELFDESTRUCT: (address) => `${push(address)}ff`,
};
const NAMES = Object.keys(WAYS);

function way(name: string, address: Address): string {
  const code = WAYS[name]?.(address);
  if (code === undefined) throw new Error(`there is no way ${name}`);
  return code;
}

/** What a transaction is that calls a contract which reaches for `address` in this way. */
function byContract(name: string, address: Address): 'local' | Address {
  const given = caseOf([way(name, address)]);
  return verdict(given, send({ to: given.programs[0] ?? NEARBY }));
}

describe('a contract touches', () => {
  test.each(NAMES)('by %s what lives elsewhere, born or not, at home there or listed', (name) => {
    for (const address of [AWAY, bob.address, THERE]) expect(byContract(name, address)).toBe(address);
  });

  test.each(NAMES)('by %s what lives here, which is local', (name) => {
    for (const address of [NEARBY, carol.address, HERE]) expect(byContract(name, address)).toBe('local');
  });

  test.each(NAMES)('by %s directory and messenger, which every shard has of its own', (name) => {
    for (const address of [DIRECTORY_ADDRESS, MESSENGER_ADDRESS]) expect(byContract(name, address)).toBe('local');
  });

  test('the account of what is replicated by code where it looks at more than the code', () => {
    const looks = ['BALANCE', 'EXTCODEHASH', 'CALL with value', 'SELFDESTRUCT'];
    for (const name of NAMES) {
      expect([name, byContract(name, HOME_PRECOMPILE)]).toEqual([name, 'local']);
      expect([name, byContract(name, AWAY_PRECOMPILE)]).toEqual([
        name,
        looks.includes(name) ? AWAY_PRECOMPILE : 'local',
      ]);
    }
  });

  test('the account after the code, too, and the other way round', () => {
    const both = [
      way('STATICCALL', AWAY_PRECOMPILE) + way('BALANCE', AWAY_PRECOMPILE),
      way('BALANCE', HOME_PRECOMPILE) + way('STATICCALL', HOME_PRECOMPILE),
    ];
    const given = caseOf(both);
    expect(given.programs.map((to) => verdict(given, send({ to })))).toEqual([AWAY_PRECOMPILE, 'local']);
  });

  test('what it calls through others, whatever they make of it', () => {
    // The outer call fails or not: the transaction is remote either way.
    const outer = `5f5f5f5f5f${push(addressOf(0, 2, 101))}61ffff f1 50 5f5ffd`.replaceAll(' ', '');
    const given = caseOf([outer, way('BALANCE', AWAY)]);
    expect(verdict(given, send({ to: addressOf(0, 2, 100) }))).toBe(AWAY);
  });

  test('nothing that its gas does not pay for', () => {
    const given = caseOf([way('BALANCE', AWAY), way('CALL with value', AWAY)]);
    const outcomes = [3n + 2_600n, 4n * 2n + 3n + 3n + 2n + 2_600n + 9_000n].map((needed, i) => {
      const to = addressOf(0, 2, 100 + i);
      return [21_000n + needed - 1n, 21_000n + needed].map((gasLimit) => verdict(given, send({ to, gasLimit })));
    });
    expect(outcomes).toEqual([
      ['local', AWAY],
      ['local', AWAY],
    ]);
  });
});

describe('on the shard that the history contracts are not at home of', () => {
  const other = createShardRules({ shard: 1, shardCount: 2 });

  test.each([HISTORY_STORAGE_ADDRESS, BEACON_ROOTS_ADDRESS])(
    '%s is called and read, not paid or looked at',
    (address) => {
      const names = ['STATICCALL', 'EXTCODESIZE', 'EXTCODECOPY', 'CALL', 'BALANCE', 'EXTCODEHASH', 'CALL with value'];
      const contracts = names.map((name, i) => {
        const code = hexToBytes(`0x${way(name, address)}`);
        return { address: addressOf(1, 2, 100 + i), shard: 1, code };
      });
      const network = new ChunkNetwork({
        shardCount: 2,
        balances: new Map([[bob.address, ETHER], ...contracts.map((contract) => [contract.address, 9n] as const)]),
        contracts,
        gasLimit: 30_000_000n,
        baseFeePerGas: GWEI,
        dispatch: false,
      });
      const candidates = contracts.map(({ address: to }, i) => send({ from: bob, nonce: BigInt(Math.min(i, 4)), to }));
      const context = network.context(1, bob.address);
      const outcome = produceChunk(context, network.state(1), other, candidates, context.gasLimit);
      expect(outcome.included).toEqual(candidates.slice(0, 4));
      expect(outcome.rejected.map(({ isRemote, reason }) => [isRemote, addressIn(reason)])).toEqual(
        names.slice(4).map(() => [true, address]),
      );
    },
  );
});

describe('a transaction touches', () => {
  test('its target, called or paid; warming touches nothing', () => {
    const given = caseOf([]);
    for (const value of [0n, 1n]) {
      for (const to of [AWAY, bob.address, THERE]) expect(verdict(given, send({ to, value }))).toBe(to);
      for (const to of [NEARBY, carol.address, HERE, HOME_PRECOMPILE]) {
        expect(verdict(given, send({ to, value }))).toBe('local');
      }
    }
    expect(verdict(given, send({ to: AWAY_PRECOMPILE }))).toBe('local');
    expect(verdict(given, send({ to: AWAY_PRECOMPILE, value: 1n }))).toBe(AWAY_PRECOMPILE);
    const accessList = [AWAY, THERE].map((address) => ({ address, storageKeys: [`0x${'00'.repeat(32)}` as const] }));
    expect(verdict(given, send({ to: HERE, accessList }))).toBe('local');
  });

  test('not its coinbase, whose tips are the section’s to credit; COINBASE’s balance is', () => {
    const given = caseOf(['4131'], bob.address);
    const transaction = send({ to: HERE });
    expect(verdict(given, transaction)).toBe('local');
    const { tips, executed, accessList } = produce(given, [transaction]);
    expect(tips).toBe((executed[0]?.gasUsed ?? 0n) * GWEI);
    expect(accessList.some(({ address }) => address === bob.address)).toBe(false);
    expect(verdict(given, send({ to: given.programs[0] ?? NEARBY }))).toBe(bob.address);
    expect(produce(caseOf([]), [transaction]).tips).toBe(0n);
  });

  test('an authority as soon as signature, chain and nonce bound pass', () => {
    const given = caseOf([]);
    expect(verdict(given, authorize([carol], HERE, HERE))).toBe('local');
    expect(verdict(given, authorize([carol, bob], HERE, HERE))).toBe(bob.address);
    // Its nonce is looked up in its account.
    expect(verdict(given, authorize([bob], HERE, HERE, 7n))).toBe(bob.address);
    expect(verdict(given, authorize([bob], HERE, HERE, 2n ** 64n - 1n))).toBe('local');
  });

  test('a delegate when a call loads it, and not before', () => {
    const given = caseOf([way('EXTCODESIZE', delegated), way('BALANCE', delegated), way('CALL', delegated)]);
    expect(verdict(given, authorize([carol], THERE, HERE))).toBe('local');
    expect(verdict(given, authorize([carol], THERE, carol.address))).toBe(THERE);
    expect(verdict(given, send({ to: delegated }))).toBe(THERE);
    expect(given.programs.map((to) => verdict(given, send({ to })))).toEqual(['local', 'local', THERE]);
  });
});

describe('a creation touches the address that it creates', () => {
  const nonceAt = (creator: Address, shard: number, first: bigint): bigint => {
    for (let nonce = first; ; nonce += 1n) if (home(creationAddress(creator, nonce), 2) === shard) return nonce;
  };
  /** Init code with a byte behind it that nobody reads, so that CREATE2 has many addresses to give. */
  const initCodeAt = (shard: number): { readonly initCode: Uint8Array; readonly address: Address } => {
    for (let salt = 0; ; salt += 1) {
      const initCode = concatBytes(initCodeOf(COUNTER), Uint8Array.of(salt));
      const address = saltedAddress(saltedFactory, initCode);
      if (home(address, 2) === shard) return { initCode, address };
    }
  };

  test('by transaction', () => {
    const given = caseOf([]);
    for (const shard of [0, 1]) {
      const nonce = nonceAt(alice.address, shard, 0n);
      const before = Array.from({ length: Number(nonce) }, (_, i) => send({ nonce: BigInt(i), to: HERE }));
      const creation = send({ nonce, to: null, data: initCodeOf(COUNTER) });
      const outcome = produce(given, [...before, creation]);
      expect(outcome.included).toEqual(shard === 0 ? [...before, creation] : before);
      const created = creationAddress(alice.address, nonce);
      expect(outcome.rejected.map(({ reason }) => addressIn(reason))).toEqual(shard === 0 ? [] : [created]);
      // At home there is nothing to list.
      expect(outcome.changes.storage.has(DIRECTORY_ADDRESS)).toBe(false);
      if (shard === 0) expect(outcome.executed.at(-1)?.contractAddress).toBe(created);
    }
  });

  test('by CREATE and CREATE2, the gas being Ethereum’s', () => {
    const given = caseOf([]);
    const first = creationAddress(factory, 1n);
    const expected = home(first, 2) === 0 ? 'local' : first;
    expect(verdict(given, send({ to: factory, data: initCodeOf(COUNTER) }))).toBe(expected);
    const away = initCodeAt(1);
    expect(verdict(given, send({ to: saltedFactory, data: away.initCode }))).toBe(away.address);
    const near = send({ to: saltedFactory, data: initCodeAt(0).initCode });
    expect(verdict(given, near)).toBe('local');
    expect(produce(given, [near]).executed[0]?.gasUsed).toBe(gasOnOneShard(near));
  });

  test('at an address that the directory has elsewhere: it is remote, as a call of it is', () => {
    const { initCode, address } = initCodeAt(0);
    const network = new ChunkNetwork({
      shardCount: 2,
      balances: new Map([[alice.address, ETHER]]),
      contracts: [
        { address: saltedFactory, shard: 0, code: SALTED_FACTORY },
        { address, shard: 1, code: COUNTER },
      ],
      gasLimit: 30_000_000n,
      baseFeePerGas: GWEI,
      dispatch: false,
    });
    const given = { network, context: network.context(0, NEARBY), state: network.state(0) };
    expect(verdict(given, send({ to: saltedFactory, data: initCode }))).toBe(address);
    expect(verdict(given, send({ to: address }))).toBe(address);
  });

  function gasOnOneShard(transaction: RecoveredTransaction): bigint {
    const network = new ChunkNetwork({
      shardCount: 1,
      balances: new Map([[alice.address, ETHER]]),
      contracts: [{ address: saltedFactory, shard: 0, code: SALTED_FACTORY }],
      gasLimit: 30_000_000n,
      baseFeePerGas: GWEI,
      dispatch: false,
    });
    const [outcome] = network.addBlock({ candidates: [[transaction]], missing: new Set(), coinbases: [] });
    return outcome?.executed[0]?.gasUsed ?? 0n;
  }
});

describe('gas of attempts', () => {
  const burning = (person: Person, nonce: bigint, gasLimit: bigint): RecoveredTransaction =>
    send({ from: person, nonce, to: burner, data: wordOf(AWAY), gasLimit });

  test('ends a chunk when it is an eighth of its target; what a transfer used first does not count', () => {
    const given = caseOf([]);
    // 3.75 million of 30 million: two attempts of 1.44 million are less, three are more.
    const candidates = [
      send({ from: carol, to: HERE }),
      ...[0n, 0n, 0n, 0n].map((nonce) => burning(alice, nonce, 1_500_000n)),
      send({ from: carol, nonce: 1n, to: HERE }),
    ];
    const outcome = produce(given, candidates);
    expect(outcome.rejected).toHaveLength(3);
    expect(outcome.included).toEqual(candidates.slice(0, 1));
    // With one attempt less it goes on.
    const fewer = [...candidates.slice(0, 3), ...candidates.slice(5)];
    expect(produce(given, fewer).included).toEqual([candidates[0], candidates[5]]);
  });

  test('counts what was executed, not what is declared, and the intrinsic gas where nothing was', () => {
    const given = caseOf([way('BALANCE', AWAY)]);
    const attempt = send({ to: given.programs[0] ?? NEARBY, gasLimit: 10_000_000n });
    const attemptsOf = (candidate: RecoveredTransaction): number =>
      produce(
        given,
        Array.from({ length: 400 }, () => candidate),
      ).rejected.length;
    // 21,000 + 3 + 2,600 each, until it is 3.75 million.
    expect(attemptsOf(attempt)).toBe(159);
    const authorities = Array.from({ length: 9 }, () => carol);
    const foreign = authorize([...authorities, bob], HERE, HERE);
    // Ten authorizations are recovered before the last turns out to be foreign: 271,000 gas each time.
    expect(attemptsOf(foreign)).toBe(14);
    expect(attemptsOf(send({ to: AWAY }))).toBe(179);
  });
});
