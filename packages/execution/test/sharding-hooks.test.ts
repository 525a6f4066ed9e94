import { bytesToBigint, bytesToHex, hexToBytes } from '@heddle/primitives';
import { type Residence, remoteContractError, type ShardRules } from '@heddle/sharding';
import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { PLAIN_ETHEREUM } from '../scripts/plain-ethereum.ts';
import { executeDelivered, executeTransaction, nonLocalBalances, type World } from '../src/index.ts';
import { CONTRACT, callCode, environment, SENDER, type TestState, testWorld } from './support/evm-world.ts';
import { unsigned } from './support/unsigned.ts';

const REMOTE: Address = '0x4e00000000000000000000000000000000000001';
const STRANGER: Address = '0x4e00000000000000000000000000000000000002';
const DELEGATED: Address = '0x7702000000000000000000000000000000000000';
const DIRECTORY: Address = '0xd1000000000000000000000000000000000000d1';

/** Shard 0 of 2. The directory's word of an address is shard + 1; addresses that begin 0x4e live on shard 1. */
const rules: ShardRules = {
  shard: 0,
  shardCount: 2,
  creationGas: 5_000,
  residence(state, address): Residence {
    const word = state.storage(DIRECTORY, BigInt(address));
    if (word === 1n) return { kind: 'local' };
    if (word === 2n) return { kind: 'remoteContract', shard: 1 };
    return address.startsWith('0x4e') ? { kind: 'remoteAccount', shard: 1 } : { kind: 'local' };
  },
  placementWrites: (state, { address, shard }) =>
    state.storage(DIRECTORY, BigInt(address)) === 0n
      ? [{ address: DIRECTORY, slot: BigInt(address), value: BigInt(shard) + 1n }]
      : [],
  inboundCursors: () => [0n, 0n],
  sequence: () => ({ outbox: [], writes: [] }),
};
const REMOTE_ERROR = bytesToHex(remoteContractError(REMOTE, 1));
const listed: TestState = {
  [DIRECTORY]: { nonce: 1n, storage: { [REMOTE]: 2n } },
  [DELEGATED]: { nonce: 1n, code: `0xef0100${REMOTE.slice(2)}` },
};
/** Returns the success word and the return data of the call before it. */
const RETURN_RESULT = '5f523d5f60203e3d6020015ff3';

function execute(
  state: TestState,
  options: Parameters<typeof unsigned>[0],
): { world: World; outcome: ReturnType<typeof executeTransaction>['outcome'] } {
  const world = testWorld({ [SENDER]: { balance: 10n ** 18n }, ...listed, ...state });
  return { world, outcome: executeTransaction(world, environment, rules, unsigned(options)).outcome };
}

describe('a contract of another shard', () => {
  test.each([
    ['CALL', `5f5f5f5f600573${REMOTE.slice(2)}5af1`],
    ['CALLCODE', `5f5f5f5f600573${REMOTE.slice(2)}5af2`],
    ['DELEGATECALL', `5f5f5f5f73${REMOTE.slice(2)}5af4`],
    ['STATICCALL', `5f5f5f5f73${REMOTE.slice(2)}5afa`],
    ['CALL of an account delegated to it', `5f5f5f5f600573${DELEGATED.slice(2)}5af1`],
    ['STATICCALL of an account delegated to it', `5f5f5f5f73${DELEGATED.slice(2)}5afa`],
  ])('%s moves nothing and answers RemoteContract', (_name, call) => {
    const code = `0x${call}${RETURN_RESULT}`;
    const { returnData, status, world } = callCode({
      code,
      rules,
      state: { ...listed, [CONTRACT]: { code, nonce: 1n, balance: 9n } },
    });
    expect(status).toBe('success');
    expect(bytesToBigint(returnData.subarray(0, 32))).toBe(0n);
    expect(bytesToHex(returnData.subarray(32))).toBe(REMOTE_ERROR);
    expect(world.balance(CONTRACT)).toBe(9n);
    expect(world.balance(REMOTE)).toBe(0n);
  });

  test('costs the access only, whatever value and gas are given', () => {
    const run = (call: string): number => callCode({ code: `0x${call}00`, rules, state: listed }).gasUsed - 21_000;
    const operands = 7 * 3;
    expect(run(`5f5f5f5f600573${REMOTE.slice(2)}61fffff1`)).toBe(operands - 4 + 2_600);
    expect(run(`5f5f5f5f600573${DELEGATED.slice(2)}61fffff1`)).toBe(operands - 4 + 2 * 2_600);
  });

  test('its EXTCODESIZE is 0', () => {
    const { returnData } = callCode({ code: `0x73${REMOTE.slice(2)}3b5f5260205ff3`, rules, state: listed });
    expect(bytesToBigint(returnData)).toBe(0n);
  });

  test('a transaction to an account delegated to it fails with the error and keeps its value', () => {
    const { outcome, world } = execute({}, { to: DELEGATED, value: 77n });
    expect(outcome).toMatchObject({
      status: 0,
      gasUsed: 21_000,
      failure: { reason: 'contract of another shard', remoteShard: 1 },
    });
    expect(bytesToHex(outcome.returnData)).toBe(REMOTE_ERROR);
    expect(world.balance(DELEGATED)).toBe(0n);
  });

  test('a revert that passes the error on names the shard', () => {
    const code = `0x5f5f5f5f73${REMOTE.slice(2)}5afa503d5f5f3e3d5ffd`;
    const { outcome } = execute({ [CONTRACT]: { code, nonce: 1n } }, { to: CONTRACT });
    expect(outcome.failure).toEqual({ reason: 'contract of another shard', remoteShard: 1 });
    // Solidity looks at EXTCODESIZE first: ISZERO, PUSH1 27, JUMPI, STOP, JUMPDEST, REVERT without data.
    const checking = `0x73${REMOTE.slice(2)}3b15601b57005b5f5ffd`;
    const { outcome: checked } = execute({ [CONTRACT]: { code: checking, nonce: 1n } }, { to: CONTRACT });
    expect(checked.failure).toEqual({ reason: 'execution reverted', remoteShard: 1 });
  });
});

describe('value for another shard', () => {
  test('is swept in the order of first touch, after self-destructs', () => {
    const OTHER: Address = '0x4e00000000000000000000000000000000000009';
    const pay = (to: Address, wei: string): string => `5f5f5f5f60${wei}73${to.slice(2)}5af150`;
    const code = `0x${pay(OTHER, '03')}${pay(STRANGER, '04')}${pay(OTHER, '01')}73${REMOTE.slice(2)}ff`;
    const { outcome, world } = execute({ [CONTRACT]: { code, nonce: 1n, balance: 100n } }, { to: CONTRACT });
    expect(outcome.status).toBe(1);
    expect(nonLocalBalances(world, rules)).toEqual([
      { address: OTHER, shard: 1, balance: 4n },
      { address: STRANGER, shard: 1, balance: 4n },
      { address: REMOTE, shard: 1, balance: 92n },
    ]);
    expect(nonLocalBalances(world, rules)).toEqual([]);
    expect(world.changes().accounts.has(OTHER)).toBe(false);
  });
});

describe('creations', () => {
  /** Init code of a contract with the code 0x00. */
  const INIT = '6001600c60003960016000f300';

  test('cost the directory gas, are listed inside the transaction, and come back in order', () => {
    const { outcome, world } = execute({}, { to: null, data: hexToBytes(`0x${INIT}`) });
    const plain = executeTransaction(
      testWorld({ [SENDER]: { balance: 10n ** 18n } }),
      environment,
      PLAIN_ETHEREUM,
      unsigned({ to: null, data: hexToBytes(`0x${INIT}`) }),
    );
    expect(outcome.status).toBe(1);
    expect(outcome.created).toEqual([outcome.createdAddress]);
    expect(outcome.gasUsed).toBe(plain.outcome.gasUsed + rules.creationGas);
    expect(world.storage(DIRECTORY, BigInt(outcome.createdAddress ?? 0))).toBe(1n);
    const directory = world.accessList().find((account) => account.address === DIRECTORY);
    expect(directory?.storageChanges).toEqual([
      { slot: BigInt(outcome.createdAddress ?? 0), changes: [{ index: 1, value: 1n }] },
    ]);
  });

  test('an undone creation is not listed, nor is one that destroys itself', () => {
    const failing = execute({}, { to: null, data: hexToBytes('0x5f5ffd') });
    expect(failing.outcome).toMatchObject({ status: 0, created: [], createdAddress: null });
    const destroyed = execute({}, { to: null, data: hexToBytes(`0x73${SENDER.slice(2)}ff`) });
    expect(destroyed.outcome).toMatchObject({ status: 1, created: [] });
    for (const { world } of [failing, destroyed]) expect([...world.changes().storage]).toEqual([]);
  });

  test('a contract that was just created is called at once, though its home is elsewhere', () => {
    const everywhere: ShardRules = {
      ...rules,
      residence: (state, address) => {
        const known = rules.residence(state, address);
        const isNew = state.storage(DIRECTORY, BigInt(address)) === 0n && address !== CONTRACT && address !== SENDER;
        return isNew ? { kind: 'remoteAccount', shard: 1 } : known;
      },
    };
    // The child returns 42. The creator calls it and returns its answer.
    const child = '602a5f5260205ff3';
    const init = `6008600c60003960086000f3${child}`;
    const create = `7f${init.padEnd(64, '0')}5f5260145f5ff0`;
    const code = `0x${create}60205f5f5f5f855af15060205ff3`;
    const { returnData, status } = callCode({ code, rules: everywhere, state: listed });
    expect(status).toBe('success');
    expect(bytesToBigint(returnData.subarray(0, 32))).toBe(42n);
  });
});

describe('a delivered call', () => {
  const target: TestState = {
    // SSTORE(0, CALLER), SSTORE(1, ORIGIN), SSTORE(2, CALLVALUE), SSTORE(3, BASEFEE)
    [CONTRACT]: { code: '0x335f55326001553460025548600355', nonce: 1n },
  };
  const delivered = (value: bigint, data: Uint8Array) => ({
    transaction: unsigned({ sender: STRANGER, nonce: 9n, to: CONTRACT, value, data, gasLimit: 200_000n }),
    effectiveGasPrice: 10n,
    sourceGasUsed: 21_000,
    floorGas: 21_000,
    sourceRefund: 12_500,
  });

  test('runs as the sender without touching its account; gas counts from the source’s', () => {
    const world = testWorld({ ...listed, ...target });
    const call = delivered(50n, new Uint8Array(0));
    const outcome = executeDelivered(world, { ...environment, baseFeePerGas: 9n }, rules, call, () => true);
    expect(outcome.status).toBe(1);
    expect(world.storage(CONTRACT, 0n)).toBe(BigInt(STRANGER));
    expect(world.storage(CONTRACT, 1n)).toBe(BigInt(STRANGER));
    expect(world.storage(CONTRACT, 2n)).toBe(50n);
    expect(world.storage(CONTRACT, 3n)).toBe(9n);
    expect(world.balance(CONTRACT)).toBe(50n);
    expect(world.accessList().some((account) => account.address === STRANGER)).toBe(false);
    const execution = 4 * 22_100 + 2 * 4 + 4 * 3 - 1;
    expect(outcome.gasUsed).toBe(21_000 + execution - 12_500);
  });

  test('a failure leaves neither value nor writes', () => {
    const code = '0x60015f555f5ffd';
    const world = testWorld({ [CONTRACT]: { code, nonce: 1n } });
    const outcome = executeDelivered(world, environment, rules, delivered(50n, new Uint8Array(0)), () => true);
    expect(outcome).toMatchObject({
      status: 0,
      logs: [],
      failure: { reason: 'execution reverted', remoteShard: null },
    });
    expect(world.changes().accounts.size).toBe(0);
  });
});
