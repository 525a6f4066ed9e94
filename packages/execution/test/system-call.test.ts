import { hexToBytes } from '@heddle/primitives';
import { HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { systemCall } from '../src/index.ts';
import { environment, testWorld } from './support/evm-world.ts';

const SYSTEM = '0xfffffffffffffffffffffffffffffffffffffffe';
/** EIP-2935: address and code. */
const HISTORY_STORAGE_ADDRESS_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500';

describe('system calls', () => {
  test('EIP-2935 stores the parent hash; the caller is not listed (EIP-7928)', () => {
    const world = testWorld({ [HISTORY_STORAGE_ADDRESS]: { nonce: 1n, code: HISTORY_STORAGE_ADDRESS_CODE } });
    const hash = `0x${'7b'.repeat(32)}`;
    systemCall(world, environment, world.account(HISTORY_STORAGE_ADDRESS), hexToBytes(hash));
    systemCall(world, { ...environment, number: 101n }, world.account(HISTORY_STORAGE_ADDRESS), hexToBytes(hash));
    expect(world.storage(HISTORY_STORAGE_ADDRESS, 99n)).toBe(BigInt(hash));
    const list = world.accessList();
    expect(list.map((account) => account.address)).toEqual([HISTORY_STORAGE_ADDRESS]);
    expect(list[0]?.storageChanges.map((change) => change.slot)).toEqual([99n, 100n]);
    expect(world.unrecorded.account(SYSTEM)).toBeNull();
  });

  test('nothing happens without code, and a failing call leaves nothing', () => {
    const world = testWorld({ [HISTORY_STORAGE_ADDRESS]: { nonce: 1n, code: '0x60015f555f5ffd' } });
    systemCall(world, environment, world.account(HISTORY_STORAGE_ADDRESS), new Uint8Array(32));
    systemCall(world, environment, world.account('0x00000000000000000000000000000000000000ff'), new Uint8Array(32));
    expect(world.changes().accounts.size).toBe(0);
  });

  test('what lasts for one transaction does not outlast the call', () => {
    // TLOAD(0) → SSTORE(0), TSTORE(0, 1)
    const world = testWorld({ [HISTORY_STORAGE_ADDRESS]: { nonce: 1n, code: '0x5f5c5f5560015f5d' } });
    for (let call = 0; call < 2; call++)
      systemCall(world, environment, world.account(HISTORY_STORAGE_ADDRESS), new Uint8Array(0));
    expect(world.storage(HISTORY_STORAGE_ADDRESS, 0n)).toBe(0n);
    expect(world.transient(world.account(HISTORY_STORAGE_ADDRESS), 0n)).toBe(0n);
    expect(world.isWarm(HISTORY_STORAGE_ADDRESS)).toBe(false);
  });
});
